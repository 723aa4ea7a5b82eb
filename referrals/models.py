"""Referrals: drafts, what was sent, who works on it, and what both sides say about it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from referrals.codes import Complexity, DeclineReason, EndReason, Priority, ReferralState

HASH_BYTES = 32
_OF_LISTS = (
    "ended_at",
    "sent_at",
    "id",
    "state",
    "next_due_on",
    "ends_soon_on",
    "reference",
    "contract_area_id",
    "is_restricted",
    "placed_at",
)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Referral(db.Model):
    """One person referred to one service. It holds a place in every state of `codes.HOLDING`.

    `needed_on` is the release date in custody and the day of sending in the community; with the
    priority's rank it orders the waiting list. `send_key` is the id of the draft that was sent,
    with a number for each further service: no draft is sent twice. `started_at` is the first
    attended meeting.
    `continues_id` is the case elsewhere that this one goes on with; it ended as transferred.
    `copied_from_id` is the ended referral whose copy was sent as this one. `settled_at`: of this
    declined referral its practitioner said that nothing more is to do.
    `author_id` sent it; `owner_id` is the practitioner it belongs to now, `deputy_id` who stands in
    for them. `batch_id` joins the referrals sent from one draft. `reserve_from` is the first day on
    which somebody in custody is given a place; None where a place may be given at once.
    `next_due_on` is when the first of its running clocks is due (`clocks.note_next` keeps it).
    `ends_soon_on` is the Monday from which the case counts as ending soon, and `is_indexed` says
    that it and the keys of the search are up to date; a job sees to both (decision 0037).
    """

    __tablename__ = "referral"
    __privacy__ = classified(
        none="id reference send_key state contract_area_id provider_id service_code "
        "organisation_id author_id owner_id deputy_id batch_id reserve_from copied_from_id "
        "settled_at is_unallocated continues_id delivery_unit_code is_restricted priority "
        "next_due_on is_indexed "
        "priority_rank needed_on sent_at placed_at accepted_at started_at concluding_at "
        "ended_at decline_reason end_reason",
        personal="ends_soon_on practitioner_role practitioner_base team_phone crn crn_hash name "
        "date_of_birth sex phone email safe_contact "
        "language practitioner_name practitioner_email practitioner_phone "
        "interpreter_language commitments",
        special="sentence_status relevant_sentence has_address expected_office whereabouts prison "
        "release_on release_unknown risk additional_needs accessibility sentence_ends_on "
        "rar_days rar_maximum support_flags before_allocation complete_by reason aims end_comment",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    send_key: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[ReferralState] = mapped_column(db_enum(ReferralState))
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    service_code: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    batch_id: Mapped[UUID | None]
    continues_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"), unique=True)
    copied_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    delivery_unit_code: Mapped[str] = mapped_column(String(100))
    is_restricted: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[Priority] = mapped_column(db_enum(Priority))
    priority_rank: Mapped[int]
    needed_on: Mapped[date]
    reserve_from: Mapped[date | None]
    next_due_on: Mapped[date | None]
    ends_soon_on: Mapped[date | None]
    is_indexed: Mapped[bool] = mapped_column(default=False)

    crn: Mapped[str] = mapped_column(Encrypted("referral.crn"))
    crn_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    name: Mapped[str] = mapped_column(Encrypted("referral.name"))
    date_of_birth: Mapped[str] = mapped_column(Encrypted("referral.date_of_birth"))
    sex: Mapped[str] = mapped_column(Encrypted("referral.sex"))
    phone: Mapped[str | None] = mapped_column(Encrypted("referral.phone"))
    email: Mapped[str | None] = mapped_column(Encrypted("referral.email"))
    safe_contact: Mapped[str | None] = mapped_column(Encrypted("referral.safe_contact"))
    language: Mapped[str] = mapped_column(Encrypted("referral.language"))
    whereabouts: Mapped[str] = mapped_column(Encrypted("referral.whereabouts"))
    prison: Mapped[str | None] = mapped_column(Encrypted("referral.prison"))
    release_on: Mapped[str | None] = mapped_column(Encrypted("referral.release_on"))
    release_unknown: Mapped[str | None] = mapped_column(Encrypted("referral.release_unknown"))
    has_address: Mapped[str | None] = mapped_column(Encrypted("referral.has_address"))
    expected_office: Mapped[str | None] = mapped_column(Encrypted("referral.expected_office"))
    is_unallocated: Mapped[bool] = mapped_column(default=False)
    practitioner_role: Mapped[str | None] = mapped_column(Encrypted("referral.practitioner_role"))
    practitioner_name: Mapped[str] = mapped_column(Encrypted("referral.practitioner_name"))
    practitioner_email: Mapped[str] = mapped_column(Encrypted("referral.practitioner_email"))
    practitioner_phone: Mapped[str | None] = mapped_column(Encrypted("referral.practitioner_phone"))
    practitioner_base: Mapped[str | None] = mapped_column(Encrypted("referral.practitioner_base"))
    team_phone: Mapped[str | None] = mapped_column(Encrypted("referral.team_phone"))
    before_allocation: Mapped[str | None] = mapped_column(Encrypted("referral.before_allocation"))
    risk: Mapped[str] = mapped_column(Encrypted("referral.risk"))
    support_flags: Mapped[str | None] = mapped_column(Encrypted("referral.support_flags"))
    additional_needs: Mapped[str | None] = mapped_column(Encrypted("referral.additional_needs"))
    accessibility: Mapped[str | None] = mapped_column(Encrypted("referral.accessibility"))
    interpreter_language: Mapped[str | None] = mapped_column(
        Encrypted("referral.interpreter_language")
    )
    commitments: Mapped[str | None] = mapped_column(Encrypted("referral.commitments"))
    sentence_status: Mapped[str | None] = mapped_column(Encrypted("referral.sentence_status"))
    relevant_sentence: Mapped[str | None] = mapped_column(Encrypted("referral.relevant_sentence"))
    sentence_ends_on: Mapped[str | None] = mapped_column(Encrypted("referral.sentence_ends_on"))
    rar_days: Mapped[str] = mapped_column(Encrypted("referral.rar_days"))
    rar_maximum: Mapped[str | None] = mapped_column(Encrypted("referral.rar_maximum"))
    complete_by: Mapped[str] = mapped_column(Encrypted("referral.complete_by"))
    reason: Mapped[str] = mapped_column(Encrypted("referral.reason"))
    aims: Mapped[str] = mapped_column(Encrypted("referral.aims"))

    sent_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    concluding_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    decline_reason: Mapped[DeclineReason | None] = mapped_column(db_enum(DeclineReason))
    end_reason: Mapped[EndReason | None] = mapped_column(db_enum(EndReason))
    end_comment: Mapped[str | None] = mapped_column(Encrypted("referral.end_comment"))

    __table_args__ = (
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="declined_why"),
        CheckConstraint(
            "(state IN ('withdrawn', 'ended_early')) = (end_reason IS NOT NULL)", name="ended_why"
        ),
        CheckConstraint(
            "(state IN ('completed', 'ended_early', 'declined', 'withdrawn'))"
            " = (ended_at IS NOT NULL)",
            name="ended_when",
        ),
        CheckConstraint("state != 'waiting' OR placed_at IS NULL", name="waiting_has_no_place"),
        CheckConstraint("settled_at IS NULL OR state = 'declined'", name="settled_was_declined"),
        Index("ix_referral_crn_hash", "crn_hash"),
        Index("ix_referral_copied_from", "copied_from_id", **_where("copied_from_id IS NOT NULL")),
        Index(
            "ix_referral_to_reroute",
            *("organisation_id", "delivery_unit_code", "owner_id"),
            **_where("state = 'declined' AND settled_at IS NULL"),
        ),
        Index(
            "ix_referral_queue",
            *("contract_area_id", "state", "priority_rank", "needed_on", "sent_at", "id"),
        ),
        Index("ix_referral_reserve_from", "reserve_from", **_where("state = 'waiting'")),
        Index("ix_referral_started", "contract_area_id", "started_at"),
        Index(
            "ix_referral_to_index",
            "sent_at",
            sqlite_where=text("is_indexed = 0"),
            postgresql_where=text("NOT is_indexed"),
        ),
        Index("ix_referral_owner", "owner_id", "ended_at", "sent_at"),
        Index(
            *("ix_referral_deputy", "deputy_id", "ended_at", "sent_at"),
            **_where("deputy_id IS NOT NULL"),
        ),
        Index("ix_referral_batch", "batch_id", **_where("batch_id IS NOT NULL")),
        Index("ix_referral_placed", "contract_area_id", "placed_at"),
        # All that a list sorts and filters by: a page of it is chosen from the index alone.
        Index("ix_referral_team", "organisation_id", "delivery_unit_code", *_OF_LISTS),
        Index("ix_referral_provider", "provider_id", *_OF_LISTS),
    )

    # What the keys of the search, and the day a case counts as ending soon, are made from.
    @validates(
        "crn", "name", "organisation_id", "delivery_unit_code", "contract_area_id", "complete_by"
    )
    def _indexed_anew(self, _name: str, value: Any) -> Any:
        self.is_indexed = False
        return value


class ReferralNeed(db.Model):
    """A need to be met, and how much support it takes."""

    __tablename__ = "referral_need"
    __privacy__ = classified(none="id referral_id position", special="need_code complexity")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    need_code: Mapped[str] = mapped_column(String(100))
    complexity: Mapped[Complexity] = mapped_column(db_enum(Complexity))
    position: Mapped[int]
    __table_args__ = (UniqueConstraint("referral_id", "need_code"),)


class ReferralOutcome(db.Model):
    """An outcome chosen for a need; positions on it are recorded in the course of the work.

    `dropped_at`: it is no longer chosen; what was recorded of it stays.
    """

    __tablename__ = "referral_outcome"
    __privacy__ = classified(
        none="id referral_id position dropped_at", special="need_code outcome_code description"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    need_code: Mapped[str] = mapped_column(String(100))
    outcome_code: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(Encrypted("referral_outcome.description"))
    position: Mapped[int]
    dropped_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("referral_id", "outcome_code"),)


class NamedPerson(db.Model):
    """Somebody on the practitioner's side who may see a restricted case, besides its author."""

    __tablename__ = "referral_named_person"
    __privacy__ = classified(none="id referral_id person_id")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (UniqueConstraint("referral_id", "person_id"),)


class Caseworker(db.Model):
    """Somebody who works on a case, for the provider or a partner in its area; `until` None while.

    `organisation_id` is the one they work for there.
    """

    __tablename__ = "referral_caseworker"
    __privacy__ = classified(none="id referral_id person_id organisation_id since until")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_referral_caseworker_now",
            "referral_id",
            "person_id",
            unique=True,
            **_where("until IS NULL"),
        ),
        Index("ix_referral_caseworker_referral", "referral_id"),
        Index("ix_referral_caseworker_person", "person_id", "until"),
    )


class MessageKind(StrEnum):
    """What was written between the two sides."""

    QUERY = "query"
    REPLY = "reply"


MESSAGE_KINDS = {MessageKind.QUERY: _l("Question"), MessageKind.REPLY: _l("Reply")}


class ReferralMessage(db.Model):
    """A provider's question before it decides, or the practitioner's reply."""

    __tablename__ = "referral_message"
    __privacy__ = classified(none="id referral_id kind by_id at", special="text")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[MessageKind] = mapped_column(db_enum(MessageKind))
    text: Mapped[str] = mapped_column(Encrypted("referral_message.text"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_referral_message_referral", "referral_id", "at"),)


class ClockKind(StrEnum):
    """What is due by when (domain, section 8)."""

    RESPONSE = "response"
    CONTACT = "contact"
    ASSESSMENT = "assessment"
    FEEDBACK = "feedback"
    PLAN = "plan"
    REPORT = "report"


CLOCK_KINDS = {
    ClockKind.RESPONSE: _l("Answer the referral"),
    ClockKind.CONTACT: _l("Arrange the first meeting"),
    ClockKind.ASSESSMENT: _l("Hold the initial assessment"),
    ClockKind.FEEDBACK: _l("Record what came of a session"),
    ClockKind.PLAN: _l("Agree the action plan"),
    ClockKind.REPORT: _l("Send the end of service report"),
}


_LATE = _where("stopped_on IS NULL AND paused_on IS NULL AND escalated_at IS NULL")


class ReferralClock(db.Model):
    """One clock: `due_on` is the last day in time, `paused_on` when the count was halted.

    A clock for feedback belongs to one session; every other kind runs once for each referral.
    `lapsed`: it stopped because nothing was due any more, and counts in no figure.
    `escalated_at`: it ran out, and those who answer for it have been told.
    """

    __tablename__ = "referral_clock"
    __privacy__ = classified(
        none="id referral_id session_id kind started_on due_on paused_on stopped_on lapsed "
        "escalated_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[ClockKind] = mapped_column(db_enum(ClockKind))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_session.id"))
    started_on: Mapped[date]
    due_on: Mapped[date]
    paused_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
    lapsed: Mapped[bool] = mapped_column(default=False)
    escalated_at: Mapped[datetime | None]

    @property
    def was_late(self) -> bool:
        """Whether it stopped too late; one stopped while paused had stood still since the pause."""
        if self.stopped_on is None or self.lapsed:
            return False
        return (self.paused_on or self.stopped_on) > self.due_on

    __table_args__ = (
        CheckConstraint("NOT lapsed OR stopped_on IS NOT NULL", name="lapsed_is_stopped"),
        CheckConstraint(
            "(kind = 'feedback') = (session_id IS NOT NULL)", name="feedback_of_session"
        ),
        Index(
            "uq_referral_clock_kind",
            "referral_id",
            "kind",
            unique=True,
            **_where("session_id IS NULL"),
        ),
        Index(
            "uq_referral_clock_session",
            "session_id",
            unique=True,
            **_where("session_id IS NOT NULL"),
        ),
        Index("ix_referral_clock_referral", "referral_id", "due_on"),
        Index("ix_referral_clock_to_escalate", "due_on", **_LATE),
    )


class TeamMember(db.Model):
    """The delivery unit somebody says they work in; confirmed, its cases are their team's."""

    __tablename__ = "referral_team_member"
    __privacy__ = classified(
        none="id person_id organisation_id delivery_unit_code since confirmed_at confirmed_by_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    delivery_unit_code: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"
        ),
        Index("ix_referral_team_member_organisation", "organisation_id", "confirmed_at"),
    )
