"""A qualification that ends in "not yet" sets the organisation's opened bids aside.

Sealed bids wait: whoever is told "not yet" before the opening may still qualify, and whose bids
they are is not known until then. What is opened afterwards is judged at that moment.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import select

from bids.evaluation.models import Evaluation
from bids.evaluation.queries import BEFORE_PRICES
from bids.lifecycle import BID, OPEN, SET_ASIDE
from bids.models import TO_CHECK, Bid, SetAsideGround
from marketplace import events
from marketplace.acting import Acting
from marketplace.categories.queries import category_name
from marketplace.database import db
from marketplace.qualification import queries as qualification
from marketplace.qualification.lifecycle import SAY_NOT_YET
from marketplace.qualification.models import Application, ApplicationState
from marketplace.qualification.queries import Standing


def decided(application: Application, by: Acting | None) -> None:
    """Set aside, in the decision's own transaction, what can no longer pass the check."""
    theirs = (Bid.organisation_id == application.organisation_id, Bid.state.in_(TO_CHECK))
    judged = select(Evaluation).where(
        Evaluation.state.in_(BEFORE_PRICES),
        Evaluation.lot_id.in_(select(Bid.lot_id).where(*theirs)),
    )
    # The documented order of locks: the evaluation before its bids, several of one kind by id.
    for evaluation in db.session.scalars(judged.order_by(Evaluation.id).with_for_update()).all():
        held = select(Bid).where(Bid.lot_id == evaluation.lot_id, *theirs).with_for_update()
        for bid in db.session.scalars(held).all():
            opened(bid, None)


def opened(bid: Bid, by: Acting | None) -> None:
    """Set an opened bid aside where its organisation was told "not yet", and nothing is pending."""
    refused = _refused_category(bid)
    if refused is None:
        return
    reason = _(
        "The framework team decided “not yet” on the application to qualify for %(category)s, "
        "which this service asks for. Its reasons stand with that decision.",
        category=category_name(refused),
    )
    facts = {"ground": SetAsideGround.NOT_QUALIFIED, "ground_reason": reason}
    # Nobody of the buyer decides this, hence the system.
    BID.take(SET_ASIDE, bid, by=None, facts=facts, reason=SetAsideGround.NOT_QUALIFIED)


def _refused_category(bid: Bid) -> str | None:
    """A category that the lot asks for and whose newest application ended in "not yet"."""
    asked = bid.lot.service_code
    if qualification.standing(bid.bidder_id, asked) is not Standing.NONE:
        return None
    lacking = set(qualification.categories_asked(asked)) - qualification.qualified_for(
        bid.bidder_id
    )
    newest = qualification.newest_by_category(bid.bidder_id, lacking)
    told = [code for code, each in newest.items() if each.state == ApplicationState.NOT_YET]
    return min(told, default=None)


def register(app: Flask) -> None:
    """Hear of decisions, and of each bid that is opened after one."""
    events.when(app, SAY_NOT_YET, decided)
    events.when(app, OPEN, opened)
