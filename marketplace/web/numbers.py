"""Money and whole numbers as people type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from marketplace.money import parse_pounds
from marketplace.web.words import cleaned

# A comma parts thousands; anywhere else it may be meant as a decimal point.
_WHOLE = re.compile(r"[-+−]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})")
_PERCENT = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,2}))?")
MOST_PENCE = 100_000_000_000_00


class _NumberField(Field):
    """A number typed as text; what was typed is shown again when it could not be read."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        least: int | None = 0,
        most: int | None = None,
        called: Any = None,
        **kwargs,
    ):
        super().__init__(label, validators, **kwargs)
        self.least = least
        self.most = most
        self.called = called

    def _name(self) -> str:
        return str(self.called or self.label.text)

    def _value(self) -> str:
        if self.raw_data:
            return cleaned(self.raw_data[0], lines=False)
        return "" if self.data is None else self._shown(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        typed = cleaned(valuelist[0], lines=False)
        if typed:
            self.data = self._within(self._read(typed))

    def _within(self, number: int) -> int:
        if self.least is not None and number < self.least:
            raise ValueError(
                _(
                    "%(field)s must be %(least)s or more",
                    field=self._name(),
                    least=self._shown_limit(self.least),
                )
            )
        if self.most is not None and number > self.most:
            raise ValueError(
                _(
                    "%(field)s must be %(most)s or less",
                    field=self._name(),
                    most=self._shown_limit(self.most),
                )
            )
        return number


class WholeNumberField(_NumberField):
    """A whole number from `least` (0 unless told) to `most`."""

    shape = "number"

    def __init__(self, label: Any = None, validators: Any = None, **kwargs):
        super().__init__(label, validators, **({"most": 2_000_000_000} | kwargs))

    def _read(self, typed: str) -> int:
        digits = typed.replace(" ", "")
        if not _WHOLE.fullmatch(digits):
            raise ValueError(_("%(field)s must be a whole number, like 12", field=self._name()))
        return int(digits.replace(",", "").replace("−", "-"))

    def _shown(self, number: int) -> str:
        return str(number)

    def _shown_limit(self, number: int) -> str:
        return f"{number:,}"


class PercentField(_NumberField):
    """A percentage with up to two decimals, like 2.5; its data is hundredths of a percent."""

    shape = "number"

    def _read(self, typed: str) -> int:
        found = _PERCENT.fullmatch(typed.replace(" ", "").removesuffix("%"))
        if not found:
            raise ValueError(_("%(field)s must be a percentage, like 2.5", field=self._name()))
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))

    def _shown(self, number: int) -> str:
        return f"{number / 100:.2f}".rstrip("0").rstrip(".")

    def _shown_limit(self, number: int) -> str:
        return f"{self._shown(number)}%"


class MoneyField(_NumberField):
    """Pounds typed as people write them (£1,234.50); its data is integer pence."""

    shape = "money"

    def __init__(self, label: Any = None, validators: Any = None, **kwargs):
        super().__init__(label, validators, **({"most": MOST_PENCE} | kwargs))

    def _read(self, typed: str) -> int:
        plain = typed.replace(" ", "")
        if plain.removeprefix("£").startswith(("-", "−")):
            raise ValueError(_("%(field)s must be £0 or more", field=self._name()))
        try:
            return parse_pounds(plain)
        except ValueError:
            raise ValueError(
                _(
                    "%(field)s must be an amount of money, like 1,200 or 1,200.50",
                    field=self._name(),
                )
            ) from None

    def _shown(self, number: int) -> str:
        pounds, pence = divmod(number, 100)
        return f"{pounds}.{pence:02}" if pence else str(pounds)

    def _shown_limit(self, number: int) -> str:
        return f"£{number // 100:,}" if number % 100 == 0 else f"£{Decimal(number) / 100:,}"
