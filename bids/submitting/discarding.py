"""Going back to what was submitted last."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from bids.models import Bid, BidState, BidVersion
from bids.price.arithmetic import Costs
from bids.sealing import OwnCopy
from bids.submitting.content import content_of, price_of
from bids.working import answers_held, changed, put_answer, question_of, writable
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal

# What is not put back by itself: files and partners have a life of their own.
APART = ("demands", "partners")


def discard_changes(bid_id: UUID, by: Acting) -> bool:
    """Put answers, price and costs back to the version submitted last.

    Says whether the working copy is again all that was submitted; files and partners stay as they
    are. Raises Refusal where nothing was changed since.
    """
    bid = writable(bid_id, by)
    copy = OwnCopy.of(version_behind(bid).own_copy)
    content, price = copy.read_content(), copy.read_price()
    _put_answers_back(bid, content["answers"])
    _put_price_back(bid, price)
    db.session.flush()
    changed(bid, "changes_discarded", ["answers", "price_pence", "costs"])
    bid.edited = not _is_as_submitted(bid, content, price, by)
    return not bid.edited


def version_behind(bid: Bid) -> BidVersion:
    """The submitted version from which the working copy differs. Raises Refusal for none."""
    version = bid.latest
    if bid.state != BidState.SUBMITTED or not bid.edited or version is None:
        raise Refusal(_("Nothing of this bid has changed since it was submitted."))
    return version


def _put_answers_back(bid: Bid, sealed: list[dict[str, str]]) -> None:
    held = answers_held(bid)
    for each in sealed:
        question = question_of(bid, UUID(each["question_id"]))
        answer = put_answer(bid, question, held.get(question.id), each["answer"])
        answer.unreviewed = False


def _put_price_back(bid: Bid, sealed: dict[str, Any]) -> None:
    bid.price_pence = str(sealed["pence"])
    bid.costs = Costs.of(sealed.get("costs", {}), sealed.get("explanation", "")).as_text()
    bid.price_edition += 1
    bid.costs_edition += 1


def _is_as_submitted(bid: Bid, content: dict[str, Any], price: dict[str, Any], by: Acting) -> bool:
    now, shares = content_of(bid, bid.lot, by), price_of(bid)["shares"]
    same = all(_plain(now[name]) == content.get(name, []) for name in APART)
    return same and _plain(shares) == price.get("shares", [])


def _plain(value: Any) -> Any:
    """As it comes back out of JSON."""
    return json.loads(json.dumps(value))
