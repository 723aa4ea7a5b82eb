"""Followers, anonymous answers and alerts for tests, and those of the reviewed table's world."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lots.models import Lot
from lots.pipeline import alerts, answering, following
from lots.pipeline.anonymous import Answer
from lots.pipeline.keys import CONFIRM, STOP, WHY_NOT, link_key
from lots.pipeline.models import Alert, WhyNotInvitation
from lots.pipeline.readers import reader_with
from lots.pipeline.vocabulary import Choice, Obstacle
from lots.wanted import Wanted
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from tests.support.people import acting_as, make_organisation, make_person

YES = Answer(Choice.YES)
NO = Answer(Choice.NO, (Obstacle.VALUE,), "The value does not cover the travel.")


def somebody(role: Role = Role.BID_MANAGER) -> Acting:
    """Somebody of a new provider."""
    return acting_as(make_person(role, make_organisation()))


def answered(lot: Lot, *answers: Answer) -> None:
    """As many organisations answer about the plan, each in a write of its own."""
    for answer in answers:
        by = somebody()
        with write():
            answering.answer_viability(lot.id, answer, by)


def follow(lot: Lot, by: Acting) -> None:
    """Follow a lot."""
    with write():
        following.follow(lot.id, by)


def alert(email: str, wanted: Wanted, *, confirmed: bool = True) -> Alert:
    """An alert for an address without an account."""
    with write():
        alerts.ask_for(email, wanted)
    reader = reader_with(email)
    assert reader is not None
    found = db.session.scalars(select(Alert).where(Alert.reader_id == reader.id)).all()
    made = next(each for each in found if not each.confirmed)
    if confirmed:
        with write():
            alerts.confirm(made.id, link_key(CONFIRM, made.id))
    return made


def invitations(lot: Lot) -> list[dict[str, Any]]:
    """What the address of each mailed link about a lot holds."""
    found = db.session.scalars(
        select(WhyNotInvitation.id).where(WhyNotInvitation.lot_id == lot.id)
    ).all()
    return [{"invitation_id": each, "key": link_key(WHY_NOT, each)} for each in found]


def add_to(things: dict[str, dict[str, Any]]) -> None:
    """The things that this room's rows of the reviewed table name."""
    closed_lot_id = things["closed lot"]["lot_id"]
    person = make_person(Role.BID_MANAGER, make_organisation())
    with write():
        closed = db.session.get_one(Lot, closed_lot_id)
        answering.invite_why_not(closed, [person.id])
    things["question why not"] = invitations(closed)[0]
    waiting = alert("waiting@example.org", Wanted(None), confirmed=False)
    things["alert to confirm"] = {"alert_id": waiting.id, "key": link_key(CONFIRM, waiting.id)}
    held = alert("reader@example.org", Wanted(None, service="womens-services"))
    things["mails of a reader"] = {
        "reader_id": held.reader_id,
        "key": link_key(STOP, held.reader_id),
        "alert_id": held.id,
    }
