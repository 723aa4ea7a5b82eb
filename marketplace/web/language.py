"""English and Welsh: which one this reader sees, and the links that switch."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, has_request_context, request, session, url_for
from flask_babel import Babel, get_locale

LANGUAGES = {"en": "English", "cy": "Cymraeg"}


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
    if asked in LANGUAGES:
        session["language"] = asked
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else "en"


def page_language() -> str:
    """The language of the page, for its `lang` attribute."""
    return get_locale().language


def languages() -> list[LanguageLink]:
    """The switch: this same page in each language; the front page where it cannot be fetched."""
    arguments = {
        name: values
        for name, values in request.args.to_dict(flat=False).items()
        if name not in ("lang", *(request.view_args or {}))
    }
    links = []
    for code, name in LANGUAGES.items():
        href = f"/?lang={code}"
        if request.endpoint and request.method == "GET":
            # Keywords that url_for keeps for itself begin with an underscore.
            kept = {each: values for each, values in arguments.items() if each[:1] != "_"}
            href = url_for(request.endpoint, **(request.view_args or {}), **kept | {"lang": code})
        links.append(LanguageLink(code, name, href, code == page_language()))
    return links


def register(app: Flask) -> None:
    """Choose language and time zone for every request."""
    Babel(
        app,
        default_locale="en",
        default_timezone="Europe/London",
        locale_selector=chosen_language,
    )
    app.jinja_env.globals.update(page_language=page_language, languages=languages)
