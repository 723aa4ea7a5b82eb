"""What the answers of a bid still lack."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from bids.models import Bid, BidAnswer
from bids.tasks import Task, part_of
from lots.models import LotQuestion
from marketplace.web.words import count_words


def tasks_of(bid: Bid) -> list[Task]:
    """A task for each question of the lot."""
    answers = {answer.question_id: answer for answer in bid.answers}
    return [_question(bid, question, answers.get(question.id)) for question in bid.lot.questions]


def _question(bid: Bid, question: LotQuestion, answer: BidAnswer | None) -> Task:
    words = count_words(answer.text) if answer else 0
    return Task(
        _("Question %(number)s: %(text)s", number=question.position, text=question.text),
        "bid_writing.question",
        _problem(question, words, answer is not None and answer.unreviewed),
        _("%(words)s of %(limit)s words", words=words, limit=question.word_limit),
        {"bid_id": bid.id, "question_id": question.id},
        part=part_of(question.id),
    )


def _problem(question: LotQuestion, words: int, unreviewed: bool) -> str | None:
    if not words:
        return _("Question %(number)s is not answered.", number=question.position)
    if words > question.word_limit:
        return ngettext(
            "The answer to question %(number)s is %(num)s word too long.",
            "The answer to question %(number)s is %(num)s words too long.",
            words - question.word_limit,
            number=question.position,
        )
    if unreviewed:
        return _(
            "The answer to question %(number)s comes from an earlier one. Read it, change what "
            "does not fit, and save it.",
            number=question.position,
        )
    return None
