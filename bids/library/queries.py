"""The answer library: a reading of everything that the organisation acted for has answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bids.library.origin import Origin, Source, digest
from bids.models import Bid, BidAnswer, BidVersion
from bids.permissions import BidPermission
from bids.queries import last_versions, own_bids
from bids.sealing import OwnCopy
from lots.models import LotQuestion
from marketplace.acting import Acting
from marketplace.categories.queries import category_name
from marketplace.database import db
from marketplace.permissions import allowed
from marketplace.qualification.models import Application, ApplicationAnswer
from marketplace.qualification.permissions import QualificationPermission
from marketplace.questions.models import Question, QuestionKind

# A handful can be read through beside the question; everything else is on the page of all answers.
MOST_OFFERED = 3
# Of 100: the bank’s questions asked in other words mostly reach 67, questions about something
# else stay below 65 (tests/bids/library/test_queries.py).
LEAST_ALIKE = 66
# Shorter words ("how", "the", "sut", "yn") say how something is asked, not what is asked.
SHORTEST_WORD = 4


@dataclass(frozen=True)
class Earlier:
    """One answer given before, under the concept that it was asked for."""

    origin: Origin
    concept: str
    text: str

    @property
    def key(self) -> str:
        """Names this text among the organisation's answers."""
        return self.origin.digest


def answered(by: Acting, leave_out: UUID | None = None) -> list[Earlier]:
    """Everything that the organisation has answered in words, newest first, each text once.

    `leave_out` is a bid or an application whose answers are not wanted. Legal confirmations and
    declarations are never among them (domain, section 5).
    """
    found: list[Earlier] = []
    if allowed(by, BidPermission.LIST_OWN):
        found += _of_bids([each for each in own_bids(by) if each.id != leave_out])
    if allowed(by, QualificationPermission.SEE_OWN):
        found += _of_applications(by, leave_out)
    found.sort(key=lambda each: each.origin.given_at, reverse=True)
    once: dict[str, Earlier] = {}
    for each in found:
        if each.text:
            once.setdefault(each.key, each)
    return list(once.values())


def closest(answers: Iterable[Earlier], concept: str, wording: str) -> list[Earlier]:
    """Of these the ones of the same concept as they stand, then the likest of the others."""
    same, others = [], []
    for each in answers:
        if concept and each.concept == concept:
            same.append(each)
        elif (score := likeness(wording, each)) >= LEAST_ALIKE:
            others.append((score, each))
    others.sort(key=lambda pair: pair[0], reverse=True)
    return [*same, *(each for _score, each in others)]


def earlier(
    by: Acting, concept: str, wording: str, *, leave_out: UUID | None = None, held: str = ""
) -> list[Earlier]:
    """The few earlier answers to offer for a question that holds this text by now."""
    others = [each for each in answered(by, leave_out) if each.text != held.strip()]
    return closest(others, concept, wording)[:MOST_OFFERED]


def likeness(wording: str, other: Earlier) -> float:
    """From 0 to 100: of the questions, or of what is asked and what was answered."""
    asked = _telling(wording)
    before = (_telling(other.origin.wording), _telling(other.text))
    return max(fuzz.token_set_ratio(asked, each) for each in before)


def _telling(text: str) -> str:
    return " ".join(each for each in default_process(text).split() if len(each) >= SHORTEST_WORD)


def _of_bids(bids: Sequence[Bid]) -> list[Earlier]:
    """The submitted versions that count, and the working copies where they differ."""
    versions = last_versions([each.id for each in bids], BidVersion.sealed_own_copy)
    lots = {each.lot_id for each in bids}
    asked = db.session.scalars(select(LotQuestion).where(LotQuestion.lot_id.in_(lots)))
    questions = {each.id: each for each in asked}
    found = select(BidAnswer).where(BidAnswer.bid_id.in_([each.id for each in bids]))
    working: dict[UUID, list[BidAnswer]] = {}
    for answer in db.session.scalars(found.options(joinedload(BidAnswer.bid))):
        working.setdefault(answer.bid_id, []).append(answer)
    return [
        each
        for bid in bids
        for each in (
            *_submitted(bid, versions.get(bid.id), questions),
            *_written(bid, versions.get(bid.id), working.get(bid.id, ()), questions),
        )
    ]


def _submitted(
    bid: Bid, latest: BidVersion | None, questions: dict[UUID, LotQuestion]
) -> list[Earlier]:
    if latest is None:
        return []
    content = OwnCopy.of(latest.own_copy).read_content()
    asked = [(questions[UUID(each["question_id"])], each) for each in content["answers"]]
    return [
        _of_bid(bid, latest, question.concept, each["question"], each["answer"])
        for question, each in asked
    ]


def _written(
    bid: Bid,
    latest: BidVersion | None,
    answers: Iterable[BidAnswer],
    questions: dict[UUID, LotQuestion],
) -> list[Earlier]:
    """What was taken over and not read yet stands where it came from."""
    asked = [(questions[each.question_id], each) for each in answers if not each.unreviewed]
    return [
        _of_bid(bid, latest, question.concept, question.text, each.text) for question, each in asked
    ]


def _of_bid(bid: Bid, latest: BidVersion | None, concept: str, wording: str, text: str) -> Earlier:
    text = text.strip()
    origin = Origin(
        source=Source.BID,
        source_id=bid.id,
        where=f"{bid.lot.title} ({bid.lot.reference})",
        wording=wording,
        given_at=latest.submitted_at if latest else bid.created_at,
        submitted=latest is not None,
        state=bid.state.value,
        digest=digest(text),
    )
    return Earlier(origin, concept, text)


def _of_applications(by: Acting, leave_out: UUID | None) -> list[Earlier]:
    own = (
        select(ApplicationAnswer, Question, Application)
        .join(Application, Application.id == ApplicationAnswer.application_id)
        .join(Question, Question.id == ApplicationAnswer.question_id)
        .where(
            Application.organisation_id == by.organisation_id,
            Application.id != leave_out,
            Question.kind == QuestionKind.WORDS,
            Question.legal.is_(False),
        )
    )
    return [_of_application(*row) for row in db.session.execute(own)]


def _of_application(
    answer: ApplicationAnswer, question: Question, application: Application
) -> Earlier:
    text = answer.answer.strip()
    origin = Origin(
        source=Source.QUALIFICATION,
        source_id=application.id,
        where=category_name(application.category_code),
        wording=question.asked,
        given_at=application.submitted_at or application.created_at,
        submitted=application.submitted_at is not None,
        state=application.state.value,
        digest=digest(text),
    )
    return Earlier(origin, question.concept, text)
