"""How much is to be moved to the balance at Stripe."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.payments.stripes.clients import MOST_PENCE
from marketplace.web.fields import MoneyField, OnceForm, Required
from marketplace.web.filters import shown_pounds


class TopUpForm(OnceForm):
    """An amount from £1 to Stripe's limit."""

    amount = MoneyField(
        _l("How much?"),
        [Required(_l("Enter how much is to be moved"))],
        called=_l("How much is to be moved"),
    )

    def validate_amount(self, field: MoneyField) -> None:
        """Above nothing, and what Stripe takes in one piece."""
        if field.data is not None and not 100 <= field.data <= MOST_PENCE:
            raise ValidationError(
                _("Enter an amount from £1 to %(most)s", most=shown_pounds(MOST_PENCE))
            )
