"""What each bidder is told, and what everybody may read of a decision."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Response, render_template
from flask_babel import gettext as _

from bids.awards import documents, queries
from bids.awards.models import BidSummary
from bids.awards.shown import corrections
from bids.awards.standstill import Standstill, standstill_of
from bids.awards.views import blueprint
from bids.downloads import as_file
from bids.models import SET_ASIDE_GROUNDS, Bid, SetAsideGround
from bids.permissions import BidPermission
from bids.writing.documents import MIMETYPE
from lots import queries as lots
from lots.vocabulary import PRICE_BASES
from marketplace.permissions import public, requires
from marketplace.web.acting import actor


@blueprint.get("/bids/<uuid:bid_id>/outcome")
@requires(BidPermission.SUBMIT)
def summary(bid_id: UUID) -> Any:
    """What the bidder is told: outcome, scores, reasons, the winner's."""
    bid, stored = queries.own_summary(bid_id, actor())
    told = json.loads(stored.content)
    ground = SET_ASIDE_GROUNDS[SetAsideGround(told["ground"])] if told["ground"] else None
    return render_template(
        "bids/summary.html",
        bid=bid,
        told=told,
        ground=ground,
        corrections=corrections(told),
        sent_at=stored.sent_at,
        won=stored.award.bid_id == bid.id,
        taken_back=stored.award.superseded_at,
        standstill=_standstill(bid, stored),
    )


@blueprint.get("/bids/<uuid:bid_id>/outcome/download")
@requires(BidPermission.SUBMIT)
def summary_document(bid_id: UUID) -> Response:
    """The same as a document that word processors open."""
    bid, stored = queries.own_summary(bid_id, actor())
    told = json.loads(stored.content)
    content = documents.summary_document(bid, stored, told, _standstill(bid, stored))
    return as_file(content, MIMETYPE, _("outcome") + f"-{bid.lot.reference}.docx")


def _standstill(bid: Bid, stored: BidSummary) -> Standstill | None:
    if stored.award.superseded_at is not None:
        return None
    return standstill_of(bid.lot, stored.award)


@blueprint.get("/opportunities/<uuid:lot_id>/decision")
@public
def public_decision(lot_id: UUID) -> str:
    """The decision on a lot with its reasons, the figures and the days of the standstill."""
    lot = lots.opportunity(lot_id)
    return render_template(
        "bids/awards/public.html",
        lot=lot,
        decision=queries.public_award(lot),
        earlier=queries.taken_back(lot.id),
        price_basis=PRICE_BASES[lot.price_basis],
    )
