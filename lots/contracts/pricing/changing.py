"""What a signed change of value or term does to the price list; pence that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from lots.contracts.models import Contract
from lots.contracts.pricing.drawing import first_month, put
from lots.contracts.pricing.list import PriceList, prices_in
from lots.models import Lot
from lots.prices.arithmetic import SINGLE, Price, due_months, instalments, parts_of, prices
from lots.vocabulary import WHOLE_PRICE, Paid, Route
from marketplace import clock
from marketplace.calendar import months_later
from marketplace.lifecycle import Refusal
from marketplace.web.filters import shown_date, shown_pounds

Listed = list[list[Any]]


def counts_from(day: date) -> date:
    """The first month that a price of this day covers whole, by its first day."""
    month = day.replace(day=1)
    return month if day == month else months_later(month, 1)


def in_force(contract: Contract, month: date) -> list[Price]:
    """The prices of a month, raised to it, and the instalments from it on."""
    listed = prices_in(contract, month)
    keys = {(row.paid, row.complexity, row.outcome_code, row.above) for row in listed.rows}
    found = []
    for paid, complexity, code, above in sorted(keys):
        if paid == Paid.INSTALMENT:
            continue
        pence = _pence(listed, paid, complexity, code, above)
        found.append(Price(paid, pence, complexity, code, above))
    return found + [
        Price(Paid.INSTALMENT, row.pence, month=_number(contract, row.valid_from))
        for row in listed.rows
        if row.paid == Paid.INSTALMENT and row.valid_from >= month
    ]


def _pence(listed: PriceList, paid: Paid, complexity: str, code: str, above: int) -> int:
    by_kind = {
        Paid.FEE: listed.fee,
        Paid.START: lambda: listed.start(complexity, above + 1),
        Paid.OUTCOME: lambda: listed.outcome(code),
    }
    return by_kind[paid]() or 0


def _number(contract: Contract, month: date) -> int:
    """The number of a month in the contract, from 0."""
    first = first_month(contract)
    return (month.year - first.year) * 12 + month.month - first.month


def repriced(contract: Contract, lot: Lot, value: int, price: int, day: date) -> list[Price]:
    """The prices from a day on, when a change sets the value, or the price that they follow from.

    Where the bid named the whole price, the prices of what is still to come rise or fall so that
    all of it comes to the new value. Raises Refusal where nothing is left to change.
    """
    first = counts_from(day)
    if contract.price_basis not in WHOLE_PRICE:
        return prices(lot, price)
    term = contract.value_term_months
    begun = min(max(_number(contract, first), 0), term)
    if begun == term:
        raise Refusal(
            _(
                "New prices count from the first whole month, %(day)s, which is after the last "
                "one of this contract. Extend it first.",
                day=shown_date(first),
            )
        )
    before = contract.value_pence * begun // term
    if value < before:
        raise Refusal(
            _(
                "By %(day)s %(before)s of the value has been used. Enter at least that.",
                day=shown_date(first),
                before=shown_pounds(before),
            )
        )
    left = contract.value_pence - before
    factor = Fraction(value - before, left) if left else Fraction(1)
    units = [
        replace(each, pence=int(each.pence * factor))
        for each in in_force(contract, first)
        if each.paid != Paid.INSTALMENT
    ]
    return units + rescheduled(contract, lot, value, first)


def rescheduled(contract: Contract, lot: Lot, value: int, first: date) -> list[Price]:
    """The instalments from a month on, so that all of them come to their part of the value.

    Raises Refusal where more has been paid already.
    """
    if not _has_instalments(contract, lot):
        return []
    paid = _paid_before(contract, first)
    rest = value * parts_of(lot)[Paid.INSTALMENT] // 100 - paid
    if rest < 0:
        raise Refusal(
            _(
                "%(paid)s is paid in advance by %(day)s, more than the new value allows. Enter a "
                "higher value, or agree outside what is paid back.",
                paid=shown_pounds(paid),
                day=shown_date(first),
            )
        )
    return _spread(contract, lot, rest, _number(contract, first), contract.value_term_months)


def instalments_moved(
    contract: Contract, lot: Lot, value: int, months: int
) -> tuple[dict[str, Listed], dict[str, Listed]]:
    """The instalments that another term and its value replace, and those that it sets.

    A longer term keeps those of the old one. What has been paid for months that fall away is not
    asked back: the rest is less, at least nothing.
    """
    if not _has_instalments(contract, lot):
        return {}, {}
    longer = months > contract.value_term_months
    last = months_later(first_month(contract), contract.value_term_months)
    first = last if longer else min(counts_from(clock.today()), last)
    part = value * parts_of(lot)[Paid.INSTALMENT] // 100
    rest = max(part - _paid_before(contract, first), 0)
    stands = [p for p in in_force(contract, first) if p.paid == Paid.INSTALMENT]
    then = _spread(contract, lot, rest, _number(contract, first), months)
    return {"prices": as_rows(stands)}, {"prices": as_rows(then)}


def _has_instalments(contract: Contract, lot: Lot) -> bool:
    return contract.route != Route.GRANT and Paid.INSTALMENT in parts_of(lot)


def _paid_before(contract: Contract, first: date) -> int:
    rows = prices_in(contract, first).rows
    return sum(r.pence for r in rows if r.paid == Paid.INSTALMENT and r.valid_from < first)


def _spread(contract: Contract, lot: Lot, rest: int, begun: int, months: int) -> list[Price]:
    due = due_months(lot.payment_profile, max(begun, 0), months)
    return [Price(Paid.INSTALMENT, pence, month=m) for m, pence in instalments(rest, due).items()]


def as_rows(found: Sequence[Price]) -> Listed:
    """Prices as a change keeps them."""
    return [[p.paid, p.complexity, p.outcome_code, p.above, p.month, p.pence] for p in found]


def of_rows(rows: Listed) -> list[Price]:
    """The prices that a change keeps."""
    return [
        Price(Paid(paid), pence, complexity, code, above, month)
        for paid, complexity, code, above, month, pence in rows
    ]


def one_price(contract: Contract) -> Paid | None:
    """What the price of the basis is a price of; None where the bid named the whole price."""
    basis = contract.price_basis
    return SINGLE[basis] if basis and basis not in WHOLE_PRICE else None


def is_one_price(contract: Contract, found: Sequence[Price]) -> bool:
    """Whether the price of the basis says all, so that a list would only repeat it."""
    return len(found) == 1 and one_price(contract) is not None


def set_prices(contract: Contract, found: Sequence[Price], day: date) -> None:
    """Have signed prices count from a day on.

    A change signed late may name instalments of months that have begun: those are paid with the
    next one, so that nothing of the signed sum is lost.
    """
    first = counts_from(day)
    if all(each.paid == Paid.INSTALMENT for each in found):
        # Those of a longer term begin where the old ones end.
        begins = months_later(first_month(contract), min(each.month for each in found))
        first = max(first, begins)
    number = max(_number(contract, first), 0)
    late = [each for each in found if each.paid == Paid.INSTALMENT and each.month < number]
    if late:
        found = _caught_up(contract, found, late, number)
    put(contract, first, found)


def _caught_up(
    contract: Contract, found: Sequence[Price], late: Sequence[Price], number: int
) -> list[Price]:
    begun = min(each.month for each in late)
    as_paid = sum(
        each.pence
        for each in in_force(contract, months_later(first_month(contract), begun))
        if each.paid == Paid.INSTALMENT and each.month < number
    )
    carry = sum(each.pence for each in late) - as_paid
    kept = []
    for each in found:
        if each.paid == Paid.INSTALMENT and each.month < number:
            continue
        if each.paid == Paid.INSTALMENT and carry:
            pence = max(each.pence + carry, 0)
            carry += each.pence - pence
            each = replace(each, pence=pence)
        kept.append(each)
    return [*kept, Price(Paid.INSTALMENT, carry, month=number)] if carry > 0 else kept
