"""The pages of a draft that become rows: criteria with weights, and what else is asked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.drafting.forms import PageForm
from lots.drafting.rows import Asked
from lots.forms import choices
from lots.models import Lot
from lots.vocabulary import DEMANDS, TIE_RULES, Demand, TieRule
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    LongTextField,
    MoneyField,
    RadioField,
    Required,
    TextField,
    WholeNumberField,
    Words,
)

MOST_CRITERIA = 6
MOST_LINES = 10


class CriteriaForm(PageForm):
    """What bids are judged by; the rows are `name_1`, `weight_1` and so on."""

    price_weight = WholeNumberField(
        _l("Weight of the price"), [Required(_l("Enter the weight of the price"))], most=100
    )
    tie_rule = RadioField(
        _l("If two bids have the same total, which comes first?"), [Required(_l("Select one"))]
    )

    def offer(self, lot: Lot) -> None:
        """The rules for a tie."""
        self.tie_rule.choices = choices(TIE_RULES)

    def rows(self) -> list[tuple[Any, Any]]:
        """The (name, weight) fields in order."""
        return [
            (self[f"name_{position}"], self[f"weight_{position}"])
            for position in range(1, MOST_CRITERIA + 1)
        ]

    @property
    def total(self) -> int:
        """What the weights on the screen add up to, the price's with them."""
        return (self.price_weight.data or 0) + sum(each.data or 0 for _n, each in self.rows())

    def fill(self, held: dict[str, Any]) -> None:
        """Show each criterion in its row."""
        super().fill(held)
        for position, name, weight in held["criteria"]:
            self[f"name_{position}"].data = name
            self[f"weight_{position}"].data = weight

    def validate(self, extra_validators: Any = None) -> bool:
        """Rows are whole, and the weights add up to 100."""
        sound = super().validate(extra_validators)
        for name, weight in self.rows():
            if name.data and not weight.data and not weight.errors:
                weight.errors = [_("Enter the weight of “%(name)s”", name=name.data)]
                sound = False
            if weight.data and not name.data:
                name.errors = [_("Name the criterion that has a weight, or remove the weight")]
                sound = False
        if sound and self.total != 100:
            self.price_weight.errors = [
                _("The weights add up to %(total)s. They must add up to 100.", total=self.total)
            ]
            sound = False
        return sound

    def values(self) -> dict[str, Any]:
        """The page's values; empty rows are left out."""
        return {
            "price_weight": self.price_weight.data,
            "tie_rule": TieRule(self.tie_rule.data),
            "criteria": [
                (position, name.data, weight.data)
                for position, (name, weight) in enumerate(self.rows(), start=1)
                if name.data
            ],
        }


for _position in range(1, MOST_CRITERIA + 1):
    setattr(CriteriaForm, f"name_{_position}", TextField(_l("Criterion")))
    setattr(
        CriteriaForm,
        f"weight_{_position}",
        WholeNumberField(_l("Weight"), least=1, most=100),
    )


class DemandsForm(PageForm):
    """What else is asked of bidders. Only what is ticked counts; lists hold one thing a line."""

    kinds = CheckboxesField(
        _l("What do you ask for?"),
        description=_l("The best answer is usually nothing. Each thing asked keeps somebody out."),
    )
    turnover = MoneyField(_l("At least, a year"), called=_l("Turnover"))
    certificate = LongTextField(_l("Which? One a line"), [Words(100)])
    or_equivalent = CheckboxField(_l("An equivalent, or a plan to get there, is accepted"))
    insurance = LongTextField(_l("Which? One a line"), [Words(100)])
    audited_accounts = LongTextField(_l("For which years?"), [Words(50)])
    named_authority = LongTextField(_l("Which experience, with whom?"), [Words(100)])
    document = LongTextField(_l("Which? One a line"), [Words(100)])

    def offer(self, lot: Lot) -> None:
        """The kinds of things."""
        self.kinds.choices = choices(DEMANDS)

    def fill(self, held: dict[str, Any]) -> None:
        """Show each kind with its lines."""
        asked: list[Asked] = held["demands"]
        self.kinds.data = sorted({kind.value for kind, *_rest in asked})
        for kind in Demand:
            of_kind = [each for each in asked if each[0] is kind]
            if kind is Demand.TURNOVER:
                self.turnover.data = of_kind[0][2] if of_kind else None
            else:
                self[kind.value].data = "\n".join(each[1] for each in of_kind)
        self.or_equivalent.data = any(each[3] for each in asked)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whatever is ticked is told."""
        sound = super().validate(extra_validators)
        for kind in self.ticked():
            field = self[kind.value]
            if not field.data and not field.errors:
                field.errors = [_MISSING[kind]]
            elif kind is not Demand.TURNOVER and len(_lines(field.data)) > MOST_LINES:
                field.errors = [_("Ask for %(most)s things at most", most=MOST_LINES)]
        return sound and not self.errors

    def ticked(self) -> list[Demand]:
        """The kinds that are asked for."""
        return [kind for kind in Demand if kind in (self.kinds.data or [])]

    def values(self) -> dict[str, Any]:
        """The page's values: a row a line."""
        rows: list[Asked] = []
        for kind in self.ticked():
            if kind is Demand.TURNOVER:
                rows.append((kind, "", self.turnover.data, False))
                continue
            equivalent = kind is Demand.CERTIFICATE and bool(self.or_equivalent.data)
            rows += [(kind, line, None, equivalent) for line in _lines(self[kind.value].data)]
        return {"demands": rows}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


_MISSING = {
    Demand.TURNOVER: _l("Enter the least turnover a year, or untick it"),
    Demand.CERTIFICATE: _l("Name the certificate, or untick it"),
    Demand.INSURANCE: _l("Name the insurance, or untick it"),
    Demand.AUDITED_ACCOUNTS: _l("Say for which years, or untick it"),
    Demand.NAMED_AUTHORITY: _l("Say which experience, or untick it"),
    Demand.DOCUMENT: _l("Name the document, or untick it"),
}
