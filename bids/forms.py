"""What a bidder fills in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.models import LotQuestion
from lots.vocabulary import PriceBasis
from marketplace.web.fields import (
    CheckboxesField,
    Form,
    HiddenField,
    LongTextField,
    MoneyField,
    Required,
    SelectChoice,
    Words,
)

LETTERS_A_WORD = 15
LEAST_LETTERS = 10_000

DECLARATIONS = {
    "true": _l("What this bid says is true, and the people who answer for us have agreed to it"),
    "no_exclusion": _l(
        "No ground for exclusion applies to our organisation or to the people who control it"
    ),
    "no_conflict": _l("We have told the buyer of every conflict of interest that we have here"),
    "price_holds": _l("The price covers the full cost of the service and stands for 90 days"),
}

PRICE_LABELS = {
    PriceBasis.MONTHLY_FEE: _l("What is your fee for each month, without VAT?"),
    PriceBasis.PER_START: _l("What is your price for each person who starts, without VAT?"),
}


class _EveryDeclaration:
    """A bid needs all of them, given anew for each submission."""

    def __call__(self, form: Any, field: Any) -> None:
        if set(field.data or []) != set(DECLARATIONS):
            raise ValidationError(
                _("Confirm all of the statements. A bid cannot be submitted without them.")
            )


class SubmitForm(Form):
    """The legal confirmations; never filled in beforehand."""

    declarations = CheckboxesField(
        _l("Confirm each statement"),
        [_EveryDeclaration()],
        choices=[SelectChoice(key, text) for key, text in DECLARATIONS.items()],
    )
    seen = HiddenField()


def longest(question: LotQuestion) -> int:
    """How many characters an answer may have, so that the word limit is what counts."""
    return max(LEAST_LETTERS, LETTERS_A_WORD * question.word_limit)


def answer_form(question: LotQuestion, **data: Any) -> Form:
    """One answer, its words counted as the check counts them."""

    class AnswerForm(Form):
        text = LongTextField(
            question.text,
            [Words(question.word_limit)],
            called=_l("Your answer"),
            longest=longest(question),
        )
        edition = HiddenField(default="0")

    return AnswerForm(data=data)


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


def edition_of(form: Any) -> int:
    """Which edition the page showed; 0 where the field was tampered with."""
    typed = form.edition.data or "0"
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
