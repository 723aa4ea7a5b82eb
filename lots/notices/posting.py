"""A notice is written by the step it tells of, in its transaction: nothing opens without one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from lots import lifecycle
from lots.models import Lot
from lots.notices.lifecycle import ACCEPT, NOTICE, REJECT, SEND
from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeKind, Regime
from lots.proportionality import policy_of
from marketplace import clock, events
from marketplace.acting import Acting
from marketplace.database import db
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


def post(lot: Lot, kind: NoticeKind, more: dict[str, Any] | None = None) -> None:
    """Put a notice into the outbox, saying what stands in the lot now; inside a write."""
    said = {name: _plain(getattr(lot, name)) for name in _SAID}
    said["buyer"] = lot.lead_buyer.name
    said["areas"] = [each.area_code or each.region_code for each in lot.areas]
    notice = Notice(
        lot_id=lot.id,
        kind=kind,
        regime=Regime(policy_of(lot).regime),
        facts={name: value for name, value in said.items() if value is not None} | (more or {}),
        posted_at=clock.now(),
        due_at=clock.technical_now(),
    )
    db.session.add(notice)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def record_sent(notice_id: UUID, reference: str, by: Acting) -> None:
    """Note that somebody sent a notice outside, and the reference the platform gave it."""
    _take(notice_id, SEND, by, {"sent_at": clock.now(), "reference": reference})


def record_accepted(notice_id: UUID, by: Acting) -> None:
    """Note that the platform published a notice."""
    _take(notice_id, ACCEPT, by, {"answered_at": clock.now()})


def record_rejected(notice_id: UUID, by: Acting) -> None:
    """Note that the platform refused a notice; it is to be sent once more."""
    _take(notice_id, REJECT, by, {"answered_at": clock.now()})


def _take(notice_id: UUID, step: Any, by: Acting, facts: dict[str, Any]) -> None:
    notice = db.session.get(Notice, notice_id, with_for_update=True)
    if notice is None:
        raise NotYours()
    NOTICE.take(step, notice, by, facts=facts)


def notices_of(lot_id: UUID) -> list[Notice]:
    """Every notice of a lot, the last one first."""
    found = select(Notice).where(Notice.lot_id == lot_id)
    return list(db.session.scalars(found.order_by(Notice.posted_at.desc(), Notice.id)))


def _planned(lot: Lot, by: Acting | None) -> None:
    """A lot becomes public once, by its plan or by its approval straight from the draft."""
    if all(each.kind != NoticeKind.PLANNED for each in notices_of(lot.id)):
        post(lot, NoticeKind.PLANNED)


def _opened(lot: Lot, by: Acting | None) -> None:
    post(lot, NoticeKind.OPENING)


def _ended(lot: Lot, by: Acting | None) -> None:
    """What was announced is ended; a discarded draft nobody ever saw."""
    if lot.published_at is not None or notices_of(lot.id):
        post(lot, NoticeKind.ENDING)


def register(app: Flask) -> None:
    """Hear of every step that has a notice."""
    for steps, handler in (
        ((lifecycle.PLAN, lifecycle.APPROVE), _planned),
        ((lifecycle.PUBLISH, lifecycle.OPEN), _opened),
        ((lifecycle.CANCEL, lifecycle.NO_AWARD), _ended),
    ):
        for step in steps:
            events.when(app, step, handler)
