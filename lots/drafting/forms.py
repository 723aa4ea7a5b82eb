"""The pages of a draft as forms: each is filled with what a page holds, and gives it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.forms import choices
from lots.models import Lot
from lots.vocabulary import PRICE_BASES, ROUTES, PriceBasis, Route
from marketplace import calendar
from marketplace.categories.queries import cohorts, service_choices
from marketplace.clock import today
from marketplace.web.fields import (
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
    WholeNumberField,
    Words,
)

OWN_FIELDS = ("seen", "once", "csrf_token")


class StartForm(OnceForm):
    """The two things that a draft begins with."""

    title = TextField(_l("Title of the lot"), [Required(_l("Enter a title"))])
    service_code = RadioField(_l("Which service is to be bought?"), [Required(_l("Select one"))])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.service_code.choices = [SelectChoice(*choice) for choice in service_choices()]


class PageForm(Form):
    """One page of a draft. `seen` carries what the page held when it was opened."""

    seen = HiddenField()

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the page holds."""
        for name, value in held.items():
            if name in self:
                self[name].data = value

    def values(self) -> dict[str, Any]:
        """What was typed, as the page's values."""
        return {name: field.data for name, field in self._fields.items() if name not in OWN_FIELDS}


class ServiceForm(PageForm):
    """What is bought and for whom."""

    title = TextField(_l("Title of the lot"), [Required(_l("Enter a title"))])
    service_code = RadioField(_l("Which service is to be bought?"), [Required(_l("Select one"))])
    summary = LongTextField(
        _l("What is to be bought, in plain words"),
        [Words(400)],
        description=_l("Bidders decide in two minutes whether to read on."),
    )
    cohort = SelectField(_l("Is it for one group of people only?"))
    min_age = WholeNumberField(_l("Youngest age"), least=18, most=120)
    max_age = WholeNumberField(_l("Oldest age"), least=18, most=120)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.service_code.choices = [SelectChoice(*choice) for choice in service_choices()]
        everybody = SelectChoice("", _("No, for everybody"))
        groups = [SelectChoice(each.code, each.label) for each in cohorts()]
        self.cohort.choices = [everybody, *groups]

    def validate_max_age(self, field: Any) -> None:
        """Ages must be in order."""
        if field.data and self.min_age.data and field.data < self.min_age.data:
            raise ValidationError(_("Oldest age must be the same as or above the youngest age"))

    def values(self) -> dict[str, Any]:
        """The page's values; no group is None."""
        return super().values() | {"cohort": self.cohort.data or None}


class ValueForm(PageForm):
    """The money and how it goes out."""

    route = RadioField(_l("Grant or contract?"), [Required(_l("Select grant or contract"))])
    contract_reason = LongTextField(
        _l("Why a contract and not a grant?"),
        [Words(200)],
        description=_l("The lot’s page shows this reason to everybody."),
    )
    value_net_pence = MoneyField(
        _l("Net value of the initial term"),
        called=_l("Net value"),
        description=_l("Without VAT, for the whole initial term."),
    )
    value_gross_pence = MoneyField(
        _l("Whole-life value"),
        called=_l("Whole-life value"),
        description=_l("With VAT and every option to extend. Caps and thresholds go by it."),
    )
    term_months = WholeNumberField(_l("Initial term in months"), least=1, most=120)
    price_basis = RadioField(_l("What will bidders price?"), [Required(_l("Select one"))])
    expected_starts = WholeNumberField(
        _l("People expected to start over the initial term"), least=1, most=1_000_000
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.route.choices = choices(ROUTES)
        self.route.hints = {
            Route.GRANT.value: _("The usual way: less to write, no standstill, paid up front."),
            Route.CONTRACT.value: _("Needs a reason."),
        }
        self.price_basis.choices = choices(PRICE_BASES)

    def validate_contract_reason(self, field: Any) -> None:
        """A contract needs its reason."""
        if self.route.data == Route.CONTRACT and not (field.data or "").strip():
            raise ValidationError(_("Enter the reason for a contract, or select grant"))

    def validate_value_gross_pence(self, field: Any) -> None:
        """The whole-life value contains the net value."""
        net = self.value_net_pence.data
        if field.data is not None and net is not None and field.data < net:
            raise ValidationError(_("Whole-life value must be at least the net value"))
        if (field.data is None) != (net is None) and not self.value_net_pence.errors:
            raise ValidationError(_("Enter both the net and the whole-life value, or neither yet"))

    def validate_expected_starts(self, field: Any) -> None:
        """A price for each start needs the number of starts."""
        if self.price_basis.data == PriceBasis.PER_START and not field.data:
            raise ValidationError(_("Enter how many people are expected to start"))

    def values(self) -> dict[str, Any]:
        """The page's values."""
        chosen = {"route": Route(self.route.data), "price_basis": PriceBasis(self.price_basis.data)}
        return super().values() | chosen


class DatesForm(PageForm):
    """When the lot opens, closes and starts."""

    opens_on = DateField(
        _l("When do you expect to open it?"),
        called=_l("Expected opening"),
        description=_l("Shown while the lot is planned. It opens when it is published."),
    )
    closing_day = DateField(
        _l("Closing day"),
        description=_l("Bids close at noon, London time, on this day."),
    )
    starts_on = DateField(_l("When should the service start?"), called=_l("Start of the service"))

    def fill(self, held: dict[str, Any]) -> None:
        """Show the closing moment as its day."""
        super().fill(held)
        closes_at = held["closes_at"]
        self.closing_day.data = calendar.day_of(closes_at) if closes_at else None

    def validate_closing_day(self, field: Any) -> None:
        """Noon of a working day that is still to come."""
        if field.data is None:
            return
        if field.data <= today():
            raise ValidationError(_("Closing day must be in the future"))
        if not calendar.is_working_day(field.data):
            raise ValidationError(
                _("Closing day must be a working day: no weekend, no bank holiday in the UK")
            )

    def validate_starts_on(self, field: Any) -> None:
        """A service starts after its bids are in."""
        closing = self.closing_day.data
        if field.data and closing and field.data <= closing:
            raise ValidationError(_("Start of the service must be after the closing day"))

    def values(self) -> dict[str, Any]:
        """The page's values, the closing day as noon in London."""
        day = self.closing_day.data
        return {
            "opens_on": self.opens_on.data,
            "closes_at": calendar.closing_moment(day) if day else None,
            "starts_on": self.starts_on.data,
        }


class QuestionForm(PageForm):
    """One question to every bidder."""

    text = LongTextField(_l("Question"), [Required(_l("Enter the question")), Words(150)])
    guidance = LongTextField(
        _l("What a good answer covers"),
        [Words(150)],
        description=_l("Bidders see this below the question."),
    )
    word_limit = WholeNumberField(
        _l("Most words of an answer"), [Required(_l("Enter a word limit"))], least=25, most=5_000
    )
    criterion_id = RadioField(
        _l("Under which criterion is it judged?"), [Required(_l("Select a criterion"))]
    )

    def offer(self, lot: Lot) -> None:
        """Offer the lot's criteria."""
        self.criterion_id.choices = [SelectChoice(str(each.id), each.name) for each in lot.criteria]

    def fill(self, held: dict[str, Any]) -> None:
        """Show the question."""
        super().fill(held | {"criterion_id": str(held["criterion_id"])})

    def values(self) -> dict[str, Any]:
        """The question's values."""
        typed = super().values()
        return typed | {
            "guidance": self.guidance.data or "",
            "criterion_id": UUID(self.criterion_id.data),
        }


class NewQuestionForm(QuestionForm, OnceForm):
    """A question more."""
