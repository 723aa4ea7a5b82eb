"""Dates from three inputs and times of day from one, as people type them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value

from marketplace import clock
from marketplace.web.words import cleaned

PARTS = ("day", "month", "year")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_SHOWN = 40


def _months() -> dict[str, int]:
    """Month names, whole and short, English and Welsh, in small letters, to their numbers."""
    return {
        name.lower().rstrip("."): number
        for locale in ("en_GB", "cy_GB")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=locale).items()
    } | {"sept": 9}


class DateField(Field):
    """A date from inputs named `<name>-day`, `-month` and `-year`; its data is a `date`.

    What is typed is kept for showing again; a date that does not exist is an error, never a crash.
    """

    shape = "date"

    def __init__(self, label: Any = None, validators: Any = None, *, called: Any = None, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.called = called
        self.typed: dict[str, str] = {}
        self.wrong: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata is None:
            return
        names = {part: f"{self.name}-{part}" for part in PARTS}
        if not any(name in formdata for name in names.values()):
            return
        self.typed = {
            part: cleaned(formdata.get(name, ""), lines=False)[:20] for part, name in names.items()
        }
        self.raw_data = list(self.typed.values())
        self.data = None
        try:
            self.data = self._read()
        except ValueError as error:
            self.process_errors.append(str(error))

    def shown(self, part: str) -> str:
        """What stands in one of the inputs."""
        if self.typed:
            return self.typed[part]
        return str(getattr(self.data, part)) if self.data else ""

    @property
    def focus_id(self) -> str:
        """The first input that is wrong, for the error summary's link."""
        return f"{self.id}-{self.wrong[0] if self.wrong else 'day'}"

    def _read(self) -> date | None:
        missing = tuple(part for part in PARTS if not self.typed[part])
        if len(missing) == 3:
            return None
        if missing:
            raise self._error(missing, self._missing_text(missing))
        if not re.fullmatch(r"[0-9]{4}", self.typed["year"]):
            raise self._error(
                ("year",), _("%(field)s: the year must be 4 numbers, like 2027", field=self._name())
            )
        month = self.typed["month"].lower().rstrip(".")
        month = str(_months().get(month, month))
        try:
            if not all(re.fullmatch(r"[0-9]{1,2}", text) for text in (self.typed["day"], month)):
                raise ValueError
            return date(int(self.typed["year"]), int(month), int(self.typed["day"]))
        except ValueError as impossible:
            raise self._error(
                PARTS,
                _("%(field)s must be a date that exists, like 27 3 2027", field=self._name()),
            ) from impossible

    def _missing_text(self, missing: tuple[str, ...]) -> str:
        texts = {
            ("day",): _("%(field)s must include a day", field=self._name()),
            ("month",): _("%(field)s must include a month", field=self._name()),
            ("year",): _("%(field)s must include a year", field=self._name()),
            ("day", "month"): _("%(field)s must include a day and a month", field=self._name()),
            ("day", "year"): _("%(field)s must include a day and a year", field=self._name()),
            ("month", "year"): _("%(field)s must include a month and a year", field=self._name()),
        }
        return texts[missing]

    def _error(self, wrong: tuple[str, ...], text: str) -> ValueError:
        self.wrong = wrong
        return ValueError(text)

    def _name(self) -> str:
        return str(self.called or self.label.text)


class TimeField(Field):
    """A time of day ("9:30", "2pm", "14.00", "noon"); its data is a `time`, London's."""

    shape = "time"

    def __init__(self, label: Any = None, validators: Any = None, *, called: Any = None, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.called = called

    def _value(self) -> str:
        if self.raw_data:
            return cleaned(self.raw_data[0], lines=False)[:20]
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        typed = cleaned(valuelist[0], lines=False).lower().replace(" ", "")
        if typed:
            self.data = self._read(typed)

    def _read(self, typed: str) -> time:
        named = {"noon": time(12), "midday": time(12), "midnight": time(0)}
        if typed in named:
            return named[typed]
        found = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(am|pm)?", typed)
        hour, minute, half = (int(found[1]), found[2], found[3]) if found else (0, "", "")
        if found and (half or minute) and not (half and hour not in range(1, 13)):
            hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
            if hour < 24 and int(minute or 0) < 60:
                return time(hour, int(minute or 0))
        name = str(self.called or self.label.text)
        raise ValueError(_("%(field)s must be a time, like 9:30am or 14:00", field=name))


class DayField(Field):
    """A day in an address, written YYYY-MM-DD; today where nothing is given."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = self._read(typed) if typed else clock.today()

    def _read(self, typed: str) -> date:
        self.data = None
        try:
            if DAY.fullmatch(typed):
                return date.fromisoformat(typed)
        except ValueError:
            pass
        raise ValueError(
            _(
                "Enter a day that exists, written year, month, day with hyphens (YYYY-MM-DD), "
                "like 2021-06-26. “%(typed)s” cannot be read.",
                typed=typed[:LONGEST_SHOWN],
            )
        )
