"""The forms of this room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.funding.arithmetic import year_name
from lots.funding.grant_test import QUESTIONS, Asked
from lots.funding.models import RULES, Fund
from lots.funding.parties import Share
from marketplace.calendar import financial_year
from marketplace.categories.queries import service_choices
from marketplace.clock import today
from marketplace.organisations.models import Organisation
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    MoneyField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
    Words,
)

YES, NO = "yes", "no"
YEARS_BEFORE, YEARS_AHEAD = 1, 9


class SharesForm(Form):
    """Every share of a lot at once, and the lead buyer's fund; `shares_form` adds the shares.

    `rest` is the button that puts on the lead buyer what the others leave.
    """

    seen = HiddenField()
    fund = SelectField(_l("From which fund does the lead buyer pay?"))
    rest = HiddenField()

    holders: dict[str, UUID] = {}
    lead_name = ""
    value_pence = 0

    def offer(self, funds: Sequence[Fund]) -> None:
        """Offer the lead buyer's funds."""
        self.fund.choices = [
            SelectChoice("", _("No fund chosen")),
            *(SelectChoice(str(each.id), each.label) for each in funds),
        ]

    def pence_of(self) -> dict[UUID, int]:
        """Pence by organisation; what is left empty is nothing."""
        typed = {holder: self[name].data or 0 for name, holder in self.holders.items()}
        if self.rest.data and self.lead_name in self.holders:
            lead = self.holders[self.lead_name]
            others = sum(pence for holder, pence in typed.items() if holder != lead)
            typed[lead] = max(self.value_pence - others, 0)
        return typed

    def fund_id(self) -> UUID | None:
        """The fund chosen."""
        return UUID(self.fund.data) if self.fund.data else None


def shares_form(shares: list[Share], value_pence: int) -> type[SharesForm]:
    """The form for these shares; none to enter where the lead buyer pays alone."""
    fields: dict[str, Any] = {"holders": {}, "value_pence": value_pence}
    for share in shares if len(shares) > 1 else []:
        name = f"share_{share.organisation.id.hex}"
        fields[name] = MoneyField(
            share.organisation.name,
            description=_("Lead buyer") if share.is_lead else None,
            default=share.pence,
        )
        fields["holders"][name] = share.organisation.id
        if share.is_lead:
            fields["lead_name"] = name
    return type("SharesFormOfLot", (SharesForm,), fields)


class InviteForm(OnceForm):
    """Whom to ask for how much."""

    organisation = SelectField(
        _l("Which organisation?"), [Required(_l("Select the organisation to invite"))]
    )
    share_pence = MoneyField(
        _l("Its share of the value"), [Required(_l("Enter the share"))], least=1
    )
    note = LongTextField(
        _l("A few words to them"),
        [Words(200)],
        description=_l("What the money is for, and by when you need an answer."),
    )

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Offer the buyers that could be asked."""
        self.organisation.choices = [
            SelectChoice("", _("Select an organisation")),
            *(SelectChoice(str(each.id), each.name) for each in organisations),
        ]


class AnswerForm(Form):
    """A funder's answer; `share` carries the pence that were read."""

    share = HiddenField()
    answer = RadioField(_l("Will you pay this share?"), [Required(_l("Select yes or no"))])
    asks_to_sign = CheckboxField(
        _l("We want to co-sign the lot before it opens, and the award"), default=True
    )
    reason = LongTextField(
        _l("Why not?"), [Words(200)], description=_l("The lead buyer reads this.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.answer.choices = [
            SelectChoice(YES, _("Yes, we accept")),
            SelectChoice(NO, _("No, we decline")),
        ]

    def validate_reason(self, field: Any) -> None:
        """Declining owes a reason."""
        if self.answer.data == NO and not (field.data or "").strip():
            raise ValidationError(_("Enter the reason for declining"))

    def share_read(self) -> int:
        """Pence as they were shown; 0 where the page was tampered with."""
        typed = self.share.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


class LeaveForm(Form):
    """Why a promise is taken back."""

    reason = LongTextField(
        _l("Why do you withdraw?"),
        [Required(_l("Enter the reason")), Words(200)],
        description=_l("The lead buyer reads this."),
    )


class SignForm(Form):
    """A co-signature; `seen` is the hash of what was read."""

    seen = HiddenField()
    agreed = CheckboxField(
        _l("I have read it, I may sign for my organisation, and I sign it"),
        [Required(_l("Tick the box to sign"))],
    )


class FundForm(Form):
    """What a fund is called, whom and what it pays for, and when."""

    name = TextField(_l("Name of the fund"), [Required(_l("Enter the name of the fund"))])
    name_cy = TextField(_l("Name in Welsh"))
    rules = CheckboxesField(
        _l("What must be true of a person referred?"),
        description=_l("Leave all empty for early help, diversion or support after a sentence."),
        choices=[SelectChoice(name, label) for name, label in RULES.items()],
    )
    services = CheckboxesField(
        _l("Which services may it pay for?"), description=_l("Leave all empty for every service.")
    )
    valid_from = DateField(_l("First day"), [Required(_l("Enter the first day"))])
    valid_to = DateField(_l("Last day"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.services.choices = [SelectChoice(*choice) for choice in service_choices()]

    def validate_valid_to(self, field: Any) -> None:
        """A fund ends after it begins."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("Last day must not be before the first day"))

    def fill(self, fund: Fund) -> None:
        """Show a fund."""
        for name in ("name", "name_cy", "valid_from", "valid_to"):
            self[name].data = getattr(fund, name)
        self.services.data = list(fund.services)
        self.rules.data = [name for name in RULES if getattr(fund, name)]

    def values(self) -> dict[str, Any]:
        """The fund's columns."""
        ticked = self.rules.data or []
        return {
            "name": self.name.data,
            "name_cy": self.name_cy.data or "",
            "services": sorted(self.services.data or []),
            "valid_from": self.valid_from.data,
            "valid_to": self.valid_to.data,
            **{name: name in ticked for name in RULES},
        }


class NewFundForm(FundForm, OnceForm):
    """A fund more."""


class BudgetForm(Form):
    """One year's budget."""

    year = SelectField(_l("Financial year"), [Required(_l("Select the year"))])
    budget_pence = MoneyField(_l("Budget"), [Required(_l("Enter the budget"))])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        now = financial_year(today())
        years = range(now - YEARS_BEFORE, now + YEARS_AHEAD + 1)
        self.year.choices = [SelectChoice(str(year), year_name(year)) for year in years]
        if not self.is_submitted():
            self.year.data = str(now)


class _Answers(Form):
    """Six questions, each with yes and no."""

    def answers(self) -> dict[str, str]:
        """The answers by question."""
        return {each.name: self[each.name].data for each in QUESTIONS}


def _yes_or_no(asked: Asked) -> RadioField:
    return RadioField(
        asked.text,
        [Required(_l("Select yes or no"))],
        description=asked.hint,
        choices=[SelectChoice(YES, _l("Yes")), SelectChoice(NO, _l("No"))],
    )


GrantTestForm = type(
    "GrantTestForm", (_Answers,), {each.name: _yes_or_no(each) for each in QUESTIONS}
)
