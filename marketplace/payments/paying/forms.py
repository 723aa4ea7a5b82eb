"""What people fill in about payments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation, ValidationError

from marketplace import clock
from marketplace.payments.paying.banks import account_name_of, account_number_of, sort_code_of
from marketplace.payments.paying.models import RETURN_REASONS, ReturnReason
from marketplace.web.fields import (
    CheckboxesField,
    DateField,
    Form,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    TextField,
)
from marketplace.web.filters import shown_date

LONGEST_NAME = 40
LONGEST_REFERENCE = 60


class PaymentsField(CheckboxesField):
    """Payments to choose from; what somebody else has dealt with meanwhile is no longer there."""

    def pre_validate(self, form: Any) -> None:
        offered = {str(choice.value) for choice in self.choices or []}
        if not set(self.data or []) <= offered:
            raise StopValidation(
                _(
                    "Somebody has dealt with some of these payments in the meantime, and they are "
                    "no longer in the list. Check what is ticked now, then send it again."
                )
            )

    @property
    def ids(self) -> list[UUID]:
        """The payments that are ticked."""
        return [UUID(each) for each in self.data or []]


def _some_ticked() -> Required:
    return Required(_l("Choose at least one payment"))


class ExportForm(OnceForm):
    """The payments that go into one file for the bank; all are ticked to begin with."""

    payments = PaymentsField(_l("Payments for the file"), [_some_ticked()])

    def __init__(self, choices: Sequence[SelectChoice], hints: dict[str, str]):
        super().__init__(payments=[str(each.value) for each in choices])
        self.payments.choices = list(choices)
        self.payments.hints = hints


class RecordForm(Form):
    """Which payments the bank has made, on which day and under which reference."""

    payments = PaymentsField(_l("Which payments has your bank made?"), [_some_ticked()])
    paid_on = DateField(
        _l("When did the bank pay?"),
        [Required(_l("Enter the day on which the bank paid"))],
        called=_l("The day on which the bank paid"),
    )
    bank_reference = TextField(
        _l("The bank’s reference"),
        [Required(_l("Enter the reference that your bank shows"))],
        description=_l("As on your statement. One reference may stand for several payments."),
        longest=LONGEST_REFERENCE,
    )

    def __init__(
        self,
        choices: Sequence[SelectChoice],
        hints: dict[str, str],
        first_days: dict[str, date],
        all_ticked: bool,
    ):
        ticked = [str(each.value) for each in choices] if all_ticked else []
        super().__init__(payments=ticked)
        self.payments.choices = list(choices)
        self.payments.hints = hints
        self.first_days = first_days

    def validate_paid_on(self, field: DateField) -> None:
        """Nothing is recorded that is still to come, or from before it was owed."""
        if field.data is None:
            return
        if field.data > clock.today():
            raise ValidationError(_("The day on which the bank paid must be today or in the past"))
        chosen = [each for each in self.payments.data or [] if each in self.first_days]
        first = max((self.first_days[each] for each in chosen), default=field.data)
        if field.data < first:
            raise ValidationError(
                _(
                    "The day on which the bank paid must be %(day)s or later: before, not all "
                    "that is ticked was owed",
                    day=shown_date(first),
                )
            )


class ReturnForm(Form):
    """Why a payment does not count as paid any more."""

    reason = RadioField(
        _l("What happened?"),
        [Required(_l("Select what happened"))],
        choices=[
            SelectChoice(each, RETURN_REASONS[each])
            for each in (ReturnReason.SENT_BACK, ReturnReason.MISTAKE)
        ],
    )


class BankDetailsForm(Form):
    """Where a provider is paid."""

    account_name = TextField(
        _l("Name on the account"),
        [Required(_l("Enter the name on the account"))],
        longest=LONGEST_NAME,
    )
    sort_code = TextField(
        _l("Sort code"),
        [Required(_l("Enter a sort code"))],
        description=_l("Must be 6 digits long"),
        longest=20,
    )
    account_number = TextField(
        _l("Account number"),
        [Required(_l("Enter an account number"))],
        description=_l("Must be between 6 and 8 digits long"),
        longest=20,
    )

    def validate_account_name(self, field: TextField) -> None:
        """A name as it stands on an account."""
        _in_form(account_name_of, field, _("Enter the name with letters, digits, . , ’ & / and -"))

    def validate_sort_code(self, field: TextField) -> None:
        """Six digits."""
        _in_form(sort_code_of, field, _("Enter a valid sort code like 30-94-30"))

    def validate_account_number(self, field: TextField) -> None:
        """Six to eight digits."""
        _in_form(account_number_of, field, _("Enter a valid account number like 00733445"))


def _in_form(read: Callable[[str], str], field: TextField, sentence: str) -> None:
    try:
        read(field.data or "")
    except ValueError as error:
        raise ValidationError(sentence) from error
