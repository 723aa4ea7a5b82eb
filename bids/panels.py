"""What a lot's pages show of its bids: to the public the decision, to each side its way in."""

from __future__ import annotations

from flask import Flask, render_template
from markupsafe import Markup

from bids.awards.queries import public_award, taken_back
from bids.evaluation.queries import evaluation_of
from bids.finder.permissions import FinderPermission
from bids.opening.queries import is_due, opened_versions, public_record
from bids.permissions import BidPermission
from bids.queries import bid_for, unfinished
from bids.working import is_open
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS, is_lead_buyer
from lots.vocabulary import PRICE_BASES
from marketplace.acting import ROLES, Acting
from marketplace.permissions import allowed
from marketplace.qualification.queries import categories_asked, held_by, qualified_for
from marketplace.registry import panels

MOST_WAYS_BACK = 5


def lot_panel(lot: Lot, by: Acting | None) -> Markup:
    """Nothing here says whether anybody else bids."""
    writes = allowed(by, BidPermission.WRITE)
    runner = by if by and by.has(*DRAFTERS, *DECIDERS) and is_lead_buyer(by, lot) else None
    return Markup(
        render_template(
            "bids/lot_panel.html",
            lot=lot,
            decision=public_award(lot),
            earlier=taken_back(lot.id),
            price_basis=PRICE_BASES[lot.price_basis],
            bid=bid_for(lot.id, by) if by and writes else None,
            may_start=writes and is_open(lot),
            may_sign_in=by is None and is_open(lot),
            may_look=allowed(by, FinderPermission.LOOK) and is_open(lot),
            opens=runner is not None and is_due(lot),
            evaluation=evaluation_of(lot.id) if runner else None,
        )
    )


def record_panel(lot: Lot, by: Acting | None) -> Markup | str:
    """The public record of the opening: each bidder finds its hash, and everybody can count."""
    opening = public_record(lot)
    if opening is None:
        return ""
    return Markup(
        render_template(
            "bids/opening/record.html",
            opening=opening,
            versions=opened_versions(opening),
            roles=ROLES,
        )
    )


def way_back_panel(by: Acting) -> Markup | str:
    """On the pages of qualification: the way back to the bids whose step it is."""
    if not allowed(by, BidPermission.WRITE):
        return ""
    held, qualified = held_by(by.organisation_id), qualified_for(by.organisation_id)
    since = {each.category_code: each.since for each in held if each.category_code in qualified}
    ways = []
    for each in unfinished(by, MOST_WAYS_BACK):
        asked = categories_asked(each.bid.lot.service_code)
        missing = not qualified.issuperset(asked)
        # Whoever has just qualified for a bid wants to go on with it.
        if missing or any(since[code] >= each.bid.created_at for code in asked):
            ways.append((each.bid, missing))
    return Markup(render_template("bids/way_back.html", ways=ways))


def register(app: Flask) -> None:
    """Fill the slot that both pages of a lot keep free; first of all the way to bid."""
    for page in ("opportunity_first", "lot"):
        panels(app).setdefault(page, []).insert(0, lot_panel)
    panels(app).setdefault("opportunity", []).append(record_panel)
    panels(app).setdefault("qualification", []).append(way_back_panel)
