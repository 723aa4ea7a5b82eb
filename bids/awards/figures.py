"""The figures that an award notice states of the bidders, as they are at the decision."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from bids.models import Bid, BidState
from marketplace.database import db
from marketplace.organisations.models import IncomeBand, Organisation

# Small and medium: an annual turnover of at most some £44m (Procurement Act 2023 s.123(1)). The
# bands end at £10m, so that of the largest nobody is counted.
SME_BANDS = frozenset(set(IncomeBand) - {IncomeBand.OVER_10M})


def figures(bids: Iterable[Bid], ranked: int) -> dict[str, int]:
    """How many bids came, how many are ranked, and of these those of small or voluntary bidders.

    Small is voluntary with an income under £1m (domain, section 4). Before the decision the
    ranked bids are the compliant ones, once prices are open.
    """
    listed = list(bids)
    wanted = [bid.organisation_id for bid in listed if ranked and bid.state == BidState.COMPLIANT]
    bidders = db.session.scalars(select(Organisation).where(Organisation.id.in_(wanted))).all()
    return {
        "bids": len(listed),
        "final_stage_bids": ranked,
        "sme_bids": sum(each.income_band in SME_BANDS for each in bidders),
        "small_bids": sum(each.is_small for each in bidders),
        "vcse_bids": sum(each.is_voluntary for each in bidders),
    }
