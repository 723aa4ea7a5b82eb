"""A notice is written by the step it tells of, in its transaction: nothing opens without one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import select

from lots import lifecycle
from lots.models import Lot
from lots.notices.due import is_due
from lots.notices.lifecycle import ACCEPT, ASK_REJECTION, MEND, NOTICE, PLATFORM_DOWN, REJECT, SEND
from lots.notices.models import Notice
from lots.notices.schemas import FIELDS, problems
from lots.notices.vocabulary import NoticeKind, NoticeState, Regime
from lots.proportionality import policy_of
from lots.vocabulary import Route
from marketplace import clock, events
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours

_SAID = (
    "reference",
    "title",
    "summary",
    "service_code",
    "route",
    "value_net_pence",
    "value_gross_pence",
    "term_months",
    "opens_on",
    "closes_at",
    "questions_until",
    "starts_on",
    "end_reason",
)


def post(
    lot: Lot, kind: NoticeKind, more: dict[str, Any] | None = None, contract_id: UUID | None = None
) -> Notice | None:
    """Put a notice about a lot into the outbox, with what stands in it now; inside a write.

    `more` are facts of the step. None where the regime has no such notice for this lot.
    """
    policy = policy_of(lot)
    regime = Regime(policy.regime)
    if not is_due(kind, regime, lot, policy):
        return None
    facts = _facts(lot) | {name: plain(value) for name, value in (more or {}).items()}
    return put(kind, regime, facts, lot.lead_buyer_id, lot.id, contract_id)


def put(
    kind: NoticeKind,
    regime: Regime,
    facts: dict[str, Any],
    buyer_id: UUID,
    lot_id: UUID | None = None,
    contract_id: UUID | None = None,
) -> Notice:
    """Store a notice; one that does not pass its check is kept with its problems, not sent."""
    wrong = problems(kind, facts)
    notice = Notice(
        id=new_id(),
        lot_id=lot_id,
        contract_id=contract_id,
        buyer_id=buyer_id,
        kind=kind,
        state=NoticeState.INCOMPLETE if wrong else NoticeState.TO_SEND,
        regime=regime,
        is_procurement=facts.get("route") != Route.GRANT,
        facts=facts,
        problems=wrong,
        posted_at=clock.now(),
        due_at=clock.technical_now(),
    )
    db.session.add(notice)
    db.session.flush()
    return notice


def _facts(lot: Lot) -> dict[str, Any]:
    said = {name: plain(getattr(lot, name)) for name in _SAID}
    said["buyer"] = db.session.get_one(Organisation, lot.lead_buyer_id).name
    said["areas"] = [each.area_code or each.region_code for each in lot.areas]
    return {name: value for name, value in said.items() if value is not None}


def plain(value: Any) -> Any:
    """A day or a moment as text; everything else as it is."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def mend(notice_id: UUID, by: Acting) -> None:
    """Read again what an incomplete notice tells of, and let it be sent where nothing is missing.

    Raises Refusal naming what still is.
    """
    notice = _locked(notice_id)
    facts = notice.facts | (_facts(notice.lot) if notice.lot else {})
    wrong = problems(notice.kind, facts)
    if wrong:
        names = ", ".join(str(FIELDS.get(name, name)) for name in wrong)
        raise Refusal(_("Still missing or wrong: %(names)s. Put that right first.", names=names))
    NOTICE.take(MEND, notice, by, facts={"facts": facts, "problems": []})


def record_sent(notice_id: UUID, reference: str, by: Acting, ocid: str = "") -> None:
    """Note that somebody sent a notice outside, with the reference and OCID the platform gave."""
    facts = {"sent_at": clock.now(), "reference": reference, "ocid": ocid}
    NOTICE.take(SEND, _locked(notice_id), by, facts=facts)


def record_accepted(notice_id: UUID, by: Acting) -> None:
    """Note that the platform published a notice."""
    NOTICE.take(ACCEPT, _locked(notice_id), by, facts={"answered_at": clock.now()})


def record_rejected(notice_id: UUID, by: Acting) -> None:
    """Note that the platform refused a notice; it is to be sent once more."""
    NOTICE.take(REJECT, _locked(notice_id), by, facts={"answered_at": clock.now()})


def record_platform_down(notice_id: UUID, by: Acting) -> None:
    """Note that the platform cannot be reached: the notice may stand here first (regulation 5)."""
    NOTICE.take(PLATFORM_DOWN, _locked(notice_id), by, facts={"platform_down_at": clock.now()})


def ask_rejection(notice_id: UUID, by: Acting) -> None:
    """Have the demonstration's platform refuse a notice, to see what happens then."""
    NOTICE.take(ASK_REJECTION, _locked(notice_id), by, facts={"sandbox_rejects": True})


def _locked(notice_id: UUID) -> Notice:
    notice = db.session.get(Notice, notice_id, with_for_update=True)
    if notice is None:
        raise NotYours()
    return notice


def notices_of(lot_id: UUID) -> list[Notice]:
    """Every notice of a lot, the last one first."""
    found = select(Notice).where(Notice.lot_id == lot_id)
    return list(db.session.scalars(found.order_by(Notice.posted_at.desc(), Notice.id)))


def last_notice(lot_id: UUID, kind: NoticeKind) -> Notice | None:
    """The last notice of a kind that a lot has; None where it has none."""
    found = select(Notice).where(Notice.lot_id == lot_id, Notice.kind == kind)
    return db.session.scalar(found.order_by(Notice.posted_at.desc(), Notice.id).limit(1))


def _planned(lot: Lot, by: Acting | None) -> None:
    """A lot becomes public once, by its plan or by its approval straight from the draft."""
    if last_notice(lot.id, NoticeKind.PLANNED) is None:
        post(lot, NoticeKind.PIPELINE)
        post(lot, NoticeKind.PLANNED)


def _opened(lot: Lot, by: Acting | None) -> None:
    post(lot, NoticeKind.OPENING)


def _ended(lot: Lot, by: Acting | None) -> None:
    """What was announced is ended; a discarded draft nobody ever saw."""
    if lot.published_at is not None or notices_of(lot.id):
        post(lot, NoticeKind.ENDING)


def register(app: Flask) -> None:
    """Hear of every step of a lot up to its award that has a notice."""
    for steps, handler in (
        ((lifecycle.PLAN, lifecycle.APPROVE), _planned),
        ((lifecycle.PUBLISH, lifecycle.OPEN), _opened),
        ((lifecycle.CANCEL, lifecycle.NO_AWARD), _ended),
    ):
        for step in steps:
            events.when(app, step, handler)
