"""The hours that bidders say a bid took them: after the award, as a median, from 3 bids up."""

from __future__ import annotations

from decimal import Decimal
from statistics import median
from uuid import UUID

from flask import Flask, render_template
from flask_babel import format_decimal
from markupsafe import Markup
from sqlalchemy import func, select

from bids.models import Bid, OpenedBid
from lots.models import Lot
from lots.proportionality.burden import HOURS_SPENT, LEAST_BIDS
from lots.vocabulary import LotState
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.registry import measures, panels


def hours_by_lot() -> list[tuple[UUID, Decimal]]:
    """(lot, hours) of each bid that said so, in awarded lots where at least three did."""
    enough = (
        select(Bid.lot_id)
        .join(OpenedBid, OpenedBid.bid_id == Bid.id)
        .join(Lot, Lot.id == Bid.lot_id)
        .where(Lot.state == LotState.AWARDED, OpenedBid.hours_spent.is_not(None))
        .group_by(Bid.lot_id)
        .having(func.count() >= LEAST_BIDS)
    )
    found = (
        select(Bid.lot_id, OpenedBid.hours_spent)
        .join(OpenedBid, OpenedBid.bid_id == Bid.id)
        .where(Bid.lot_id.in_(enough), OpenedBid.hours_spent.is_not(None))
    )
    return [(lot_id, Decimal(hours)) for lot_id, hours in db.session.execute(found) if hours]


def median_hours(lot: Lot) -> tuple[Decimal, int] | None:
    """(median hours, of how many bids) of an awarded lot; None where fewer than three said."""
    if lot.state != LotState.AWARDED:
        return None
    found = (
        select(OpenedBid.hours_spent)
        .join(Bid, Bid.id == OpenedBid.bid_id)
        .where(Bid.lot_id == lot.id, OpenedBid.hours_spent.is_not(None))
    )
    told = [Decimal(hours) for hours in db.session.scalars(found) if hours]
    return (median(told), len(told)) if len(told) >= LEAST_BIDS else None


def _panel(lot: Lot, by: Acting | None) -> Markup | str:
    found = median_hours(lot)
    if found is None:
        return ""
    hours, bids = found
    shown = format_decimal(hours)
    return Markup(render_template("bids/submitting/hours.html", hours=shown, bids=bids))


def register(app: Flask) -> None:
    """Show the median on the lot's public page, and let the burden meter learn from it."""
    panels(app).setdefault("opportunity", []).append(_panel)
    measures(app)[HOURS_SPENT] = hours_by_lot
