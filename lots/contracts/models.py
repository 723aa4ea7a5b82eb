"""Contracts and grants in life: what was agreed, who signed, and the places in each area."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.vocabulary import CustodyClocks, PriceBasis, Route, Source
from marketplace.acting import Role
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class ContractState(StrEnum):
    """Where a contract stands (domain, section 7)."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    MOBILISING = "mobilising"
    LIVE = "live"
    ENDING = "ending"
    ENDED = "ended"
    TERMINATED = "terminated"


CONTRACT_STATES = {
    ContractState.DRAFTED: _l("Waiting for signatures"),
    ContractState.SIGNED: _l("Signed"),
    ContractState.MOBILISING: _l("Getting ready"),
    ContractState.LIVE: _l("Live"),
    ContractState.ENDING: _l("Ending"),
    ContractState.ENDED: _l("Ended"),
    ContractState.TERMINATED: _l("Terminated"),
}


class ValueKind(StrEnum):
    """Whether a value was published as awarded, or as a prediction of what will be used."""

    AWARDED = "awarded"
    PREDICTED = "predicted"


VALUE_KINDS = {
    ValueKind.AWARDED: _l("Awarded value"),
    ValueKind.PREDICTED: _l("Value as predicted at the award"),
}


class Side(StrEnum):
    """The two sides of a contract."""

    BUYER = "buyer"
    PROVIDER = "provider"


SIDES = {Side.BUYER: _l("Buyer"), Side.PROVIDER: _l("Provider")}


class PauseReason(StrEnum):
    """Why a provider takes nobody new for a while."""

    STAFFING = "staffing"
    PREMISES = "premises"
    SAFEGUARDING = "safeguarding"
    OTHER = "other"


PAUSE_REASONS = {
    PauseReason.STAFFING: _l("Not enough staff"),
    PauseReason.PREMISES: _l("Premises not available"),
    PauseReason.SAFEGUARDING: _l("A safety or safeguarding matter"),
    PauseReason.OTHER: _l("Another reason, told to the contract manager"),
}


class ItemKind(StrEnum):
    """What must be in place before referrals open (the mobilisation gate)."""

    INSURANCE = "insurance"
    VETTING = "vetting"
    DATA_PROTECTION = "data_protection"
    PLACES = "places"


ITEM_KINDS = {
    ItemKind.INSURANCE: _l("Insurance evidence"),
    ItemKind.VETTING: _l("Staff vetting"),
    ItemKind.DATA_PROTECTION: _l("Data protection"),
    ItemKind.PLACES: _l("Places set in every area"),
}

# Who confirms each: the provider brings its evidence, the buyer says that vetting is cleared.
CONFIRMED_BY = {
    ItemKind.INSURANCE: Side.PROVIDER,
    ItemKind.VETTING: Side.BUYER,
    ItemKind.DATA_PROTECTION: Side.PROVIDER,
    ItemKind.PLACES: Side.PROVIDER,
}


class Contract(db.Model):
    """One awarded contract or grant: a published award line, or one born of a lot here.

    Pence throughout. `value_pence` is net for own contracts, over `value_term_months`. Own ones
    carry the price of their basis and their three accounts; published ones have none. Whom it takes
    stands here as the lot said it: ages, points of a sentence (none named: all), and how many days
    before release somebody in custody is given a place (None: at sending). `guaranteed_pence` is
    the least that is paid over its term, net; `vat_percent` is added to what is paid. Prices rise
    by `index_points` (hundredths of a percent) each year, first on `indexed_from`. `settled_at` is
    when its last claim was made: nothing is claimed afterwards.
    """

    __tablename__ = "contract"
    __privacy__ = classified(
        none="id reference lot_id provider_id buyer_id state route service_code value_pence "
        "value_kind value_term_months price_basis unit_price_pence monthly_fee_pence starts_on "
        "ends_on min_age max_age statuses custody_days custody_clocks "
        "text text_hash drawn_up_at signed_at live_at ending_at ended_at terminated_at settled_at "
        "source award_line guaranteed_pence vat_percent indexed_from index_points cost_account_id "
        "vat_account_id funded_account_id payable_account_id paid_account_id is_demonstration"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ContractState] = mapped_column(
        db_enum(ContractState), default=ContractState.DRAFTED
    )
    route: Mapped[Route] = mapped_column(db_enum(Route), default=Route.CONTRACT)
    service_code: Mapped[str] = mapped_column(String(60))
    value_pence: Mapped[int] = mapped_column(BigInteger)
    value_kind: Mapped[ValueKind] = mapped_column(db_enum(ValueKind), default=ValueKind.AWARDED)
    value_term_months: Mapped[int]
    price_basis: Mapped[PriceBasis | None] = mapped_column(db_enum(PriceBasis))
    unit_price_pence: Mapped[int | None] = mapped_column(BigInteger)
    monthly_fee_pence: Mapped[int | None] = mapped_column(BigInteger)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    statuses: Mapped[list[str]] = mapped_column(JSON, default=list)
    custody_days: Mapped[int | None]
    custody_clocks: Mapped[CustodyClocks] = mapped_column(
        db_enum(CustodyClocks), default=CustodyClocks.AT_SENDING
    )
    text: Mapped[str] = mapped_column(Text, default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    drawn_up_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    ending_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    terminated_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    source: Mapped[Source] = mapped_column(db_enum(Source), default=Source.OWN)
    award_line: Mapped[str | None] = mapped_column(String(40), unique=True)
    guaranteed_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    vat_percent: Mapped[int] = mapped_column(default=0)
    indexed_from: Mapped[date | None]
    index_points: Mapped[int] = mapped_column(default=0)
    cost_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    vat_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    funded_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    payable_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    paid_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    areas: Mapped[list[ContractArea]] = relationship(
        back_populates="contract", order_by="ContractArea.region_code, ContractArea.area_code"
    )

    @property
    def accounts(self) -> tuple[UUID, UUID, UUID]:
        """Its cost, what is owed, what is paid outside. Raises ValueError for a published one."""
        if not (self.cost_account_id and self.payable_account_id and self.paid_account_id):
            raise ValueError(f"{self.reference} was published, and has no accounts")
        return self.cost_account_id, self.payable_account_id, self.paid_account_id

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("value_pence >= 0", name="value_not_negative"),
        CheckConstraint("value_term_months > 0", name="term_positive"),
        CheckConstraint("guaranteed_pence >= 0", name="guarantee_not_negative"),
        CheckConstraint("vat_percent BETWEEN 0 AND 100", name="vat_sensible"),
        CheckConstraint("index_points BETWEEN 0 AND 2000", name="index_sensible"),
        CheckConstraint("custody_days BETWEEN 0 AND 365", name="custody_days_of_a_year"),
        CheckConstraint(
            "(price_basis IS NULL AND unit_price_pence IS NULL AND monthly_fee_pence IS NULL)"
            " OR (price_basis = 'per_start' AND unit_price_pence >= 0"
            " AND monthly_fee_pence IS NULL)"
            " OR (price_basis = 'monthly_fee' AND monthly_fee_pence >= 0"
            " AND unit_price_pence IS NULL)"
            " OR (price_basis IN ('per_outcome', 'in_advance', 'mixed')"
            " AND unit_price_pence IS NULL AND monthly_fee_pence IS NULL)",
            name="price_of_its_basis",
        ),
        CheckConstraint("source = 'published' OR price_basis IS NOT NULL", name="own_has_price"),
        CheckConstraint(
            "(state = 'terminated') = (terminated_at IS NOT NULL)", name="terminated_when"
        ),
        CheckConstraint("settled_at IS NULL OR ended_at IS NOT NULL", name="settled_after_end"),
        Index("ix_contract_provider", "provider_id", "state"),
        Index("ix_contract_buyer", "buyer_id", "state"),
        Index("ix_contract_service", "service_code", "state"),
        Index("ix_contract_dates", "starts_on", "ends_on"),
    )


class ContractArea(db.Model):
    """One service in one area (None: the whole region) for one cohort (None: everybody).

    `places` is the limit in force, `contracted_places` what the contract says, `wanted_places` a
    lower limit waiting for cases to end, None where none is. Whether it takes people is decided
    on this row alone: opened, not stopped by a notice (continuity), not closed, in its dates, not
    paused, a place free.
    """

    __tablename__ = "contract_area"
    __privacy__ = classified(
        none="id contract_id area_code region_code cohort starts_on ends_on contracted_places "
        "places wanted_places reserved places_set_at paused_until pause_reason opened_at "
        "stopped_at closed_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    area_code: Mapped[str | None] = mapped_column(String(60))
    region_code: Mapped[str] = mapped_column(String(10))
    cohort: Mapped[str | None] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    contracted_places: Mapped[int] = mapped_column(default=0)
    places: Mapped[int] = mapped_column(default=0)
    wanted_places: Mapped[int | None]
    reserved: Mapped[int] = mapped_column(default=0)
    places_set_at: Mapped[datetime | None]
    paused_until: Mapped[date | None]
    pause_reason: Mapped[PauseReason | None] = mapped_column(db_enum(PauseReason))
    opened_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship(back_populates="areas")

    @property
    def free(self) -> int:
        """Places that nobody holds, whether or not people are taken at present."""
        return self.places - self.reserved

    __table_args__ = (
        CheckConstraint("0 <= reserved AND reserved <= places", name="reserved_within_places"),
        # Above it only while cases end, after a signed change to fewer places than are held.
        CheckConstraint(
            "places <= contracted_places OR"
            " (wanted_places IS NOT NULL AND wanted_places <= contracted_places)",
            name="places_within_contract",
        ),
        CheckConstraint(
            "wanted_places IS NULL OR (0 <= wanted_places AND wanted_places < places)",
            name="wanted_below_places",
        ),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(paused_until IS NULL) = (pause_reason IS NULL)", name="pause_has_reason"),
        Index("ix_contract_area_where", "region_code", "area_code", "id"),
    )


class ContractSignature(db.Model):
    """One side's signature: the typed name, who typed it, and the hash of the text they saw."""

    __tablename__ = "contract_signature"
    __privacy__ = classified(
        none="id contract_id side person_id role text_hash at", personal="name"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    side: Mapped[Side] = mapped_column(db_enum(Side))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(db_enum(Role))
    name: Mapped[str] = mapped_column(Encrypted("contract_signature.name"))
    text_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("contract_id", "side"),)


class MobilisationItem(db.Model):
    """One line of the mobilisation gate, and who confirmed it when."""

    __tablename__ = "mobilisation_item"
    __privacy__ = classified(
        none="id contract_id kind confirmed_by_id confirmed_at", personal="evidence"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    kind: Mapped[ItemKind] = mapped_column(db_enum(ItemKind))
    evidence: Mapped[str | None] = mapped_column(Encrypted("mobilisation_item.evidence"))
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship()

    __table_args__ = (
        UniqueConstraint("contract_id", "kind"),
        CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"
        ),
    )
