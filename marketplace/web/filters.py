"""How moments, money and states look on a page, in the reader's language and London's time."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from marketplace.lifecycle import lifecycles
from marketplace.web.fields import count_words, errors_of
from marketplace.web.language import with_argument

# What a reader must act on or watch stands out; what is over is grey.
COLOURS = {
    "green": "open qualified live active accepted awarded successful completed paid signed "
    "confirmed in_force agreed settled arrived",
    "yellow": "in_assessment evaluating recommended standstill mobilising waiting ending "
    "quarantined unscanned received sending exported collecting coming",
    "orange": "correction_requested query correction overdue suspended concluding disputed "
    "short returned unclear",
    "red": "not_yet removed declined unsuccessful rejected terminated set_aside ended_early "
    "infected held failed lost taken_back",
    "grey": "draft planned closed cancelled withdrawn lapsed ended superseded no_award drafted "
    "dismissed void",
}
_COLOUR_OF = {state: colour for colour, states in COLOURS.items() for state in states.split()}


def shown_date(value: date | datetime | None) -> str:
    """21 November 2026; a moment is first turned to London's time. Nothing for None."""
    return format_date(value, "d MMMM y") if value else ""


def shown_datetime(value: datetime | None) -> str:
    """21 November 2026, 10:00, London's time. Nothing for None."""
    return format_datetime(value, "d MMMM y, HH:mm") if value else ""


def shown_pounds(pence: int | None) -> str:
    """Pence as £1,234.56; whole pounds without pence. Nothing for None."""
    if pence is None:
        return ""
    pounds, rest = divmod(abs(pence), 100)
    sign = "−" if pence < 0 else ""
    return f"{sign}£{format_decimal(pounds)}" + (f".{rest:02}" if rest else "")


def state_label(state: StrEnum) -> Any:
    """A state's words, from the lifecycle it belongs to, else from its own `label`."""
    for lifecycle in lifecycles():
        if state in lifecycle.labels and type(next(iter(lifecycle.labels))) is type(state):
            return lifecycle.labels[state]
    return state.label  # type: ignore[attr-defined]  # choices have one


def state_colour(state: StrEnum) -> str:
    """The tag colour of a state; blue where nothing else is said."""
    return _COLOUR_OF.get(str(state).replace("-", "_").replace(" ", "_"), "blue")


def page_url(number: int) -> str:
    """This page's address with another page number."""
    return with_argument("page", number)


def register(app: Flask) -> None:
    """Make the design system, filters and helpers known to every template and macro."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([app.jinja_loader, components])  # type: ignore[list-item]  # there is one
    app.jinja_env.filters.update(
        date=shown_date,
        datetime=shown_datetime,
        pounds=shown_pounds,
        word_count=count_words,
        state_label=state_label,
        state_colour=state_colour,
    )
    app.jinja_env.globals.update(errors_of=errors_of, page_url=page_url)
