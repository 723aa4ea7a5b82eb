"""Where to go on to: only ever to a page of this service."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request, session

GOING_TO = "going_to"


def local_path(address: str | None) -> str | None:
    """The address where it is a path of this service, else None.

    Browsers read "//host", "/\\host" and a path with control characters as another host.
    """
    if not address or not address.startswith("/") or not address.isprintable():
        return None
    if address[1:2] in ("/", "\\") or not _readable(address) or urlsplit(address).netloc:
        return None
    return address


def _readable(address: str) -> bool:
    try:
        urlsplit(address).port  # noqa: B018 - read for the error it raises
    except ValueError:
        return False
    return True


def page_asked_for() -> str | None:
    """The path to come back to after signing in: this page, or the one that sent this form."""
    if request.method in ("GET", "HEAD"):
        return local_path(request.full_path.removesuffix("?"))
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host:
        return None
    return local_path(referrer.path + (f"?{referrer.query}" if referrer.query else ""))


def remember_way_on() -> None:
    """Keep the path asked for with `next` in this browser, across a mail that does not carry it.

    A mail that named the page would tie whoever registers to what they registered for.
    """
    if path := local_path(request.args.get("next")):
        session[GOING_TO] = path


def take_way_on() -> str | None:
    """The path kept in this browser, once."""
    return local_path(session.pop(GOING_TO, None))


def _forget_unreadable_referrer() -> None:
    if not _readable(request.referrer or ""):
        request.environ.pop("HTTP_REFERER", None)


def register(app: Flask) -> None:
    """Take a referrer that is no address for none, before anything reads it."""
    app.before_request(_forget_unreadable_referrer)
