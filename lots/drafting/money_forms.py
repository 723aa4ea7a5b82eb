"""The pages about money and time as forms: value, route, price and payment, term."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.drafting.forms import PageForm
from lots.forms import choices
from lots.models import Lot
from lots.proportionality import policy_today
from lots.proportionality.arithmetic import Worked, least_whole_life, worked
from lots.vocabulary import ROUTES, Route
from marketplace.web.fields import (
    LongTextField,
    MoneyField,
    RadioField,
    Required,
    WholeNumberField,
    Words,
)
from marketplace.web.filters import shown_pounds


class ValueForm(PageForm):
    """The two values, with how one follows from the other."""

    value_net_pence = MoneyField(
        _l("Net value of the initial term"),
        [Required(_l("Enter the net value"))],
        called=_l("Net value"),
        description=_l("Without VAT, for the whole initial term."),
    )
    value_gross_pence = MoneyField(
        _l("Whole-life value"),
        [Required(_l("Enter the whole-life value"))],
        called=_l("Whole-life value"),
        description=_l("With VAT and every option to extend. Caps and thresholds go by it."),
    )
    expected_bidders = WholeNumberField(
        _l("How many bidders do you expect?"), least=1, most=1_000, called=_l("Bidders expected")
    )

    def offer(self, lot: Lot) -> None:
        """The sums for what is typed, or for what the lot holds."""
        self.lot = lot
        self.expected_bidders.description = _(
            "The burden meter counts with it. Leave empty: %(usual)s.",
            usual=policy_today().usual_bidders,
        )

    @property
    def sums(self) -> Worked | None:
        """The sums for the net value on the screen."""
        return worked(self.lot, self.value_net_pence.data)

    def press(self, pressed: str) -> bool:
        """Work the whole-life value out of what is typed, and show it before it is saved."""
        if pressed != "work-out":
            return True
        if self.sums is not None:
            gross = self.value_gross_pence
            gross.data, gross.raw_data, gross.process_errors = self.sums.gross_pence, None, []
        return False

    def validate_value_net_pence(self, field: Any) -> None:
        """A lot is worth something."""
        if field.data == 0:
            raise ValidationError(_("Net value must be more than £0"))

    def validate_value_gross_pence(self, field: Any) -> None:
        """The whole-life value contains the net value of the term and of every extension."""
        net = self.value_net_pence.data
        if field.data is None or net is None:
            return
        if field.data < net:
            raise ValidationError(
                _(
                    "Whole-life value must be at least %(least)s, the net value",
                    least=shown_pounds(net),
                )
            )
        least = least_whole_life(self.lot, net)
        if least is not None and field.data < least:
            raise ValidationError(
                _(
                    "Whole-life value must be at least %(least)s: net value × (term + "
                    "extensions) ÷ term",
                    least=shown_pounds(least),
                )
            )


class RouteForm(PageForm):
    """A grant, unless a reason speaks for a contract."""

    route = RadioField(_l("Grant or contract?"), [Required(_l("Select grant or contract"))])
    contract_reason = LongTextField(
        _l("Why a contract and not a grant?"),
        [Words(200)],
        description=_l("The lot’s page shows this reason to everybody."),
    )

    def offer(self, lot: Lot) -> None:
        """The two routes."""
        self.route.choices = choices(ROUTES)
        self.route.hints = {
            Route.GRANT.value: _("The usual way: less to write, no standstill, paid up front."),
            Route.CONTRACT.value: _("Needs a reason."),
        }

    def validate_contract_reason(self, field: Any) -> None:
        """A contract needs its reason."""
        if self.route.data == Route.CONTRACT and not (field.data or "").strip():
            raise ValidationError(_("Enter the reason for a contract, or select grant"))

    def values(self) -> dict[str, Any]:
        """The page's values."""
        return super().values() | {"route": Route(self.route.data)}


class TermForm(PageForm):
    """How long it runs, and how long the provider has to get ready."""

    term_months = WholeNumberField(
        _l("Initial term in months"),
        [Required(_l("Enter the initial term in months"))],
        least=1,
        most=120,
        description=_l("36 months or more let a small organisation keep its staff."),
    )
    extension_months = WholeNumberField(
        _l("Months it can be extended by, all extensions together"),
        most=120,
        called=_l("Months of extension"),
        description=_l("0 or empty where it cannot be extended."),
    )
    extension_times = WholeNumberField(
        _l("In how many steps at most?"), most=20, called=_l("Steps of extension")
    )
    mobilisation_weeks = WholeNumberField(
        _l("Weeks between signing and the first referral"),
        [Required(_l("Enter the weeks to get ready"))],
        most=104,
        called=_l("Weeks to get ready"),
        description=_l("Hiring and checking new workers takes about 12 weeks."),
    )

    def validate_extension_times(self, field: Any) -> None:
        """Months and steps go together."""
        months, steps = self.extension_months.data or 0, field.data or 0
        if months and not steps:
            raise ValidationError(_("Enter in how many steps it can be extended"))
        if steps > months:
            raise ValidationError(_("There cannot be more steps than months of extension"))

    def values(self) -> dict[str, Any]:
        """The page's values; no extension is 0."""
        return super().values() | {
            "extension_months": self.extension_months.data or 0,
            "extension_times": self.extension_times.data or 0,
        }
