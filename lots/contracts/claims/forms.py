"""Forms of claims, besides query and answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, LongTextField, Required
from marketplace.web.numbers import MoneyField

QUERY_LENGTH = 1000


class SendBackForm(Form):
    """Why the second person does not approve."""

    because = LongTextField(
        _l("What should be looked at again?"),
        [Required(_l("Say what should be looked at again"))],
        called=_l("What you write"),
        longest=QUERY_LENGTH,
        show_count=True,
    )


class LimitForm(Form):
    """Above which amount two people approve."""

    pence = MoneyField(
        _l("Above which amount do two people approve a claim?"),
        [Required(_l("Enter an amount in pounds, 0 for every claim"))],
    )
