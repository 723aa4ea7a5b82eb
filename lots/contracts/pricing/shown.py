"""The prices of a contract on its pages."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from lots.contracts.models import Contract
from lots.contracts.pricing.changing import in_force
from lots.contracts.pricing.drawing import first_month
from lots.prices.wording import Lines, lines_of, shown_percent
from marketplace import clock
from marketplace.web.filters import shown_date, shown_pounds


def prices_of(contract: Contract) -> Lines:
    """What each thing costs now, or in the contract's first month; nothing where none is known."""
    first = first_month(contract)
    month = max(clock.today().replace(day=1), first)
    return lines_of(in_force(contract, month), first)


def terms_of(contract: Contract) -> Lines:
    """What is agreed besides: least payment, VAT, yearly rise."""
    least = shown_pounds(contract.guaranteed_pence)
    said = [(_("Least that is paid over the term"), least)] if contract.guaranteed_pence else []
    return said + added_to(contract)


def added_to(contract: Contract) -> Lines:
    """What comes on top of the prices: VAT, and the yearly rise."""
    terms = []
    if contract.vat_percent:
        terms.append((_("VAT that is added"), f"{contract.vat_percent}%"))
    if contract.index_points and contract.indexed_from:
        rise = _(
            "%(percent)s on %(day)s and each year after",
            percent=shown_percent(contract.index_points),
            day=shown_date(contract.indexed_from),
        )
        terms.append((_("Every price but instalments rises by"), rise))
    return terms


def register(app: Flask) -> None:
    """Offer both to templates."""
    app.add_template_global(prices_of, "contract_prices")
    app.add_template_global(terms_of, "contract_price_terms")
