"""A bid as a text document, in the bidder's own words and order."""

from __future__ import annotations

from flask_babel import gettext as _

from bids.models import BID_STATES, Bid
from lots.vocabulary import PRICE_BASES
from marketplace.web.filters import shown_pounds
from marketplace.web.words import count_words


def as_text(bid: Bid) -> str:
    """The working copy: questions with their answers, then the price."""
    answers = {answer.question_id: answer.text for answer in bid.answers}
    parts = [bid.lot.title, bid.lot.reference, f"{_('State')}: {BID_STATES[bid.state]}", ""]
    for question in bid.lot.questions:
        text = answers.get(question.id, "")
        parts += [
            _("Question %(number)s: %(text)s", number=question.position, text=question.text),
            _(
                "%(words)s of %(limit)s words",
                words=count_words(text),
                limit=question.word_limit,
            ),
            "",
            text or _("Not answered yet"),
            "",
        ]
    price = shown_pounds(int(bid.price_pence)) if bid.price_pence else _("Not given yet")
    parts += [f"{_('Price')} ({PRICE_BASES[bid.lot.price_basis]}): {price}", ""]
    for version in bid.versions:
        parts.append(
            _(
                "Version %(number)s submitted at %(moment)s, SHA-256 %(sha256)s",
                number=version.number,
                moment=f"{version.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
                sha256=version.sha256,
            )
        )
    return "\n".join(parts) + "\n"
