"""Bids for tests, at every stage from draft to award, made by the product's own actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bids.awards import actions as awards
from bids.awards import reviewing
from bids.compliance import actions as compliance
from bids.evaluation import actions as evaluating
from bids.evaluation import queries as evaluations
from bids.evaluation import seats
from bids.evaluation.vocabulary import Answer
from bids.models import Bid
from bids.opening import actions as opening
from bids.price import actions as pricing
from bids.price.arithmetic import Costs, Line
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.writing import actions as answering
from lots.models import Lot
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from tests.support.demands import meet_all
from tests.support.lots import make_open_lot, pass_closing
from tests.support.people import acting_as, make_organisation, make_person, written
from tests.support.qualification import qualify

Prepare = Callable[[UUID, Acting], Any]
PRICE = 9_000_00
COSTS = Costs(
    staff=(Line("Two caseworkers", 150_000_00),),
    overheads=(Line("A fair part of rent and management", 30_000_00),),
    explanation="Volunteers give two days a week.",
)


def bidder(name: str | None = None, *, qualified: bool = True) -> tuple[Organisation, Person]:
    """A provider with a bid manager, qualified for the service of the tests' lots."""
    organisation = make_organisation(**({"name": name} if name else {}))
    if qualified:
        qualify(organisation)
    return organisation, make_person(Role.BID_MANAGER, organisation)


def fill_in(lot: Lot, by: Acting, answer: str = "We listen first.", price: int = PRICE) -> UUID:
    """A draft with every answer, a price and its costs, all demands met; returns the bid's id."""
    with written():
        bid_id = answering.start_bid(lot.id, by).id
        for question in lot.questions:
            answering.save_answer(bid_id, question.id, f"{answer} {question.position}", 0, by)
        pricing.save_price(bid_id, price, 0, by)
        pricing.save_costs(bid_id, COSTS, 0, by)
        meet_all(bid_id, lot, by)
    return bid_id


def seen_of(bid_id: UUID) -> str:
    """What the bidder's page says of the lot as it stands now."""
    return submitting.lot_seen(bid_as_stored(bid_id).lot)


def submitted_bid(
    lot: Lot,
    organisation: Organisation | None = None,
    *,
    answer: str = "We listen first.",
    price: int = PRICE,
    prepare: Prepare | None = None,
) -> UUID:
    """A bid submitted by the organisation's bid manager; returns its id.

    `prepare(bid_id, by)` adds what else belongs into the version.
    """
    if organisation is None:
        organisation, _person = bidder()
    by = acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
    bid_id = fill_in(lot, by, answer, price)
    if prepare:
        prepare(bid_id, by)
    with written():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    return bid_id


@dataclass
class Competition:
    """A lot with its bids and the lead buyer's people, as far as it was taken."""

    lot: Lot
    buyer: Organisation
    bids: list[UUID]
    officer: Person
    director: Person
    evaluators: list[Person] = field(default_factory=list)
    evaluation_id: UUID | None = None

    def acting(self, person: Person) -> Acting:
        """The person, acting for the lead buyer."""
        return acting_as(person, self.buyer)

    def criteria(self) -> list[UUID]:
        """The lot's criteria in order."""
        return [criterion.id for criterion in self.lot.criteria]


def closed_competition(
    prices: tuple[int, ...] = (9_000_00, 10_000_00),
    bidders: tuple[Organisation, ...] = (),
    prepare: Prepare | None = None,
    **facts: Any,
) -> Competition:
    """A closed lot with one sealed bid for each price, of these bidders where they are named."""
    lot = make_open_lot(**facts)
    bids = [
        submitted_bid(
            lot, organisation, answer=f"Answer of bid {number}.", price=price, prepare=prepare
        )
        for number, (organisation, price) in enumerate(
            zip(bidders or [None] * len(prices), prices, strict=True), 1
        )
    ]
    pass_closing(lot)
    buyer = lot.lead_buyer
    return Competition(
        lot,
        buyer,
        bids,
        make_person(Role.COMMISSIONING_OFFICER, buyer),
        make_person(Role.DIRECTOR, buyer),
    )


def opened_competition(**facts: Any) -> Competition:
    """Opened by officer and director, with two evaluators on the panel who declared."""
    competition = closed_competition(**facts)
    officer = competition.acting(competition.officer)
    with written():
        opening.confirm_opening(competition.lot.id, officer)
    with written():
        opening.confirm_opening(competition.lot.id, competition.acting(competition.director))
    evaluation = evaluations.evaluation_of(competition.lot.id)
    assert evaluation is not None
    competition.evaluation_id = evaluation.id
    for _number in range(2):
        person = make_person(Role.EVALUATOR, competition.buyer)
        with written():
            evaluating.assign(evaluation.id, person.id, officer)
        with written():
            seats.declare(evaluation.id, Answer.NO, competition.acting(person))
        competition.evaluators.append(person)
    return competition


def moderating_competition(**facts: Any) -> Competition:
    """Every evaluator has scored everything with 3 and locked; every bid is compliant."""
    competition = opened_competition(**facts)
    officer = competition.acting(competition.officer)
    for person in competition.evaluators:
        by = competition.acting(person)
        with written():
            for bid_id in competition.bids:
                for criterion_id in competition.criteria():
                    cell = (bid_id, criterion_id)
                    evaluating.save_score(
                        competition.evaluation_id, cell, 3, "Clear and local.", by
                    )
        with written():
            evaluating.lock_scores(competition.evaluation_id, by)
    with written():
        for bid_id in competition.bids:
            compliance.pass_bid(competition.evaluation_id, bid_id, officer)
        evaluating.start_moderation(competition.evaluation_id, officer)
    return competition


def priced_competition(scores: tuple[int, ...] = (4, 3), **facts: Any) -> Competition:
    """Moderated with one score for each bid (under every criterion), prices open and ranked."""
    competition = moderating_competition(**facts)
    officer = competition.acting(competition.officer)
    with written():
        for bid_id, score in zip(competition.bids, scores, strict=True):
            for criterion_id in competition.criteria():
                evaluating.save_moderated(
                    competition.evaluation_id,
                    (bid_id, criterion_id),
                    score,
                    f"Agreed reason for {score}.",
                    "" if score == 4 else f"Needed beyond {score}.",
                    officer,
                )
        evaluating.open_prices(competition.evaluation_id, officer)
    return competition


def recommended_competition(**facts: Any) -> Competition:
    """The first bid is recommended, all texts are reviewed, and it waits for the director."""
    competition = priced_competition(**facts)
    with written():
        awards.recommend(
            competition.evaluation_id,
            competition.bids[0],
            "It ranks first.",
            competition.acting(competition.officer),
        )
        review_all(competition)
    return competition


def review_all(competition: Competition) -> None:
    """The officer reads what others will read of each bid, and takes nothing out."""
    db.session.flush()
    for bid_id in competition.bids:
        by = competition.acting(competition.officer)
        reviewing.review(competition.evaluation_id, bid_id, {}, by)


def decided_competition(**facts: Any) -> Competition:
    """The first bid is awarded; a contract is in its standstill, a grant awarded."""
    competition = recommended_competition(**facts)
    with written():
        awards.decide(
            competition.evaluation_id,
            competition.bids[0],
            "",
            competition.acting(competition.director),
        )
    return competition


def bid_as_stored(bid_id: UUID) -> Bid:
    """The bid as it stands now."""
    found = select(Bid).where(Bid.id == bid_id).execution_options(populate_existing=True)
    return db.session.scalars(found).one()
