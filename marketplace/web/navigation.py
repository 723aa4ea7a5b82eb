"""What every page shows around its content: who is signed in, the menu, the clock, the banners."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _

from marketplace import clock, jobs
from marketplace.acting import Acting, Role
from marketplace.permissions import allowed
from marketplace.registry import navigation
from marketplace.web.acting import acting
from marketplace.web.protection import SIGN_IN

SIGN_OUT = "accounts.sign_out"
DEMONSTRATION_CLOCK = "demonstration.clock"


class MenuItem(NamedTuple):
    """One link of the menu; `active` where the page shown belongs to its section."""

    label: Any
    href: str
    active: bool
    current: bool


def person() -> Acting | None:
    """Who acts; nobody on the pages shown while the database is away."""
    return None if g.get("database_away") else acting()


def menu() -> list[MenuItem]:
    """The links this reader may follow, in order; signing in last for those who have not."""
    by = person()
    shown = [
        (entry.label, entry.endpoint)
        for entry in sorted(navigation(), key=lambda entry: entry.position)
        if not entry.at_foot
        and entry.endpoint in current_app.view_functions
        and (entry.needs is None or allowed(by, entry.needs))
    ]
    if by is None and SIGN_IN in current_app.view_functions:
        shown.append((_("Sign in"), SIGN_IN))
    here = request.endpoint or ""
    active = _section_of(here, [endpoint for _label, endpoint in shown])
    return [
        MenuItem(label, url_for(endpoint), endpoint == active, endpoint == here)
        for label, endpoint in shown
    ]


def foot() -> list[tuple[Any, str]]:
    """The links at the foot of every page, open to everybody, as (label, address)."""
    return [(entry.label, url_for(entry.endpoint)) for entry in navigation() if entry.at_foot]


def _section_of(here: str, endpoints: list[str]) -> str | None:
    """The entry to light up: the page's own, else the first of its blueprint."""
    if here in endpoints:
        return here
    section = here.rpartition(".")[0]
    return next((each for each in endpoints if section and each.startswith(f"{section}.")), None)


def _address_of(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _around() -> dict[str, Any]:
    settings = current_app.extensions["settings"]
    by = person()
    watches_jobs = by is not None and by.has(Role.ADMINISTRATOR)
    return {
        "person": by,
        "sign_out_url": _address_of(SIGN_OUT),
        "demonstration": settings.demonstration and not g.get("database_away"),
        "demonstration_clock_url": _address_of(DEMONSTRATION_CLOCK),
        "government_branding": settings.government_branding,
        "jobs_late": watches_jobs and jobs.late(),
    }


def register(app: Flask) -> None:
    """Give every template what stands around a page."""
    app.context_processor(_around)
    app.jinja_env.globals.update(menu=menu, foot=foot, business_now=clock.now)
