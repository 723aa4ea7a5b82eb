"""What happens to the open lots of the demonstration: questions, changes, and an opening ahead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lots import actions
from lots.competition import changes, clarifications, held
from lots.competition.changes import Wanted
from lots.competition.models import Clarification
from lots.competition.vocabulary import ChangeKind, ClarificationState
from lots.demonstration.data import Told
from lots.demonstration.lots import decider, drafter, each_found
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, moment_of, on_the_day

ASKED_ABOUT = "hub-north-yorkshire"
CHANGING = "homes-north-wales"
OPENING = "homes-humberside"
OPENS_IN = timedelta(days=6)

# (who, how many days ago, as it was asked, as it is published, the answer)
ANSWERED = (
    (
        "harbour",
        20,
        "We at Harbour run a café on two mornings. Can the meeting place be in it?",
        "Can the meeting place be in a café that is open to everybody?",
        "Yes, as long as there is a room where two people can talk alone.",
    ),
    (
        "oak",
        16,
        "Is there money for the rent before the first month?",
        "Is there money for the rent before the first month?",
        "The grant is paid all at the start, so that the first rent can come from it.",
    ),
    (
        "peer-steps",
        13,
        "May a volunteer with a conviction hold the key?",
        "May a volunteer with a conviction hold the key?",
        "Yes. Tell us how you support and supervise volunteers; question 3 is the place for it.",
    ),
)
WAITING = ("second-street", 1, "Would a bus that stops in both towns count as a meeting place?")
CLEARER = (
    "The summary says that one of the two towns is enough.",
    "The words could be read as if both towns were needed.",
    "A grant for a place to meet in Scarborough or in Whitby, with help on the spot. One of the "
    "two towns is enough.",
)
PROPOSED = (
    "More homes for people who leave prison on the same day.",
    "The prison expects more releases in spring than it did.",
    "Homes for people on probation from Anglesey to Wrexham, a third of them for people who leave "
    "prison on the same day.",
)


def build() -> None:
    """Tell what bidders asked, what the buyers answered and changed, and approve an opening."""
    each_found(_questions, ASKED_ABOUT)
    each_found(_proposal, CHANGING)
    each_found(_approval, OPENING)


def _questions(told: Told, lot: Lot) -> None:
    if lot.state != LotState.OPEN:
        return
    officer = drafter(told)
    for who, days, question, wording, text in ANSWERED:
        _ask(lot, who, days, question)
        with on_the_day(clock.now() - timedelta(days=days - 2)):
            waiting = (
                Clarification.lot_id == lot.id,
                Clarification.state == ClarificationState.ASKED,
            )
            asked = db.session.scalars(select(Clarification).where(*waiting)).one()
            seen = clarifications.edition(asked)
            clarifications.save_answer(asked.id, wording, text, seen, officer)
            clarifications.publish_answer(asked.id, officer)
    with on_the_day(clock.now() - timedelta(days=9)):
        change = changes.change_lot(lot.id, _wanted(lot, ChangeKind.CLARIFYING, CLEARER), officer)
        db.session.flush()
        changes.approve_change(change.id, decider(told))
    _ask(lot, *WAITING)


def _ask(lot: Lot, who: str, days: int, question: str) -> None:
    with on_the_day(clock.now() - timedelta(days=days)):
        clarifications.ask(lot.id, question, acting_for(who, Role.BID_MANAGER))
        db.session.flush()


def _proposal(told: Told, lot: Lot) -> None:
    if lot.state == LotState.OPEN:
        with on_the_day(clock.now() - timedelta(days=1)):
            changes.change_lot(lot.id, _wanted(lot, ChangeKind.MATERIAL, PROPOSED), drafter(told))


def _wanted(lot: Lot, kind: ChangeKind, told: tuple[str, str, str]) -> Wanted:
    what, why, summary = told
    values: dict[str, Any] = held.held(lot) | {"summary": summary}
    return Wanted(kind, what, why, values, None, held.fingerprint(lot))


def _approval(told: Told, lot: Lot) -> None:
    if lot.state == LotState.PLANNED:
        day = calendar.next_working_day(clock.today() + OPENS_IN)
        actions.approve_lot(lot.id, moment_of(day), decider(told))
