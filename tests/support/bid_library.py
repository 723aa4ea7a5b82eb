"""Lots that ask for the same things in other words, and answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bids.library.origin import Origin, origin_of
from bids.writing import actions as answering
from lots.models import Lot
from marketplace.acting import Acting
from marketplace.database import db, write
from tests.support.bids import bid_as_stored
from tests.support.lots import make_open_lot

# (concept, as one buyer asks, as another does)
ASKED = (
    (
        "delivery-model",
        "How will you deliver this service, from the first meeting to the end?",
        "Tell us how the service will run in your hands, week by week.",
    ),
    (
        "local-partnerships",
        "Whom will you work with locally, and what will each do?",
        "Which local organisations will you work with, and what will each of them do?",
    ),
)
ANSWERS = ("We begin with listening.", "The food bank lends us its kitchen.")


def lot_asking(
    way: int = 0,
    limit: int = 100,
    concepts: tuple[str, ...] = tuple(each[0] for each in ASKED),
    **facts: Any,
) -> Lot:
    """An open lot that asks for the two concepts in the words of one buyer (0) or another (1)."""
    questions = [
        (ASKED[number][1 + way], limit, number, concept) for number, concept in enumerate(concepts)
    ]
    return make_open_lot(questions=questions, **facts)


def begun(lot: Lot, by: Acting, answers: tuple[str, ...] = ()) -> UUID:
    """A draft that answers the first questions with these texts; returns its id."""
    with write():
        bid_id = answering.start_bid(lot.id, by).id
        for question, text in zip(lot.questions, answers, strict=False):
            answering.save_answer(bid_id, question.id, text, 0, by)
    return bid_id


@dataclass(frozen=True)
class Held:
    """One answer as it stands now."""

    question_id: UUID
    text: str
    edition: int
    unreviewed: bool
    origin: Origin | None


def answers_of(bid_id: UUID) -> list[Held]:
    """The answers as they stand now, in the questions' order."""
    db.session.expire_all()
    bid = bid_as_stored(bid_id)
    held = {each.question_id: each for each in bid.answers}
    given = [held[question.id] for question in bid.lot.questions if question.id in held]
    return [
        Held(each.question_id, each.text, each.edition, each.unreviewed, origin_of(each))
        for each in given
    ]


def texts_of(bid_id: UUID) -> list[str]:
    """The texts of the answers, in the questions' order."""
    return [each.text for each in answers_of(bid_id)]
