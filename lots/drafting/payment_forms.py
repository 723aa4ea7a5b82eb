"""The page on price and payment as a form: what bidders price, how it is paid, raises and VAT."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.drafting.forms import PageForm
from lots.forms import choices
from lots.models import Lot
from lots.prices.arithmetic import EARLY, SINGLE
from lots.prices.models import PLAIN_PRICE, PriceTerms
from lots.shown import names
from lots.vocabulary import (
    PAYMENT_PROFILES,
    PRICE_BASES,
    Paid,
    PaymentProfile,
    PriceBasis,
    Route,
)
from marketplace.web.fields import (
    MoneyField,
    PercentField,
    RadioField,
    Required,
    WholeNumberField,
)
from marketplace.web.filters import shown_pounds

MOST_STARTS = 1_000_000
MOST_FACTOR = 1_000
BANDS = (1, 2)
FACTORS = ("factor_low", "factor_medium", "factor_high")
NOT_OF_A_GRANT = (PriceBasis.PER_OUTCOME, PriceBasis.MIXED)
PARTS = ("instalment_percent", "fee_percent", "start_percent", "outcome_percent")


def _part(label: Any) -> WholeNumberField:
    return WholeNumberField(label, most=100)


def _factor(label: Any) -> WholeNumberField:
    return WholeNumberField(label, least=1, most=MOST_FACTOR)


def payment_form(lot: Lot) -> type[PageForm]:
    """The form with a number and a price for each outcome of the lot."""
    shown = names().outcomes
    made: dict[str, Any] = {}
    for place, each in enumerate(_outcomes(lot)):
        name = shown.get(each, each)
        called = _l("%(outcome)s: number", outcome=name)
        number = WholeNumberField(_l("How many expected"), least=1, most=MOST_STARTS, called=called)
        made[f"outcome_{place}"] = number
        made[f"outcome_factor_{place}"] = _factor(_l("What each costs, of the price of an outcome"))
    return type("PaymentFormOfLot", (PaymentForm,), made)


def _outcomes(lot: Lot) -> list[str]:
    return sorted(each.outcome_code for each in lot.outcomes)


class PaymentForm(PageForm):
    """What bidders price, and when they are paid; made by `payment_form`."""

    price_basis = RadioField(_l("What will bidders price?"), [Required(_l("Select one"))])
    payment_profile = RadioField(
        _l("When is the provider paid?"),
        [Required(_l("Select when the provider is paid"))],
        description=_l(
            "This is for a monthly fee and for instalments; starts and outcomes are "
            "always paid for when their month is over."
        ),
    )
    guaranteed_pence = MoneyField(
        _l("Least that the provider is paid over the initial term"),
        called=_l("Guaranteed payment"),
        description=_l("Paid even if fewer people come than expected. Leave empty for none."),
    )
    voluntary_share_percent = WholeNumberField(
        _l("Least share of delivery spend for voluntary organisations, in percent"),
        most=100,
        called=_l("Share"),
        description=_l("Tracked against what is paid. Leave empty for none."),
    )
    instalment_percent = _part(_l("Instalments in advance"))
    fee_percent = _part(_l("A fee for each month"))
    start_percent = _part(_l("People who start"))
    outcome_percent = _part(_l("Outcomes reached"))
    factor_low = _factor(_l("Low complexity"))
    factor_medium = _factor(_l("Medium complexity"))
    factor_high = _factor(_l("High complexity"))
    vat_percent = WholeNumberField(
        _l("VAT that is added to what is paid"),
        most=100,
        called=_l("VAT"),
        description=_l("Most welfare services are exempt: 0."),
    )
    index_points = PercentField(
        _l("Prices rise each year by"),
        most=2_000,
        called=_l("The yearly rise"),
        description=_l("Leave empty for none: then prices change only by a signed change."),
    )
    index_after_months = WholeNumberField(
        _l("First after how many months?"), least=1, most=120, called=_l("Months before a rise")
    )
    band_above_1 = WholeNumberField(_l("Above so many starts in a year"), least=1, most=MOST_STARTS)
    band_percent_1 = _part(_l("Each of those costs, of its price"))
    band_above_2 = WholeNumberField(_l("Above so many starts in a year"), least=1, most=MOST_STARTS)
    band_percent_2 = _part(_l("Each of those costs, of its price"))

    def offer(self, lot: Lot) -> None:
        """The kinds of price and the profiles."""
        self.lot = lot
        self.codes = _outcomes(lot)
        self.outcome_names = names().outcomes
        is_grant = lot.route == Route.GRANT
        bases = {each: label for each, label in PRICE_BASES.items() if each not in NOT_OF_A_GRANT}
        self.price_basis.choices = choices(bases if is_grant else PRICE_BASES)
        self.price_basis.hints = {
            PriceBasis.MONTHLY_FEE.value: _("The usual way: the same each month."),
            PriceBasis.PER_START.value: _("Always paid when the month is over."),
            PriceBasis.PER_OUTCOME.value: _(
                "Always paid when the month is over, and small organisations can rarely wait for "
                "it. Above a tenth of the value your director must give a reason, which is "
                "published."
            ),
        }
        self.payment_profile.choices = choices(PAYMENT_PROFILES)
        self.payment_profile.hints = {
            PaymentProfile.MONTHLY_IN_ADVANCE.value: _(
                "The usual way: a small organisation has no reserves to lend you."
            ),
            PaymentProfile.UP_FRONT.value: _("Usual for a grant."),
        }

    def outcome_fields(self) -> list[tuple[str, Any, Any]]:
        """(name, number, factor) of each outcome of the lot."""
        return [
            (
                self.outcome_names.get(code, code),
                self[f"outcome_{place}"],
                self[f"outcome_factor_{place}"],
            )
            for place, code in enumerate(self.codes)
        ]

    def outcome_numbers(self) -> list[Any]:
        """How many of each outcome are expected."""
        return [number for _name, number, _factor in self.outcome_fields()]

    def band_fields(self) -> list[tuple[Any, Any]]:
        """The rows of volume bands."""
        return [(self[f"band_above_{n}"], self[f"band_percent_{n}"]) for n in BANDS]

    def part_fields(self) -> list[Any]:
        """The parts of a mixture."""
        return [self[name] for name in PARTS]

    def start_fields(self) -> list[Any]:
        """What makes the price of one start differ from another's."""
        bands = [field for row in self.band_fields() for field in row]
        return [*(self[name] for name in FACTORS), *bands]

    def is_open(self, fields: list[Any]) -> bool:
        """Whether a group is shown at once: something unusual stands in it, or is wrong."""
        plain = (None, 0, 12, 100)
        return any(each.errors or each.data not in plain for each in fields)

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the page holds; a part of nothing stays empty."""
        super().fill(held)
        for name in (*PARTS, "index_points"):
            self[name].data = held[name] or None
        for n, (above, percent) in zip(BANDS, held["bands"], strict=False):
            self[f"band_above_{n}"].data, self[f"band_percent_{n}"].data = above, percent
        paid = {code: (number, factor) for code, number, factor in held["paid_outcomes"]}
        for place, code in enumerate(self.codes):
            number, factor = paid.get(code, (None, 100))
            self[f"outcome_{place}"].data = number
            self[f"outcome_factor_{place}"].data = factor

    def validate_guaranteed_pence(self, field: Any) -> None:
        """No more than the value is guaranteed."""
        net = self.lot.value_net_pence
        if field.data is not None and net is not None and field.data > net:
            raise ValidationError(
                _(
                    "Guaranteed payment must be %(net)s or less, the net value",
                    net=shown_pounds(net),
                )
            )

    def validate_instalment_percent(self, field: Any) -> None:
        """The parts of a mixture add up, and there is more than one."""
        if self.price_basis.data != PriceBasis.MIXED:
            return
        parts = [each.data or 0 for each in self.part_fields()]
        if sum(parts) != 100:
            raise ValidationError(
                _("The parts add up to %(total)s%%. They must add up to 100%%.", total=sum(parts))
            )
        if max(parts) == 100:
            raise ValidationError(_("Enter at least two parts, or select the one price above"))

    def validate_payment_profile(self, field: Any) -> None:
        """Instalments in advance are not paid afterwards."""
        if Paid.INSTALMENT in self._paid() and field.data == PaymentProfile.MONTHLY_IN_ARREARS:
            raise ValidationError(_("Instalments in advance are not paid afterwards"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Rows are whole; bands rise; outcomes that are paid for are counted."""
        sound = super().validate(extra_validators)
        for field, error in self._unsound():
            if not field.errors:
                field.errors = [error]
                sound = False
        return sound

    def _unsound(self) -> Iterator[tuple[Any, str]]:
        known: set[int] = set()
        for above, percent in self.band_fields():
            if above.data is not None and percent.data is None:
                yield percent, _("Enter what each start above it costs, in percent")
            if percent.data is not None and above.data is None:
                yield above, _("Enter above how many starts in a year it counts")
            if above.data in known:
                yield above, _("Enter another number than in the row before")
            known |= {above.data} if above.data is not None else set()
        numbers = self.outcome_numbers()
        if Paid.OUTCOME in self._paid() and not any(each.data for each in numbers):
            first = numbers[0] if numbers else self.price_basis
            yield (
                first,
                _("Enter how many outcomes you expect over the initial term, for one at least"),
            )

    def _paid(self) -> list[Paid]:
        basis = self.price_basis.data
        if basis != PriceBasis.MIXED:
            return [SINGLE[PriceBasis(basis)]] if basis in SINGLE else []
        kinds = (Paid.INSTALMENT, Paid.FEE, Paid.START, Paid.OUTCOME)
        return [paid for paid, name in zip(kinds, PARTS, strict=True) if self[name].data]

    def _profile(self) -> PaymentProfile:
        """What was selected; starts and outcomes alone can only be paid for afterwards."""
        if self.lot.route != Route.GRANT and not set(self._paid()) & set(EARLY):
            return PaymentProfile.MONTHLY_IN_ARREARS
        return PaymentProfile(self.payment_profile.data)

    def values(self) -> dict[str, Any]:
        """The page's values; what is not a mixture has no parts."""
        basis = PriceBasis(self.price_basis.data)
        typed = {name: self[name].data for name in PriceTerms.PRICE_COLUMNS.split()}
        terms = {
            name: PLAIN_PRICE[name] if number is None else number for name, number in typed.items()
        }
        mixed = basis == PriceBasis.MIXED
        return {
            "price_basis": basis,
            "payment_profile": self._profile(),
            "guaranteed_pence": self.guaranteed_pence.data,
            "voluntary_share_percent": self.voluntary_share_percent.data,
            **terms,
            **({} if mixed else dict.fromkeys(PARTS, 0)),
            "bands": sorted(
                (above.data, percent.data)
                for above, percent in self.band_fields()
                if above.data is not None and percent.data is not None
            ),
            "paid_outcomes": [
                (code, number.data, factor.data or 100)
                for code, (_name, number, factor) in zip(
                    self.codes, self.outcome_fields(), strict=True
                )
                if number.data
            ],
        }
