"""What is bought: a lot with its areas, outcomes, criteria, questions and demands."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.prices.models import PRICE_RULES, LotBand, PriceTerms
from lots.vocabulary import (
    CustodyClocks,
    Demand,
    DocumentKind,
    EndReason,
    Level,
    LotState,
    OnwardSharing,
    PaymentProfile,
    PriceBasis,
    Route,
    Source,
    TieRule,
    Transfer,
)
from marketplace.acting import Role
from marketplace.database import classified, db, db_enum, new_id
from marketplace.files.models import File
from marketplace.organisations.models import Organisation

if TYPE_CHECKING:
    from lots.competition.models import Competition
    from lots.funding.models import Fund, LotFunder, LotSignature


class Lot(PriceTerms, db.Model):
    """One service to be bought in one or more areas.

    `value_net_pence` is the net value of the initial term; `value_gross_pence` the whole-life value
    with VAT and every option, by which caps and thresholds are judged. `guaranteed_pence` is the
    least the provider is paid over the initial term. `starts_…` are people expected to start in a
    month. `opens_on` is expected, `opens_at` approved. `transfer` says whether staff move under
    TUPE. `custody_days` before release somebody in custody is given a place; None at sending. A
    standstill that a challenge pauses has no end, only days left. `end_note` says in words
    why it was cancelled. The two key pairs seal bids and prices; their private halves are stored
    wrapped, or, where the lot `splits_key`, in shares of its key holders only (`lots.keyholders`).
    """

    __tablename__ = "lot"
    __privacy__ = classified(
        none="id reference title summary state lead_buyer_id service_code cohort min_age max_age "
        "whole_region_reason route contract_reason value_net_pence value_gross_pence term_months "
        "price_basis expected_starts starts_on opens_on closes_at questions_until price_weight "
        "tie_rule standstill_working_days standstill_ends_on standstill_paused_at "
        "standstill_days_left public_key wrapped_private_key "
        "price_public_key wrapped_price_key splits_key source is_demonstration drafted_by_id "
        "copied_from_id competition_id "
        "statuses custody_days custody_clocks eligibility_note "
        "extension_months extension_times guaranteed_pence "
        "payment_profile voluntary_share_percent starts_low starts_medium starts_high "
        "mobilisation_weeks transfer transfer_liabilities forbids_speaking publicity_terms "
        "onward_sharing data_terms grant_test fund_id signatures_asked_at expected_bidders "
        "opens_at approved_at approved_by_id created_at planned_at published_at published_by_id "
        "closed_at decided_at awarded_at ended_at end_reason end_note policy_version "
        + PriceTerms.PRICE_COLUMNS
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[LotState] = mapped_column(db_enum(LotState), default=LotState.DRAFT)
    lead_buyer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    service_code: Mapped[str] = mapped_column(String(60))
    cohort: Mapped[str | None] = mapped_column(String(60))
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    whole_region_reason: Mapped[str] = mapped_column(Text, default="")
    route: Mapped[Route] = mapped_column(db_enum(Route), default=Route.GRANT)
    contract_reason: Mapped[str] = mapped_column(Text, default="")
    value_net_pence: Mapped[int | None] = mapped_column(BigInteger)
    value_gross_pence: Mapped[int | None] = mapped_column(BigInteger)
    term_months: Mapped[int | None]
    price_basis: Mapped[PriceBasis] = mapped_column(
        db_enum(PriceBasis), default=PriceBasis.MONTHLY_FEE
    )
    expected_starts: Mapped[int | None]
    statuses: Mapped[list[str]] = mapped_column(JSON, default=list)
    custody_days: Mapped[int | None]
    custody_clocks: Mapped[CustodyClocks] = mapped_column(
        db_enum(CustodyClocks), default=CustodyClocks.AT_SENDING
    )
    eligibility_note: Mapped[str] = mapped_column(Text, default="")
    extension_months: Mapped[int] = mapped_column(default=0)
    extension_times: Mapped[int] = mapped_column(default=0)
    guaranteed_pence: Mapped[int | None] = mapped_column(BigInteger)
    payment_profile: Mapped[PaymentProfile] = mapped_column(
        db_enum(PaymentProfile), default=PaymentProfile.MONTHLY_IN_ADVANCE
    )
    voluntary_share_percent: Mapped[int | None]
    starts_low: Mapped[int | None]
    starts_medium: Mapped[int | None]
    starts_high: Mapped[int | None]
    mobilisation_weeks: Mapped[int | None]
    transfer: Mapped[Transfer | None] = mapped_column(db_enum(Transfer))
    transfer_liabilities: Mapped[str] = mapped_column(Text, default="")
    forbids_speaking: Mapped[bool] = mapped_column(default=False)
    publicity_terms: Mapped[str] = mapped_column(Text, default="")
    onward_sharing: Mapped[OnwardSharing] = mapped_column(
        db_enum(OnwardSharing), default=OnwardSharing.NONE
    )
    data_terms: Mapped[str] = mapped_column(Text, default="")
    grant_test: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    fund_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund.id"), index=True)
    signatures_asked_at: Mapped[datetime | None]
    expected_bidders: Mapped[int | None]
    starts_on: Mapped[date | None]
    opens_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    opens_on: Mapped[date | None]
    closes_at: Mapped[datetime | None]
    questions_until: Mapped[datetime | None]
    price_weight: Mapped[int | None]
    tie_rule: Mapped[TieRule] = mapped_column(db_enum(TieRule), default=TieRule.HIGHER_QUALITY)
    standstill_working_days: Mapped[int] = mapped_column(default=8)
    standstill_ends_on: Mapped[date | None]
    standstill_paused_at: Mapped[datetime | None]
    standstill_days_left: Mapped[int | None]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    wrapped_private_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    price_public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    wrapped_price_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    splits_key: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Source] = mapped_column(db_enum(Source), default=Source.OWN)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    drafted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    copied_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    competition_id: Mapped[UUID | None] = mapped_column(ForeignKey("competition.id"), index=True)
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    awarded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None] = mapped_column(db_enum(EndReason))
    end_note: Mapped[str] = mapped_column(Text, default="")
    policy_version: Mapped[int | None]

    lead_buyer: Mapped[Organisation] = relationship()
    areas: Mapped[list[LotArea]] = relationship(
        order_by="LotArea.region_code, LotArea.area_code", cascade="all, delete-orphan"
    )
    criteria: Mapped[list[LotCriterion]] = relationship(
        order_by="LotCriterion.position", cascade="all, delete-orphan"
    )
    editors: Mapped[list[LotEditor]] = relationship(viewonly=True)
    questions: Mapped[list[LotQuestion]] = relationship(
        order_by="LotQuestion.position", cascade="all, delete-orphan"
    )
    outcomes: Mapped[list[LotOutcome]] = relationship(
        order_by="LotOutcome.outcome_code", cascade="all, delete-orphan"
    )
    bands: Mapped[list[LotBand]] = relationship(
        order_by=LotBand.above, cascade="all, delete-orphan"
    )
    demands: Mapped[list[LotDemand]] = relationship(
        order_by="LotDemand.position", cascade="all, delete-orphan"
    )
    overrides: Mapped[list[LotOverride]] = relationship(
        order_by="LotOverride.given_at", viewonly=True
    )
    documents: Mapped[list[LotDocument]] = relationship(
        order_by="LotDocument.position", cascade="all, delete-orphan"
    )
    fund: Mapped[Fund | None] = relationship(viewonly=True)
    competition: Mapped[Competition | None] = relationship(viewonly=True)
    funders: Mapped[list[LotFunder]] = relationship(
        order_by="LotFunder.invited_at, LotFunder.id", viewonly=True
    )
    signatures: Mapped[list[LotSignature]] = relationship(
        order_by="LotSignature.signed_at", viewonly=True
    )

    __table_args__ = (
        CheckConstraint("value_net_pence >= 0", name="net_not_negative"),
        CheckConstraint("value_gross_pence >= value_net_pence", name="gross_covers_net"),
        CheckConstraint("term_months > 0", name="term_positive"),
        CheckConstraint("price_weight BETWEEN 0 AND 100", name="price_weight_percent"),
        CheckConstraint("standstill_working_days >= 0", name="standstill_not_negative"),
        CheckConstraint(
            "(standstill_paused_at IS NULL) = (standstill_days_left IS NULL)", name="pause_whole"
        ),
        CheckConstraint(
            "standstill_paused_at IS NULL OR standstill_ends_on IS NULL", name="paused_has_no_end"
        ),
        CheckConstraint("min_age <= max_age", name="ages_in_order"),
        CheckConstraint("custody_days BETWEEN 0 AND 365", name="custody_days_of_a_year"),
        CheckConstraint("extension_months >= 0", name="extension_not_negative"),
        CheckConstraint("guaranteed_pence <= value_net_pence", name="guarantee_within_value"),
        CheckConstraint(
            "voluntary_share_percent BETWEEN 0 AND 100", name="voluntary_share_percent_sensible"
        ),
        CheckConstraint(
            "state <> 'open' OR (closes_at IS NOT NULL AND public_key IS NOT NULL)",
            name="open_is_sealed",
        ),
        CheckConstraint(
            "state <> 'approved' OR (opens_at IS NOT NULL AND approved_by_id IS NOT NULL)",
            name="approved_has_opening",
        ),
        Index("ix_lot_state_closes_at", "state", "closes_at"),
        Index("ix_lot_lead_buyer_id_state", "lead_buyer_id", "state"),
        Index("ix_lot_state_opens_at", "state", "opens_at"),
        Index("ix_lot_service_code", "service_code"),
        Index("ix_lot_route", "route"),
        *PRICE_RULES,
    )


class LotEditor(db.Model):
    """Somebody who wrote in a draft, and so does not publish it (four eyes)."""

    __tablename__ = "lot_editor"
    __privacy__ = classified(none="lot_id person_id")
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)


class LotArea(db.Model):
    """Where places are bought: a PCC area, or the whole region where `area_code` is None."""

    __tablename__ = "lot_area"
    __privacy__ = classified(none="id lot_id region_code area_code places")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    region_code: Mapped[str] = mapped_column(String(10))
    area_code: Mapped[str | None] = mapped_column(String(60))
    places: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("lot_id", "region_code", "area_code"),
        CheckConstraint("places > 0", name="places_positive"),
        Index("ix_lot_area_area_code", "area_code"),
        Index("ix_lot_area_region_code", "region_code"),
    )


class LotCriterion(db.Model):
    """What is judged, and how many of the 100 points it carries."""

    __tablename__ = "lot_criterion"
    __privacy__ = classified(none="id lot_id name weight position")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    name: Mapped[str] = mapped_column(String(200))
    weight: Mapped[int]
    position: Mapped[int]

    __table_args__ = (
        UniqueConstraint("lot_id", "position"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight_percent"),
    )


class LotOutcome(db.Model):
    """One outcome that the service is to achieve.

    `paid_number` is how often it is expected over the initial term, where it is paid for, and
    `factor` its price in percent of the price of an outcome.
    """

    __tablename__ = "lot_outcome"
    __privacy__ = classified(none="lot_id outcome_code paid_number factor")
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    outcome_code: Mapped[str] = mapped_column(String(100), primary_key=True)
    paid_number: Mapped[int | None]
    factor: Mapped[int] = mapped_column(default=100)

    __table_args__ = (
        CheckConstraint("paid_number > 0", name="paid_number_positive"),
        CheckConstraint("factor BETWEEN 1 AND 1000", name="factor_sensible"),
    )


class LotDemand(db.Model):
    """Something asked of bidders besides answers, such as a turnover or a certificate.

    `least_pence` belongs to a turnover; `or_equivalent` says that a certificate's equivalent, or a
    plan to get there, is accepted.
    """

    __tablename__ = "lot_demand"
    __privacy__ = classified(none="id lot_id kind text least_pence or_equivalent position")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[Demand] = mapped_column(db_enum(Demand))
    text: Mapped[str] = mapped_column(Text, default="")
    least_pence: Mapped[int | None] = mapped_column(BigInteger)
    or_equivalent: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]

    __table_args__ = (
        UniqueConstraint("lot_id", "position"),
        CheckConstraint("kind <> 'turnover' OR least_pence > 0", name="turnover_has_amount"),
    )


class LotQuestion(db.Model):
    """What every bidder answers, in at most `word_limit` words, judged under one criterion.

    `concept` is what an answer is about, whatever the wording; `risk` what the question controls.
    """

    __tablename__ = "lot_question"
    __privacy__ = classified(
        none="id lot_id criterion_id text guidance word_limit position concept risk why"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("lot_criterion.id"))
    text: Mapped[str] = mapped_column(Text)
    guidance: Mapped[str] = mapped_column(Text, default="")
    word_limit: Mapped[int]
    position: Mapped[int]
    concept: Mapped[str] = mapped_column(String(60), default="")
    risk: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")

    criterion: Mapped[LotCriterion] = relationship()

    __table_args__ = (
        UniqueConstraint("lot_id", "position"),
        CheckConstraint("word_limit BETWEEN 1 AND 10000", name="word_limit_sensible"),
        Index("ix_lot_question_criterion_id", "criterion_id"),
    )


class LotDocument(db.Model):
    """A file that everybody may read with the lot."""

    __tablename__ = "lot_document"
    __privacy__ = classified(none="id lot_id file_id title kind position")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey(File.id), index=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[DocumentKind] = mapped_column(db_enum(DocumentKind))
    position: Mapped[int]

    file: Mapped[File] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("lot_id", "position"),)


class LotOverride(db.Model):
    """The decider opens a lot against a rule, for a reason that its page shows.

    `figures` are what the finding was judged on; the override is void once one of them is worse.
    `role` is the decider's role, which the public reads instead of a name.
    """

    __tablename__ = "lot_override"
    __privacy__ = classified(
        none="id lot_id rule_code level figures policy_version reason given_at given_by_id role "
        "withdrawn_at withdrawn_by_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    rule_code: Mapped[str] = mapped_column(String(60))
    level: Mapped[Level] = mapped_column(db_enum(Level))
    figures: Mapped[dict[str, int]] = mapped_column(JSON)
    policy_version: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    given_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(db_enum(Role))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("level <> 'off'", name="of_a_rule_in_force"),
        Index("ix_lot_override_lot_id_given_at", "lot_id", "given_at"),
    )
