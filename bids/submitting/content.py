"""What a submitted version holds: one part open to evaluators, one with everything in pounds.

Each room says what of it belongs to a version; here it is only put together. Whatever is in
pounds stands in the price part, which stays closed until the quality scores are locked.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from bids.attachments import queries as attachments
from bids.declarations import NO_EXCLUSION
from bids.models import Bid
from bids.partners import queries as partners
from bids.price import sheet
from lots.models import Lot
from marketplace.acting import Acting

# The legal confirmations of the bidder, given anew for each version.
DECLARATIONS = {
    "true": _l("What this bid says is true, and the people who answer for us have agreed to it"),
    "no_exclusion": NO_EXCLUSION,
    "no_conflict": _l("We have told the buyer of every conflict of interest that we have here"),
    "price_holds": _l("What we say of price and costs is right, and the price stands for 90 days"),
}
ALL_DECLARED = _l("Confirm all of the statements. A bid cannot be submitted without them.")
# Somebody's whole year: whoever types more has mistyped.
MOST_HOURS = 2_000


def content_of(bid: Bid, lot: Lot, by: Acting) -> dict[str, Any]:
    """Everything but pounds, as it stands in the working copy."""
    answers = {answer.question_id: answer.text for answer in bid.answers}
    return {
        "bid": str(bid.id),
        "lot": lot.reference,
        "organisation": {"id": str(by.organisation_id), "name": by.organisation_name},
        "answers": [
            {
                "question_id": str(question.id),
                "question": question.text,
                "answer": answers.get(question.id, ""),
            }
            for question in lot.questions
        ],
        "demands": attachments.content_of(bid),
        "partners": partners.content_of(bid),
    }


def price_of(bid: Bid) -> dict[str, Any]:
    """Everything in pounds: the price, what it is made of, and the partners' shares; all pence."""
    return sheet.content_of(bid) | {"shares": partners.shares_of(bid)}
