"""How the demonstration's bids are opened, scored and decided, by the people who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from bids.awards import actions as awards
from bids.demonstration.data import NEEDED, SCORE_REASONS, Bids, Tells
from bids.evaluation import actions, queries, standings
from bids.evaluation.models import Evaluation
from bids.models import Bid
from bids.opening.actions import confirm_opening
from lots import actions as lot_actions
from lots.demonstration.lots import decider, drafter, told_of
from lots.models import Lot, Route
from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day

EVALUATORS = 2
# Working days after the closing day.
OPENED, ASSIGNED, SCORED, MODERATED, RECOMMENDED, DECIDED = 1, 2, 3, 5, 6, 8
# A decision whose standstill is to run today was made so many working days ago.
RECENT = 3

Cell = tuple[UUID, UUID]


def judge(lot: Lot, story: Bids) -> None:
    """Tell the story from the closing on, as far as it goes."""
    assert lot.closes_at is not None
    closed = calendar.day_of(lot.closes_at)

    def on(working_days: int, at: time = time(10, 20)) -> datetime:
        return moment_of(calendar.add_working_days(closed, working_days), at)

    with on_the_day(lot.closes_at + timedelta(minutes=1)):
        lot_actions.close_lot(lot.id)
    _open(lot, on)
    evaluation = db.session.scalars(select(Evaluation).where(Evaluation.lot_id == lot.id)).one()
    panel = _seat_panel(lot, evaluation, on)
    with on_the_day(on(SCORED)):
        _score(evaluation, panel, story)
    if story.tells == Tells.SCORING:
        return
    with on_the_day(on(MODERATED)):
        _moderate(evaluation, story, drafter(told_of(story.lot)))
    _decide(lot, evaluation, story, on)


def _open(lot: Lot, on: Callable[..., datetime]) -> None:
    told = told_of_lot(lot)
    for at, by in ((time(10, 20), drafter(told)), (time(10, 45), decider(told))):
        with on_the_day(on(OPENED, at)):
            confirm_opening(lot.id, by)
            db.session.flush()


def told_of_lot(lot: Lot):
    """What the data says of this lot."""
    return told_of(next(each.lot for each in _stories() if told_of(each.lot).title == lot.title))


def _seat_panel(lot: Lot, evaluation: Evaluation, on: Callable[..., datetime]) -> list[Acting]:
    buyer = key_of(lot.lead_buyer_id)
    officer = drafter(told_of_lot(lot))
    panel = [acting_for(buyer, Role.EVALUATOR, number) for number in range(EVALUATORS)]
    with on_the_day(on(ASSIGNED)):
        for member in panel:
            actions.assign(evaluation.id, member.person_id, officer)
            db.session.flush()
            actions.declare(evaluation.id, False, member)
    return panel
