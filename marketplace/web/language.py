"""English and Welsh: which one this reader sees, and the links that switch.

A language is offered once it has a catalogue: a page that calls itself Welsh must not be in
English.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, get_locale

NAMES = {"en": "English", "cy": "Cymraeg"}


class LanguageLink(NamedTuple):
    """One language of the switch."""

    code: str
    name: str
    href: str
    current: bool


def chosen_language() -> str:
    """The reader's choice of this session, else English."""
    if not has_request_context():
        return "en"
    asked = request.args.get("lang")
    offered = current_app.extensions["languages"]
    if asked in offered:
        session["language"] = asked
    chosen: str | None = session.get("language")
    return chosen if chosen and chosen in offered else "en"


def page_language() -> str:
    """The language of the page, for its `lang` attribute."""
    return get_locale().language


def languages() -> list[LanguageLink]:
    """The switch: this same page in each language; the front page where it cannot be fetched."""
    here = bool(request.endpoint) and request.method == "GET"
    return [
        LanguageLink(
            code,
            name,
            with_argument("lang", code) if here else f"{request.script_root}/?lang={code}",
            code == page_language(),
        )
        for code, name in NAMES.items()
        if code in current_app.extensions["languages"]
    ]


def with_argument(name: str, value: str | int) -> str:
    """This page's address with one part of its query string set, the rest kept."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != name]
    return f"{request.script_root}{quote(request.path)}?{urlencode([*kept, (name, value)])}"


def register(app: Flask) -> None:
    """Choose language and time zone for every request."""
    babel = Babel(
        app,
        default_locale="en",
        default_timezone="Europe/London",
        locale_selector=chosen_language,
    )
    with app.app_context():
        app.extensions["languages"] = {each.language for each in babel.list_translations()}
    app.jinja_env.globals.update(page_language=page_language, languages=languages)
