"""Files of an opened bid, for those who may read it. Each saving of one is observed as reading."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint

from bids.attachments.downloads import hand_out
from bids.attachments.queries import file_in
from bids.evaluation import queries
from bids.permissions import BidPermission
from marketplace.observations import observe_read
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("bid_files", __name__, url_prefix="/evaluations")


@blueprint.get("/<uuid:evaluation_id>/bids/<uuid:bid_id>/files/<uuid:file_id>")
@requires(BidPermission.READ_OPENED)
def download(evaluation_id: UUID, bid_id: UUID, file_id: UUID) -> Any:
    """A file as it was sealed with the bid; the opening brought its key to light."""
    evaluation = queries.readable(evaluation_id, actor())
    content = queries.content_of(queries.opened_bid(evaluation, bid_id))
    sealed = file_in(content, file_id)
    observe_read("bid", bid_id, actor())
    return hand_out(sealed)
