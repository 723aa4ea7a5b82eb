"""The price, by the lot's price basis."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from lots.vocabulary import PriceBasis
from marketplace.web.fields import Form, HiddenField, MoneyField, Required

PRICE_LABELS = {
    PriceBasis.MONTHLY_FEE: _l("What is your fee for each month, without VAT?"),
    PriceBasis.PER_START: _l("What is your price for each person who starts, without VAT?"),
}


def price_form(basis: PriceBasis, **data: Any) -> Form:
    """One amount, by the lot's price basis."""

    class PriceForm(Form):
        amount = MoneyField(
            PRICE_LABELS[basis],
            [Required(_l("Enter your price"))],
            called=_l("Your price"),
            least=1,
        )
        edition = HiddenField(default="0")

    return PriceForm(data=data)
