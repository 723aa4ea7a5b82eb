"""Taking an earlier answer over into a bid, and reading it for the lot at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from bids.library.origin import digest, origin_of
from bids.library.queries import Earlier, answered, closest
from bids.models import Bid, BidAnswer
from bids.working import (
    TypedMeanwhile,
    answers_held,
    changed,
    put_answer,
    question_of,
    writable,
)
from lots.models import LotQuestion
from marketplace.acting import Acting
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours


@dataclass(frozen=True)
class Read:
    """What a reader made of one answer that was taken over; `seen` is the edition shown."""

    text: str
    seen: int
    read: bool


def take_over(bid_id: UUID, question_id: UUID, key: str, seen: int, by: Acting) -> None:
    """Put an earlier answer into the working copy, to be read before the bid is submitted.

    What somebody wrote there stays: the earlier answer is put below it. Raises TypedMeanwhile
    where a colleague saved in between, TooLong, and Refusal where the earlier answer is no more.
    """
    # Everything that was ever answered is read before the bid is held, which is then short.
    offered = answered(by, leave_out=bid_id)
    bid = writable(bid_id, by)
    question = question_of(bid, question_id)
    wanted = [each for each in offered if each.key == key]
    if not wanted:
        raise Refusal(_("This earlier answer has been changed meanwhile. Choose again."))
    answer = answers_held(bid).get(question_id)
    edition = answer.edition if answer else 0
    if edition != seen:
        raise TypedMeanwhile(answer.text if answer else "", edition)
    _put(bid, question, answer, wanted[0])


def fill_in(bid_id: UUID, by: Acting) -> int:
    """Answer every empty question with the newest earlier answer of its concept; says how many.

    No answer is put into one bid twice.
    """
    offered = answered(by, leave_out=bid_id)
    bid = writable(bid_id, by)
    held = answers_held(bid)
    used: set[str] = set()
    for question in bid.lot.questions:
        answer = held.get(question.id)
        if answer is not None and answer.text.strip():
            continue
        for each in closest(offered, question.concept, question.text):
            if question.concept and each.concept == question.concept and each.key not in used:
                used.add(each.key)
                _put(bid, question, answer, each)
                break
    return len(used)


def review(bid_id: UUID, given: Mapping[UUID, Read], by: Acting) -> dict[UUID, TypedMeanwhile]:
    """Keep these answers as they were edited; those read count as the bid's own from now on.

    Returns, by question, what colleagues saved in between; those answers are left as they are.
    Raises NotYours for a question without an answer, and TooLong.
    """
    bid = writable(bid_id, by)
    held = answers_held(bid)
    clashes = {}
    for question_id, each in given.items():
        answer = held.get(question_id)
        if answer is None:
            raise NotYours(question_id)
        if answer.edition != each.seen and answer.text != each.text:
            clashes[question_id] = TypedMeanwhile(answer.text, answer.edition)
            continue
        _keep(bid, question_of(bid, question_id), answer, each)
    return clashes


def _keep(bid: Bid, question: LotQuestion, answer: BidAnswer, given: Read) -> None:
    if answer.text != given.text:
        put_answer(bid, question, answer, given.text)
        changed(bid, "answer_saved", ["text"])
    if given.read and answer.unreviewed:
        answer.unreviewed = False
        changed(bid, "answer_read", ["unreviewed"])


def _put(bid: Bid, question: LotQuestion, answer: BidAnswer | None, taken: Earlier) -> None:
    own = "" if answer is None or _as_taken_over(answer) else answer.text.strip()
    answer = put_answer(bid, question, answer, f"{own}\n\n{taken.text}" if own else taken.text)
    answer.origin = taken.origin.kept()
    answer.unreviewed = True
    changed(bid, "answer_taken_over", ["text", "origin", "unreviewed"])


def _as_taken_over(answer: BidAnswer) -> bool:
    """Nobody has written in it since it was taken over, so that nothing is lost with it."""
    origin = origin_of(answer)
    return origin is not None and origin.digest == digest(answer.text)
