"""How the demonstration's bids are opened, scored and decided, by the people who may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from bids.awards import actions as awards
from bids.awards import reviewing
from bids.compliance import actions as compliance
from bids.demonstration import lived_experience
from bids.demonstration.data import NEEDED, SCORE_REASONS, Bids, Tells
from bids.evaluation import actions, queries, seats, standings
from bids.evaluation.models import Evaluation
from bids.evaluation.vocabulary import Answer
from bids.models import Bid
from bids.opening.actions import confirm_opening
from lots.demonstration.data import Told
from lots.demonstration.lots import decider, drafter
from lots.models import Lot
from lots.vocabulary import Route
from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day

EVALUATORS = 2
MORNING, LATER = time(10, 20), time(10, 45)
# Working days after the closing day.
OPENED, ASSIGNED, SCORED, MODERATED, RECOMMENDED, DECIDED = 1, 2, 3, 5, 6, 8
# A decision whose standstill is to run today was made so many working days ago.
RECENTLY = -3


@dataclass(frozen=True)
class Telling:
    """A closed lot, with what is to be told of it."""

    lot: Lot
    told: Told
    story: Bids
    closed_on: date

    def on(self, working_days: int, at: time = MORNING) -> datetime:
        """A moment so many working days after the closing day."""
        return moment_of(calendar.add_working_days(self.closed_on, working_days), at)

    def evaluation(self) -> Evaluation:
        """The evaluation, once the bids are open."""
        found = select(Evaluation).where(Evaluation.lot_id == self.lot.id)
        return db.session.scalars(found).one()

    def scores(self) -> dict[tuple[UUID, UUID], int]:
        """The score the story gives each bid under each criterion."""
        bids = {key_of(b.organisation_id): b for b in self.opened() if b.organisation_id}
        return {
            (bids[bidder].id, criterion.id): score
            for bidder, _price, scores in self.story.bidders
            for criterion, score in zip(self.lot.criteria, scores, strict=True)
        }

    def opened(self) -> list[Bid]:
        """The opened bids."""
        return queries.opened_bids(self.evaluation())


def judge(lot: Lot, told: Told, story: Bids) -> None:
    """Tell the story of a closed lot, as far as it goes."""
    assert lot.closes_at is not None
    telling = Telling(lot, told, story, calendar.day_of(lot.closes_at))
    for at, by in ((MORNING, drafter(told)), (LATER, decider(told))):
        with on_the_day(telling.on(OPENED, at)):
            confirm_opening(lot.id, by)
            db.session.flush()
    panel = _seat_panel(telling)
    _score(telling, panel)
    _hear_lived_experience(telling)
    if story.tells > Tells.SCORING:
        _moderate(telling)
        _recommend(telling)
    if story.tells > Tells.RECOMMENDED:
        _decide(telling)


def _seat_panel(telling: Telling) -> list[Acting]:
    buyer, evaluation = telling.told.buyer, telling.evaluation()
    panel = [acting_for(buyer, Role.EVALUATOR, number) for number in range(EVALUATORS)]
    officer = drafter(telling.told)
    with on_the_day(telling.on(ASSIGNED)):
        for member in panel:
            actions.assign(evaluation.id, member.person_id, officer)
            db.session.flush()
            seats.declare(evaluation.id, Answer.NO, member)
    return panel


def _score(telling: Telling, panel: list[Acting]) -> None:
    """The first evaluator scores as the panel will agree, the second one lower here and there.

    Where the story stops at scoring, the second has given one score only.
    """
    evaluation, scores = telling.evaluation(), telling.scores()
    unfinished = telling.story.tells == Tells.SCORING
    with on_the_day(telling.on(SCORED)):
        for number, member in enumerate(panel):
            given = list(scores.items())[:1] if unfinished and number else scores.items()
            for position, (cell, agreed) in enumerate(given):
                score = max(agreed - 1, 0) if number and position % 3 == 0 else agreed
                actions.save_score(evaluation.id, cell, score, SCORE_REASONS[score], member)
                db.session.flush()
            if not (unfinished and number):
                actions.lock_scores(evaluation.id, member)


def _hear_lived_experience(telling: Telling) -> None:
    evaluation, key = telling.evaluation(), telling.told.key
    with on_the_day(telling.on(ASSIGNED, LATER)):
        member = lived_experience.take_a_seat(key, evaluation.id, drafter(telling.told))
    if member is not None:
        with on_the_day(telling.on(SCORED, LATER)):
            criterion_id = telling.lot.criteria[0].id
            lived_experience.score_some(key, evaluation.id, member, telling.scores(), criterion_id)


def _moderate(telling: Telling) -> None:
    evaluation, officer = telling.evaluation(), drafter(telling.told)
    with on_the_day(telling.on(MODERATED)):
        for bid in telling.opened():
            compliance.pass_bid(evaluation.id, bid.id, officer)
        actions.start_moderation(evaluation.id, officer)
        for cell, score in telling.scores().items():
            reason, needed = SCORE_REASONS[score], NEEDED[score]
            actions.save_moderated(evaluation.id, cell, score, reason, needed, officer)
            db.session.flush()
        actions.open_prices(evaluation.id, officer)


def _first(telling: Telling) -> UUID:
    return UUID(standings.ranked(telling.evaluation())[0].key)


def _recommend(telling: Telling) -> None:
    reasons = "It comes first in the ranking, and the panel agreed on every score."
    bid_id = None if telling.story.no_award else _first(telling)
    if bid_id is None:
        reasons = "The panel found no bid that it could recommend."
    evaluation, officer = telling.evaluation(), drafter(telling.told)
    with on_the_day(telling.on(RECOMMENDED)):
        awards.recommend(evaluation.id, bid_id, reasons, officer)
        db.session.flush()
        if telling.story.tells > Tells.RECOMMENDED:
            for bid in telling.opened():
                reviewing.review(evaluation.id, bid.id, {}, officer)


def _decide(telling: Telling) -> None:
    evaluation, director = telling.evaluation(), decider(telling.told)
    no_award = telling.story.no_award
    decided = telling.on(DECIDED)
    if telling.story.tells == Tells.DECIDED and not no_award:
        recently = calendar.add_working_days(clock.today(), RECENTLY)
        decided = max(decided, moment_of(recently))
    bid_id = None if no_award else _first(telling)
    with on_the_day(decided):
        awards.decide(evaluation.id, bid_id, no_award, director)
    ends_on = telling.lot.standstill_ends_on
    if telling.story.tells == Tells.AWARDED and telling.lot.route == Route.CONTRACT and ends_on:
        with on_the_day(calendar.end_of(ends_on) + timedelta(minutes=1)):
            awards.confirm_award(telling.lot.id)
