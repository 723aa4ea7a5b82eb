"""What a bid still needs before it can be submitted, and who must see to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from bids.models import Bid
from bids.tasks import Task
from marketplace.qualification import queries as qualification
from marketplace.qualification.queries import Standing
from marketplace.web.words import count_words


def tasks(bid: Bid, organisation_id: UUID) -> list[Task]:
    """Every part of the bid in its order."""
    answers = {answer.question_id: answer.text for answer in bid.answers}
    return [
        _qualification(bid, organisation_id),
        *(_question(bid, question, answers.get(question.id, "")) for question in bid.lot.questions),
        Task(
            _("Price"),
            "bid_price.show",
            None if bid.price_pence else _("The price is missing."),
            values={"bid_id": bid.id},
        ),
    ]


def missing(bid: Bid, organisation_id: UUID) -> list[str]:
    """A sentence for each thing that keeps the bid from being submitted."""
    return [task.problem for task in tasks(bid, organisation_id) if task.problem]


def _qualification(bid: Bid, organisation_id: UUID) -> Task:
    standing = qualification.standing(organisation_id, bid.lot.service_code)
    hints = {
        Standing.QUALIFIED: _("Your organisation is qualified for this service."),
        Standing.PENDING: _(
            "The framework team is deciding. You can submit your bid meanwhile; it counts if the "
            "decision is yes."
        ),
    }
    label = _("Qualification for the service")
    if standing is Standing.QUALIFIED:
        return Task(label, None, None, hints[standing])
    if standing is Standing.PENDING:
        return Task(label, "qualification.overview", None, hints[standing])
    return Task(
        label,
        "qualification.apply",
        _("Your organisation has not applied to qualify for this service."),
        _("Somebody in your organisation applies once; it takes a short form."),
        {"category": qualification.categories_asked(bid.lot.service_code)},
    )


def _question(bid: Bid, question: Any, text: str) -> Task:
    words = count_words(text)
    problem = None
    if not words:
        problem = _("Question %(number)s is not answered.", number=question.position)
    elif words > question.word_limit:
        over = words - question.word_limit
        problem = ngettext(
            "The answer to question %(number)s is %(num)s word too long.",
            "The answer to question %(number)s is %(num)s words too long.",
            over,
            number=question.position,
        )
    return Task(
        _("Question %(number)s: %(text)s", number=question.position, text=question.text),
        "bid_writing.question",
        problem,
        _("%(words)s of %(limit)s words", words=words, limit=question.word_limit),
        {"bid_id": bid.id, "question_id": question.id},
    )
