"""What the market report tells of bids: hours and success by size, in decided competitions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from bids.awards.models import Award, AwardOutcome
from bids.models import Bid
from bids.submitting.hours import hours_by_lot
from lots.market.queries import DECIDED_BIDS, UNKNOWN
from lots.models import Lot
from lots.proportionality.burden import LEAST_BIDS
from marketplace.database import db
from marketplace.organisations.models import IncomeBand, Organisation
from marketplace.registry import measures

SIZES = (*IncomeBand, UNKNOWN)


def decided_bids(before: datetime, demonstration: bool) -> dict[str, Any]:
    """Bids in competitions whose award was told to the bidders before a moment; few statements.

    Few bids of one size, or few that named their hours, are not told apart: who bid without
    success is nobody's business.
    """
    lots = _decided(before, demonstration)
    by_size = _by_size(lots)
    return {
        "competitions": len(lots),
        "bids": sum(bids for bids, _won in by_size.values()),
        "hours_per_bid": _hours(lots),
        "by_size": {
            size: {"bids": bids, "awarded": won, "success_rate": won / bids}
            for size, (bids, won) in told_apart(by_size).items()
        },
    }


def told_apart(by_size: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The sizes that may be shown beside their sum, so that no small one is found by subtraction.

    Where what is left out comes to fewer than `LEAST_BIDS`, the smallest shown is left out too.
    """
    shown = {size: by_size[size] for size in SIZES if by_size.get(size, (0, 0))[0] >= LEAST_BIDS}
    rest = sum(bids for bids, _won in by_size.values()) - sum(bids for bids, _ in shown.values())
    if 0 < rest < LEAST_BIDS and shown:
        del shown[min(shown, key=lambda size: shown[size][0])]
    return shown


def _decided(before: datetime, demonstration: bool) -> set[UUID]:
    found = (
        select(Award.lot_id)
        .join(Lot, Lot.id == Award.lot_id)
        .where(
            Award.superseded_at.is_(None),
            Award.outcome == AwardOutcome.AWARD,
            Award.summaries_sent_at < before,
        )
    )
    if not demonstration:
        found = found.where(Lot.is_demonstration.is_(False))
    return set(db.session.scalars(found))


def _by_size(lots: Collection[UUID]) -> dict[str, tuple[int, int]]:
    """(bids, of them awarded) by the bidder's income."""
    rows = db.session.execute(
        select(Organisation.income_band, func.count(), func.count(Award.id))
        .select_from(Bid)
        .join(Organisation, Organisation.id == Bid.organisation_id)
        .outerjoin(Award, (Award.bid_id == Bid.id) & Award.superseded_at.is_(None))
        .where(Bid.lot_id.in_(lots))
        .group_by(Organisation.income_band)
    )
    return {band or UNKNOWN: (bids, won) for band, bids, won in rows}


def _hours(lots: Collection[UUID]) -> dict[str, Any]:
    """The median of what bidders named, and of how many bids."""
    hours = [float(named) for lot_id, named in hours_by_lot() if lot_id in lots]
    return {"median": median(hours) if len(hours) >= LEAST_BIDS else None, "bids": len(hours)}


def register(app: Flask) -> None:
    """Answer the market report."""
    measures(app)[DECIDED_BIDS] = decided_bids
