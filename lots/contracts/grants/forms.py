"""The one page that a grant is reported on, and what the buyer says to it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.contracts.grants.models import MOST_WORDS
from marketplace.web.fields import Form, LongTextField, MoneyField, Required, Words
from marketplace.web.filters import shown_pounds


class ReportForm(Form):
    """At most 300 words, and what was not spent; the numbers come by themselves."""

    text = LongTextField(
        _l("What did the grant make possible, and what did you learn?"),
        [Required(_l("Enter what the grant made possible")), Words(MOST_WORDS)],
        called=_l("What the grant made possible"),
        description=_l("At most %(most)s words. Do not name anybody.", most=MOST_WORDS),
    )
    unspent = MoneyField(
        _l("How much of it is unspent?"),
        [Required(_l("Enter how much is unspent, or 0"))],
        called=_l("What is unspent"),
        description=_l("Enter 0 if everything was spent. It is given back."),
    )

    def __init__(self, paid_pence: int):
        super().__init__()
        self.paid_pence = paid_pence

    def validate_unspent(self, field: MoneyField) -> None:
        """Nothing comes back that was not paid."""
        if field.data is not None and field.data > self.paid_pence:
            raise ValidationError(
                _(
                    "What is unspent cannot be more than what was paid, %(paid)s",
                    paid=shown_pounds(self.paid_pence),
                )
            )


class BackForm(Form):
    """Why a report goes back."""

    because = LongTextField(
        _l("What should be put right?"),
        [Required(_l("Enter what should be put right"))],
        called=_l("What should be put right"),
        longest=1000,
    )
