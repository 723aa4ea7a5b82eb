"""What price and costs still need before the bid can be submitted."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from bids.models import Bid
from bids.price.arithmetic import Sheet
from bids.price.sheet import sheet_of
from bids.tasks import Task
from lots.prices.wording import amount_in_words
from marketplace.web.filters import shown_pounds


@dataclass(frozen=True)
class Problem:
    """What is missing, and the field of the page that would put it right."""

    text: str
    field: str


def price_problem(sheet: Sheet) -> Problem | None:
    """What keeps the price from being submitted."""
    if sheet.price_pence is None:
        return Problem(_("The price is missing."), "amount")
    if sheet.is_above_value:
        return Problem(
            _(
                "The price is %(total)s over the whole term. That is above the value of the lot, "
                "%(value)s, and a bid above it is set aside.",
                total=shown_pounds(sheet.price_pence),
                value=shown_pounds(sheet.value_pence),
            ),
            "amount",
        )
    if sheet.is_low and sheet.to_explain:
        return Problem(
            _(
                "The price is more than %(percent)s%% below the value of the lot. Explain how you "
                "can deliver the service for it.",
                percent=sheet.low_percent,
            ),
            "explanation",
        )
    return None


def cost_problem(sheet: Sheet) -> Problem | None:
    """What keeps the sheet from being submitted."""
    if not sheet.cost_pence:
        return Problem(
            _("What the service costs is missing. Enter at least one cost."), "staff-what-1"
        )
    if sheet.own_missing:
        return Problem(
            _(
                "Your own costs are missing. The partners’ shares are only a part of the price: "
                "enter at least one cost of your organisation."
            ),
            "staff-what-1",
        )
    if sheet.price_pence is not None and sheet.shares_pence > sheet.price_pence:
        return Problem(
            _(
                "The partners’ shares, %(shares)s in all, are above the price.",
                shares=shown_pounds(sheet.shares_pence),
            ),
            "amount",
        )
    if sheet.is_below_cost and sheet.to_explain:
        return Problem(
            _(
                "The price is %(short)s below what the service costs. Explain who pays the rest, "
                "or change the price or the costs.",
                short=shown_pounds(-(sheet.left_pence or 0)),
            ),
            "explanation",
        )
    return None


def tasks_of(bid: Bid) -> list[Task]:
    """The price and what it costs, both on one page."""
    sheet = sheet_of(bid)
    price, cost = price_problem(sheet), cost_problem(sheet)
    values = {"bid_id": bid.id}
    return [
        Task(
            _("Price"),
            "bid_price.show",
            price.text if price else None,
            _price_in_words(bid, sheet),
            values,
        ),
        Task(
            _("What it costs"),
            "bid_price.show",
            cost.text if cost else None,
            _("%(amount)s in all", amount=shown_pounds(sheet.cost_pence))
            if sheet.cost_pence
            else None,
            values | {"_anchor": "costs"},
        ),
    ]


def _price_in_words(bid: Bid, sheet: Sheet) -> str | None:
    if not bid.price_pence or sheet.price_pence is None:
        return None
    return amount_in_words(bid.lot, int(bid.price_pence), sheet.price_pence)
