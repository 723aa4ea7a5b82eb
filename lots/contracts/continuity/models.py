"""A continuity act, the areas it has stopped, and the open cases that it asks a decision of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.models import Contract, ContractArea
from marketplace.calendar import day_of
from marketplace.database import classified, db, db_enum, new_id


class ActKind(StrEnum):
    """What is about to happen to the service (domain, section 7)."""

    ENDING = "ending"
    SUSPENSION = "suspension"
    AREA_LOSS = "area_loss"
    EMERGENCY = "emergency"


ACT_KINDS = {
    ActKind.ENDING: _l("The contract ends"),
    ActKind.SUSPENSION: _l("The service is suspended"),
    ActKind.AREA_LOSS: _l("One area leaves the contract early"),
    ActKind.EMERGENCY: _l("Emergency stop"),
}
# After these the contract is over; a suspension is lifted again, the loss of an area leaves others.
ENDS_CONTRACT = (ActKind.ENDING, ActKind.EMERGENCY)


class ActReason(StrEnum):
    """Why; published with the act, never about a person."""

    PROVIDER_WITHDRAWS = "provider_withdraws"
    PERFORMANCE = "performance"
    FUNDING = "funding"
    NEED_CHANGED = "need_changed"
    REORGANISED = "reorganised"
    STAFFING = "staffing"
    EXPIRES = "expires"
    INSOLVENCY = "insolvency"
    SAFEGUARDING = "safeguarding"
    OTHER = "other"


ACT_REASONS = {
    ActReason.PROVIDER_WITHDRAWS: _l("The provider asked to leave"),
    ActReason.PERFORMANCE: _l("The service was not delivered as agreed"),
    ActReason.FUNDING: _l("The money for it has ended"),
    ActReason.NEED_CHANGED: _l("The need has changed"),
    ActReason.REORGANISED: _l("The service is being arranged in another way"),
    ActReason.STAFFING: _l("There are not enough staff"),
    ActReason.EXPIRES: _l("The contract reaches its last day"),
    ActReason.INSOLVENCY: _l("The provider is insolvent"),
    ActReason.SAFEGUARDING: _l("People may not be safe"),
    ActReason.OTHER: _l("Another reason, told to the provider"),
}
EMERGENCY_REASONS = (ActReason.INSOLVENCY, ActReason.SAFEGUARDING)
# The system alone gives this one, to a contract that runs out.
NOBODY_GIVES = (ActReason.INSOLVENCY, ActReason.EXPIRES)


class CancelReason(StrEnum):
    """Why an act is taken back before it is complete."""

    RESOLVED = "resolved"
    AGREED = "agreed"
    NOT_CONFIRMED = "not_confirmed"
    MISTAKE = "mistake"


CANCEL_REASONS = {
    CancelReason.RESOLVED: _l("What led to it has been put right"),
    CancelReason.AGREED: _l("Both sides agreed to go on"),
    CancelReason.NOT_CONFIRMED: _l("It is not confirmed"),
    CancelReason.MISTAKE: _l("It was given by mistake"),
}


class ActState(StrEnum):
    """Where an act stands. `completed` means in force for a suspension."""

    PROPOSED = "proposed"
    NOTICED = "noticed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RESUMED = "resumed"
    REPLACED = "replaced"


ACT_STATES = {
    ActState.PROPOSED: _l("Waiting to be confirmed"),
    ActState.NOTICED: _l("Notice given"),
    ActState.COMPLETED: _l("In effect"),
    ActState.CANCELLED: _l("Cancelled"),
    ActState.RESUMED: _l("Service resumed"),
    ActState.REPLACED: _l("Replaced by a later notice"),
}


class Decision(StrEnum):
    """What becomes of a case; `ended` is what cases do by themselves meanwhile."""

    TRANSFER = "transfer"
    EARLY_CLOSE = "early_close"
    RUN_OFF = "run_off"
    ENDED = "ended"


DECISIONS = {
    Decision.TRANSFER: _l("Moved to another service"),
    Decision.EARLY_CLOSE: _l("Closed by its practitioner"),
    Decision.RUN_OFF: _l("Stays until it ends"),
    Decision.ENDED: _l("Ended in the meantime"),
}


def last_day(due_at: datetime) -> date:
    """The last day in time, where what is due is late from this moment."""
    return day_of(due_at - timedelta(microseconds=1))


class ContinuityAct(db.Model):
    """Notice that a contract, or one area of it, ends, is suspended, or stops at once.

    `contract_area_id` None means every area. It takes effect on `effective_on`, once no case is
    undecided; decisions are wanted by `due_at`. `late_told_at`: the buyer heard that some are late.
    `proposed_by_id` None: the system, where a contract runs out or a notice is given again.
    """

    __tablename__ = "continuity_act"
    __privacy__ = classified(
        none="id contract_id contract_area_id kind reason state effective_on proposed_at "
        "proposed_by_id notice_at notice_by_id due_at late_told_at completed_at cancelled_at "
        "cancel_reason resumed_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    contract_area_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract_area.id"))
    kind: Mapped[ActKind] = mapped_column(db_enum(ActKind))
    reason: Mapped[ActReason] = mapped_column(db_enum(ActReason))
    state: Mapped[ActState] = mapped_column(db_enum(ActState), default=ActState.PROPOSED)
    effective_on: Mapped[date]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    notice_at: Mapped[datetime | None]
    notice_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime | None]
    late_told_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[CancelReason | None] = mapped_column(db_enum(CancelReason))
    resumed_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship()
    contract_area: Mapped[ContractArea | None] = relationship()

    @property
    def runs_out(self) -> bool:
        """Whether the contract ends on its own last day, as it was agreed."""
        return self.reason == ActReason.EXPIRES

    @property
    def due_on(self) -> date | None:
        """The last day in time for a decision; None before the notice."""
        return last_day(self.due_at) if self.due_at else None

    __table_args__ = (
        CheckConstraint(
            "kind != 'area_loss' OR contract_area_id IS NOT NULL", name="area_loss_has_area"
        ),
        CheckConstraint(
            "kind IN ('suspension', 'area_loss') OR contract_area_id IS NULL",
            name="contract_ends_whole",
        ),
        CheckConstraint(
            "state IN ('proposed', 'cancelled', 'replaced')"
            " OR (notice_at IS NOT NULL AND due_at IS NOT NULL)",
            name="notice_was_given",
        ),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
            " AND (cancelled_at IS NULL) = (cancel_reason IS NULL)",
            name="cancelled_with_reason",
        ),
        CheckConstraint(
            "state NOT IN ('completed', 'resumed') OR completed_at IS NOT NULL",
            name="completed_when",
        ),
        # However many press at once, a contract is being ended by one act.
        Index(
            "uq_continuity_act_ends_contract",
            "contract_id",
            unique=True,
            sqlite_where=text(
                "kind IN ('ending', 'emergency') AND state IN ('proposed', 'noticed')"
            ),
            postgresql_where=text(
                "kind IN ('ending', 'emergency') AND state IN ('proposed', 'noticed')"
            ),
        ),
        Index("ix_continuity_act_contract", "contract_id", "state"),
        Index("ix_continuity_act_effective", "state", "effective_on"),
    )


class ContinuityHold(db.Model):
    """An area that an act has stopped; `released_at` once it is no longer this act that stops it.

    An area is stopped by one act at a time.
    """

    __tablename__ = "continuity_hold"
    __privacy__ = classified(none="id act_id contract_area_id released_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    act_id: Mapped[UUID] = mapped_column(ForeignKey("continuity_act.id"))
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"))
    released_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("act_id", "contract_area_id"),
        Index(
            "uq_continuity_hold_area",
            "contract_area_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )


class ContinuityCase(db.Model):
    """One case that was open at the notice. `case_ref` is opaque: only the floor above knows it.

    `number` is what both sides of the contract call it; `owner_id` the practitioner who decides.
    """

    __tablename__ = "continuity_case"
    __privacy__ = classified(
        none="id act_id contract_area_id number case_ref owner_id due_at escalated_at decision "
        "decided_at decided_by_id target_contract_area_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    act_id: Mapped[UUID] = mapped_column(ForeignKey("continuity_act.id"))
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"))
    number: Mapped[int]
    case_ref: Mapped[UUID]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]
    decision: Mapped[Decision | None] = mapped_column(db_enum(Decision))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    target_contract_area_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract_area.id"))

    act: Mapped[ContinuityAct] = relationship()

    __table_args__ = (
        UniqueConstraint("act_id", "case_ref"),
        UniqueConstraint("act_id", "number"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint(
            "decision IS NULL OR decision = 'ended' OR decided_by_id IS NOT NULL",
            name="decided_by_somebody",
        ),
        CheckConstraint(
            "(target_contract_area_id IS NOT NULL)"
            " = (decision IS NOT NULL AND decision = 'transfer')",
            name="transfer_has_target",
        ),
        Index("ix_continuity_case_ref", "case_ref"),
        Index("ix_continuity_case_area", "contract_area_id", "decision"),
        Index("ix_continuity_case_due", "decision", "due_at"),
    )


def ends_its_contract() -> ColumnElement[bool]:
    """The condition on an act that notice has been given by it that the whole contract ends."""
    return and_(
        ContinuityAct.kind.in_(ENDS_CONTRACT),
        ContinuityAct.state.in_((ActState.NOTICED, ActState.COMPLETED)),
    )


def wants_decision() -> ColumnElement[bool]:
    """The condition on a case that it is undecided, and its act still stops the case's area."""
    held = (
        exists()
        .where(
            ContinuityHold.act_id == ContinuityCase.act_id,
            ContinuityHold.contract_area_id == ContinuityCase.contract_area_id,
            ContinuityHold.released_at.is_(None),
        )
        .correlate(ContinuityCase)
    )
    return and_(ContinuityCase.decision.is_(None), held)
