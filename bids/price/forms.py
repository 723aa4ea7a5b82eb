"""The price, by the lot's price basis, and the sheet of what it is made of."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bids.price.arithmetic import PARTS, Costs, Line, Part
from lots.vocabulary import PriceBasis
from marketplace.web.fields import (
    Form,
    HiddenField,
    LongTextField,
    MoneyField,
    TextField,
    Words,
)

PRICE_LABELS = {
    PriceBasis.MONTHLY_FEE: _l("What is your fee for each month, without VAT?"),
    PriceBasis.PER_START: _l("What is your price for each person who starts, without VAT?"),
}
WHOLE_LABEL = _l("What is your price for the whole term, without VAT?")
# A sheet is read by people: whoever has more puts small ones together.
MOST_LINES = 15
ROWS = range(1, MOST_LINES + 1)
# Enough to say what makes a low price possible; it is no further question to be scored.
EXPLANATION_WORDS = 250


class SheetForm(Form):
    """Lines of what it costs, each whole or empty, and the explanation where one is asked."""

    edition = HiddenField(default="0")
    costs_edition = HiddenField(default="0")
    explanation = LongTextField(
        _l("How can you deliver the service for this price?"),
        [Words(EXPLANATION_WORDS)],
        called=_l("Your explanation"),
    )
    # Kinds of cost of an earlier bid; a line that only repeats one is an empty line.
    offered = Costs()

    def validate(self, extra_validators: Any = None) -> bool:
        """A line with an amount says what it is for, and the other way round."""
        sound = super().validate(extra_validators)
        for part in Part:
            for row in ROWS:
                sound = self._whole(part, row) and sound
        return sound

    def _whole(self, part: Part, row: int) -> bool:
        what, amount = self._row(part, row)
        if what.data and amount.data is None and not amount.errors:
            if what.data in [each.what for each in self.offered.lines(part)[row - 1 : row]]:
                return True
            amount.errors = [_("Enter what “%(what)s” costs", what=what.data)]
        elif amount.data is not None and not what.data and not what.errors:
            what.errors = [_("Enter what the amount in line %(row)s is for", row=row)]
        else:
            return True
        return False

    def _row(self, part: str, row: int) -> tuple[Any, Any]:
        return self[f"{part}-what-{row}"], self[f"{part}-pence-{row}"]

    def shown(self, part: str, least: int) -> list[tuple[Any, Any]]:
        """The rows to draw: up to the last that holds something, and one more to go on."""
        rows = [self._row(part, row) for row in ROWS]
        held = [n for n, (what, amount) in enumerate(rows, 1) if what.data or amount._value()]
        return rows[: max(least, max(held, default=0) + 1)]

    def fill(self, costs: Costs) -> None:
        """Show the costs that stand."""
        self.explanation.data = costs.explanation
        for part in Part:
            for row, line in enumerate(costs.lines(part), start=1):
                what, amount = self._row(part, row)
                what.data, amount.data = line.what, line.pence

    def offer(self) -> None:
        """Show the kinds of cost of the earlier bid, without its amounts."""
        for part in Part:
            for row, line in enumerate(self.offered.lines(part), start=1):
                self._row(part, row)[0].data = line.what

    def costs(self) -> Costs:
        """What was typed."""
        parts = {part.value: tuple(self._given(part)) for part in Part}
        return Costs(**parts, explanation=self.explanation.data or "")

    def _given(self, part: Part) -> list[Line]:
        rows = (self._row(part, row) for row in ROWS)
        return [
            Line(what.data, amount.data)
            for what, amount in rows
            if what.data and amount.data is not None
        ]


def sheet_form(basis: PriceBasis) -> type[SheetForm]:
    """The amount by the lot's price basis, and rows for each part of the sheet."""
    made: dict[str, Any] = {
        "amount": MoneyField(PRICE_LABELS.get(basis, WHOLE_LABEL), called=_l("Your price"), least=1)
    }
    for part in Part:
        for row in ROWS:
            called = {"part": PARTS[part], "row": row}
            made |= {
                f"{part}-what-{row}": TextField(_l("%(part)s, line %(row)s: what", **called)),
                f"{part}-pence-{row}": MoneyField(_l("%(part)s, line %(row)s: cost", **called)),
            }
    return type("PriceForm", (SheetForm,), made)
