"""What follows from one amount: each price, and the price of the whole term. No database.

Money is whole pence, rounded down, so that the prices never come to more than the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lots.funding.arithmetic import split
from lots.models import Lot
from lots.vocabulary import WHOLE_PRICE, Paid, PaymentProfile, PriceBasis

YEAR = 12
QUARTER = 3
# Parts of ten thousand: a yearly raise of 2.5% is 250.
WHOLE = 10_000
SINGLE = {
    PriceBasis.MONTHLY_FEE: Paid.FEE,
    PriceBasis.PER_START: Paid.START,
    PriceBasis.PER_OUTCOME: Paid.OUTCOME,
    PriceBasis.IN_ADVANCE: Paid.INSTALMENT,
}

# What can be paid before it is delivered.
EARLY = (Paid.FEE, Paid.INSTALMENT)


@dataclass(frozen=True)
class Price:
    """Pence, net, for one of a kind; `month` counts from 0 and is an instalment's alone."""

    paid: Paid
    pence: int
    complexity: str = ""
    outcome_code: str = ""
    above: int = 0
    month: int = 0


def parts_of(lot: Lot) -> dict[Paid, int]:
    """How much of the value each kind of payment is, in percent; adds up to 100."""
    if lot.price_basis in SINGLE:
        return {SINGLE[lot.price_basis]: 100}
    parts = {
        Paid.INSTALMENT: lot.instalment_percent,
        Paid.FEE: lot.fee_percent,
        Paid.START: lot.start_percent,
        Paid.OUTCOME: lot.outcome_percent,
    }
    return {paid: percent for paid, percent in parts.items() if percent}


def pays_early(lot: Lot) -> bool:
    """Whether something of the price is paid before it is delivered."""
    afterwards = lot.payment_profile == PaymentProfile.MONTHLY_IN_ARREARS
    return not afterwards and any(paid in EARLY for paid in parts_of(lot))


def whole(lot: Lot, pence: int) -> int | None:
    """What an amount comes to over the initial term; None where the lot does not say how often.

    The amount is the first month's fee or the price of a start, or the whole price itself.
    """
    if lot.price_basis in WHOLE_PRICE:
        return pence
    often = times(lot)
    return int(pence * often) if often else None


def worth(lot: Lot, pence: int) -> int | None:
    """What an award at this amount is worth over the initial term.

    How many start is not agreed, so for a price of a start it is the lot's own value.
    """
    if lot.price_basis == PriceBasis.PER_START:
        return lot.value_net_pence
    return whole(lot, pence) or pence


def times(lot: Lot) -> Fraction:
    """How often the amount of a bid is paid over the initial term, raises and factors counted."""
    if lot.price_basis in WHOLE_PRICE:
        return Fraction(1)
    return _units(lot)[SINGLE[lot.price_basis]]


def prices(lot: Lot, pence: int) -> list[Price]:
    """Every price that follows from the amount of a bid, before any raise."""
    if lot.price_basis not in WHOLE_PRICE:
        return list(_each(lot, SINGLE[lot.price_basis], Fraction(pence)))
    parts, units = parts_of(lot), _units(lot)
    found: list[Price] = []
    for (paid, _percent), part in zip(
        parts.items(), split(pence, list(parts.values())), strict=True
    ):
        if paid == Paid.INSTALMENT:
            due = due_months(lot.payment_profile, 0, lot.term_months or 1)
            found += [Price(paid, each, month=m) for m, each in instalments(part, due).items()]
        elif units[paid]:
            found += _each(lot, paid, part / units[paid])
    return found


def _each(lot: Lot, paid: Paid, base: Fraction) -> Iterator[Price]:
    if paid == Paid.FEE:
        yield Price(paid, int(base))
    elif paid == Paid.START:
        for above, percent in ((0, 100), *((each.above, each.percent) for each in lot.bands)):
            for complexity, factor in ({"": 100} | own_factors(lot)).items():
                pence = int(base * factor * percent / WHOLE)
                yield Price(paid, pence, complexity=complexity, above=above)
    else:
        for each in lot.outcomes:
            if each.paid_number:
                pence = int(base * each.factor / 100)
                yield Price(paid, pence, outcome_code=each.outcome_code)


def factors(lot: Lot) -> dict[str, int]:
    """The price of a start by its complexity, in percent of the price of a start."""
    return {"low": lot.factor_low, "medium": lot.factor_medium, "high": lot.factor_high}


def own_factors(lot: Lot) -> dict[str, int]:
    """The same, empty where every start costs the same."""
    found = factors(lot)
    return found if set(found.values()) != {100} else {}


def _units(lot: Lot) -> Mapping[Paid, Fraction]:
    """How often the base price of each kind is expected to be paid over the initial term."""
    months = lot.term_months or 0
    raised = [_raised(lot, month) for month in range(months)]
    number = sum((Fraction(o.paid_number or 0) * o.factor / 100 for o in lot.outcomes), Fraction(0))
    return {
        Paid.FEE: sum(raised, Fraction(0)),
        Paid.START: sum((each * starts_in(lot, m) for m, each in enumerate(raised)), Fraction(0)),
        Paid.OUTCOME: number * sum(raised) / months if months else Fraction(0),
    }


def _raised(lot: Lot, month: int) -> Fraction:
    since = month - lot.index_after_months
    often = since // YEAR + 1 if since >= 0 and lot.index_points else 0
    return Fraction(WHOLE + lot.index_points, WHOLE) ** often


def starts_in(lot: Lot, month: int) -> Fraction:
    """What the starts expected of a month, from 0, come to in base prices, by factor and band."""
    numbers = {"low": lot.starts_low, "medium": lot.starts_medium, "high": lot.starts_high}
    a_month = sum(each or 0 for each in numbers.values())
    if not a_month:
        # Lots of before, and those read from elsewhere, may say only how many in all.
        return Fraction(lot.expected_starts or 0, lot.term_months or 1)
    by_factor = sum((numbers[name] or 0) * factor for name, factor in factors(lot).items())
    before = month % YEAR * a_month
    edges = [(each.above, each.percent) for each in lot.bands]
    counted = Fraction(0)
    for number, (start, percent) in enumerate([(0, 100), *edges]):
        end = edges[number][0] if number < len(edges) else before + a_month
        within = min(end, before + a_month) - max(start, before)
        counted += Fraction(max(within, 0) * percent, 100)
    return counted * by_factor / (100 * a_month)


def due_months(profile: PaymentProfile, first: int, months: int) -> dict[int, int]:
    """The months in which an instalment is due, each with how many months it is for.

    `first` is the first month that is still open, of a term of `months`.
    """
    if profile == PaymentProfile.UP_FRONT:
        return {first: max(months - first, 1)}
    step = QUARTER if profile == PaymentProfile.QUARTERLY_IN_ADVANCE else 1
    return {month: min(step, months - month) for month in range(first, months, step)} or {first: 1}


def paid_until(profile: PaymentProfile, month: int, months: int) -> int:
    """The last month, from 0, that is paid in advance together with one of a term of `months`."""
    if profile == PaymentProfile.UP_FRONT:
        return months - 1
    step = QUARTER if profile == PaymentProfile.QUARTERLY_IN_ADVANCE else 1
    return min((month // step + 1) * step, months) - 1


def instalments(pence: int, due: Mapping[int, int]) -> dict[int, int]:
    """A sum over the months in which it is due; adds up exactly."""
    amounts: Sequence[int] = split(pence, list(due.values()))
    return dict(zip(due, amounts, strict=True))
