"""The terms of a price, and the prices that follow from it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lots.models import Lot
from lots.prices.arithmetic import EARLY, Price, factors, own_factors, parts_of, pays_early, prices
from lots.vocabulary import PAYMENT_PROFILES, Paid, PaymentProfile, PriceBasis, Route, Source
from marketplace.calendar import months_later
from marketplace.categories.queries import outcome_names
from marketplace.web.filters import shown_date, shown_pounds

COMPLEXITIES = {
    "low": _l("low complexity"),
    "medium": _l("medium complexity"),
    "high": _l("high complexity"),
}
PARTS = {
    Paid.FEE: _l("a fee for each month"),
    Paid.START: _l("an amount for each person who starts"),
    Paid.OUTCOME: _l("an amount for each outcome reached"),
    Paid.INSTALMENT: _l("instalments in advance"),
}

Lines = list[tuple[str, str]]


def shown_percent(points: int) -> str:
    """Hundredths of a percent as people write them: 250 is 2.5%."""
    return f"{points / 100:.2f}".rstrip("0").rstrip(".") + "%"


def terms_of(lot: Lot) -> Lines:
    """What a bidder must know of the price besides its basis: label and words."""
    return list(_terms(lot))


def _terms(lot: Lot) -> Iterator[tuple[str, str]]:
    if lot.source != Source.OWN:
        return  # Published awards say nothing of it.
    parts = parts_of(lot)
    if len(parts) > 1:
        said = [f"{percent}% {PARTS[paid]}" for paid, percent in parts.items()]
        yield _("How the price is paid"), "; ".join(said)
    if Paid.INSTALMENT in parts:
        yield _("Instalments"), str(PAYMENT_PROFILES[lot.payment_profile])
    if Paid.START in parts:
        yield from _of_starts(lot)
    if Paid.OUTCOME in parts:
        yield _("Outcomes paid for"), _outcomes(lot)
    if lot.index_points:
        yield _("Yearly raise of every price but instalments"), _raise(lot)
    yield _("VAT"), _vat(lot)


def paid_when(lot: Lot) -> str:
    """When a provider is paid: fees and instalments may be in advance, all else is afterwards."""
    profile = str(PAYMENT_PROFILES[lot.payment_profile])
    if lot.route == Route.GRANT or lot.source != Source.OWN:
        return profile
    afterwards = str(PAYMENT_PROFILES[PaymentProfile.MONTHLY_IN_ARREARS])
    if not pays_early(lot):
        return afterwards
    early = [PARTS[paid] for paid in parts_of(lot) if paid in EARLY]
    rest = [PARTS[paid] for paid in parts_of(lot) if paid not in EARLY]
    if not rest:
        return profile
    return _(
        "%(profile)s: %(early)s. %(afterwards)s: %(rest)s",
        profile=profile,
        early=_listed(early),
        afterwards=afterwards,
        rest=_listed(rest),
    )


def _listed(parts: Sequence[Any]) -> str:
    return _(" and ").join(str(each) for each in parts)


def _of_starts(lot: Lot) -> Iterator[tuple[str, str]]:
    if own_factors(lot):
        said = [f"{COMPLEXITIES[name]} {factor}%" for name, factor in factors(lot).items()]
        yield _("What a start costs, of the price of a start"), "; ".join(said)
    for band in lot.bands:
        yield (
            _("Above %(above)s starts in a year", above=f"{band.above:,}"),
            _("%(percent)s%% of the price of a start", percent=band.percent),
        )


def _outcomes(lot: Lot) -> str:
    names = outcome_names()
    said = []
    for each in lot.outcomes:
        if each.paid_number:
            expected = ngettext(
                "%(name)s, %(num)s expected",
                "%(name)s, %(num)s expected",
                each.paid_number,
                name=names.get(each.outcome_code, each.outcome_code),
            )
            other = each.factor != 100
            weight = _("at %(factor)s%% of the price of an outcome", factor=each.factor)
            said.append(f"{expected}, {weight}" if other else expected)
    return "; ".join(said)


def _raise(lot: Lot) -> str:
    return ngettext(
        "%(percent)s, first after %(num)s month",
        "%(percent)s, first after %(num)s months",
        lot.index_after_months,
        percent=shown_percent(lot.index_points),
    )


def _vat(lot: Lot) -> str:
    if lot.vat_percent:
        return _("%(percent)s%% is added to what is paid", percent=lot.vat_percent)
    return _("None is added")


def lines_of(found: Sequence[Price], first: date | None = None) -> Lines:
    """Each price as label and amount; instalments in one line, from the month of `first` on.

    Where starts are priced by complexity, the price of one without is left out.
    """
    names = outcome_names() if any(each.outcome_code for each in found) else {}
    by_complexity = any(each.complexity for each in found)
    lines = [
        (_label(each, names), shown_pounds(each.pence))
        for each in sorted(found, key=_place)
        if each.paid != Paid.INSTALMENT
        and (each.complexity or each.paid != Paid.START or not by_complexity)
    ]
    due = [each for each in found if each.paid == Paid.INSTALMENT]
    return [*lines, (_when(due[0].month, first), _runs(due))] if due else lines


def _place(price: Price) -> tuple[int, int, int]:
    """Fee, starts, outcomes; of starts the bands in order, in each from low to high."""
    complexity = list(COMPLEXITIES).index(price.complexity) if price.complexity else -1
    return list(PARTS).index(price.paid), price.above, complexity


def _label(price: Price, names: Mapping[str, str]) -> str:
    if price.paid == Paid.FEE:
        return _("Fee for each month")
    if price.paid == Paid.OUTCOME:
        name = names.get(price.outcome_code, price.outcome_code)
        return _("Each time: %(outcome)s", outcome=name)
    label = _("Each person who starts")
    if price.complexity:
        label = f"{label}, {COMPLEXITIES[price.complexity]}"
    if price.above:
        above = _("above %(above)s in a year", above=f"{price.above:,}")
        label = f"{label}, {above}"
    return label


def _when(month: int, first: date | None) -> str:
    if first is None:
        return _("Instalments in advance")
    return _("Instalments in advance, from %(day)s", day=shown_date(months_later(first, month)))


def _runs(due: Sequence[Price]) -> str:
    """ "12 of £277.78, then 24 of £277.77"."""
    runs = [(pence, len(list(run))) for pence, run in groupby(due, lambda each: each.pence)]
    if len(due) == 1:
        return shown_pounds(due[0].pence)
    said = [_("%(num)s of %(amount)s", num=n, amount=shown_pounds(pence)) for pence, n in runs]
    return _(", then ").join(said)


def amount_in_words(lot: Lot, pence: int, total: int | None) -> str:
    """The amount of a bid by the lot's price basis, with what it comes to over the whole term."""
    given = {"amount": shown_pounds(pence), "total": shown_pounds(total)}
    if lot.price_basis == PriceBasis.MONTHLY_FEE:
        return _("%(amount)s a month, %(total)s in all", **given)
    if lot.price_basis == PriceBasis.PER_START:
        return _("%(amount)s for each start, %(total)s in all", **given)
    return _("%(total)s in all", **given)


def register(app: Flask) -> None:
    """Offer the words to templates."""
    app.add_template_global(terms_of, "price_terms")
    app.add_template_global(paid_when)
    app.add_template_global(pays_early)
    app.add_template_global(prices, "prices_for")
    app.add_template_global(lines_of, "price_lines")
