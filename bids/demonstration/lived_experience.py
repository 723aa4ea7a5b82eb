"""A panel of two organisations: the funder's evaluator speaks from lived experience.

They know one of the bidders from then, say so before they see anything, and are kept by the
officer; they score one criterion and are not finished.
"""

from __future__ import annotations

from uuid import UUID

from bids.demonstration.data import SCORE_REASONS
from bids.evaluation import actions, seats
from bids.evaluation.rules import Cell
from bids.evaluation.vocabulary import Answer
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for

# Of each lot: whose evaluator it is, and how many bids they have scored so far.
SEATS = {"homes-yorkshire": ("funder", 2)}
INTEREST = (
    "I stayed in a house of one of the bidders for four months in 2019. I have had no contact "
    "since, and I think I can judge all of them fairly, but you should know."
)
KEPT = (
    "Seven years ago, no tie since, and a view that the panel was meant to have. The lead agrees."
)


def take_a_seat(key: str, evaluation_id: UUID, officer: Acting) -> Acting | None:
    """Seat, declaration, decision and criterion; None for a lot without such a seat."""
    if key not in SEATS:
        return None
    member = acting_for(SEATS[key][0], Role.EVALUATOR)
    seat = actions.assign(evaluation_id, member.person_id, officer, lived=True)
    db.session.flush()
    seats.declare(evaluation_id, Answer.PERHAPS, member, INTEREST)
    db.session.flush()
    seats.decide_interest(evaluation_id, seat.id, True, KEPT, officer)
    first = min(seat.evaluation.lot.criteria, key=lambda each: each.position)
    seats.allocate(evaluation_id, seat.id, {first.id}, officer)
    return member


def score_some(
    key: str, evaluation_id: UUID, member: Acting, scores: dict[Cell, int], criterion_id: UUID
) -> None:
    """Some of the bids under their criterion; where the others were generous, they are not."""
    given = [cell for cell in scores if cell[1] == criterion_id][: SEATS[key][1]]
    for cell in given:
        score = max(scores[cell] - 2, 0)
        actions.save_score(evaluation_id, cell, score, SCORE_REASONS[score], member)
        db.session.flush()
