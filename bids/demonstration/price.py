"""What the demonstration's bids cost: sheets that fit each price."""

from __future__ import annotations

from uuid import UUID

from bids.models import Bid
from bids.partners.queries import shares_of
from bids.price import actions
from bids.price.arithmetic import Costs, Line
from lots.models import Lot
from lots.prices.arithmetic import whole
from marketplace.acting import Acting
from marketplace.database import db

# Of each hundred pounds of the price; what is missing to a hundred is left over for bad months.
STAFF = (("Caseworkers, with pension", 48), ("Service manager, half her time", 14))
OVERHEADS = (("A fair part of rent, insurance and management", 17),)
OTHER = (("Travel and rooms", 8), ("Interpreters and training", 6))
# A price under so many hundredths of the lot's value is explained, asked or not.
EXPLAINED_UNDER = 85
LOW = (
    "Our workers already meet people in these towns, so this lot adds hours and no new office. "
    "The rent of our meeting rooms is paid by the borough until the end of the term."
)


def save(bid_id: UUID, lot: Lot, pence: int, by: Acting) -> None:
    """Give the bid its price and the costs behind it."""
    actions.save_price(bid_id, pence, 0, by)
    total = whole(lot, pence) or pence
    low = total * 100 < (lot.value_net_pence or 0) * EXPLAINED_UNDER
    shares = sum(each["pence"] for each in shares_of(db.session.get_one(Bid, bid_id)))
    actions.save_costs(bid_id, _costs(total - shares, LOW if low else ""), 0, by)


def _costs(total: int, explanation: str) -> Costs:
    return Costs(
        staff=_lines(STAFF, total),
        overheads=_lines(OVERHEADS, total),
        other=_lines(OTHER, total),
        explanation=explanation,
    )


def _lines(part: tuple[tuple[str, int], ...], total: int) -> tuple[Line, ...]:
    """Whole hundreds of pounds, as people write them."""
    return tuple(Line(what, total // 10_000 * percent * 100) for what, percent in part)
