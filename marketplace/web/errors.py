"""Pages for everything that can go wrong; machine-readable where a machine asked."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused
from marketplace.web.addresses import page_asked_for
from marketplace.web.protection import FOR_MACHINES, SIGN_IN
from marketplace.web.uploads import is_upload

RETRY_SECONDS = 10
# What is typed again in a moment need not be given back.
SHORT = 40
MOST_READ_OFF_BYTES = 100_000_000
CHUNK_BYTES = 64 * 1024
# What two people doing the same at once run into: a unique or foreign key, as each driver names it.
OVERTAKEN = {
    "23503",
    "23505",
    "SQLITE_CONSTRAINT_FOREIGNKEY",
    "SQLITE_CONSTRAINT_PRIMARYKEY",
    "SQLITE_CONSTRAINT_UNIQUE",
}
log = logging.getLogger(__name__)

# Status: the heading, and sentences that say what happened and what to do.
TEXTS = {
    400: (
        _l("There is a problem with the request"),
        _l("The page sent something that we could not read. Go back and try again."),
    ),
    401: (_l("You must sign in"), _l("Sign in, then open the page again.")),
    403: (
        _l("You cannot do this"),
        _l(
            "Your role in the organisation you are acting for does not allow it. "
            "If you hold roles in several organisations, check which one you are acting for."
        ),
    ),
    404: (
        _l("Page not found"),
        _l("If you typed the address, check it. If you followed a link, the page may have moved."),
    ),
    405: (
        _l("This address cannot be opened like that"),
        _l("Go back and use the button or link on the page."),
    ),
    410: (_l("This link no longer works"), _l("It has been used or has run out.")),
    413: (
        _l("That is too large to send"),
        _l("Go back and choose a smaller file, or shorten the text, then send it again."),
    ),
    429: (
        _l("Too many tries"),
        _l("You have tried this too often in a short time. Wait a few minutes, then try again."),
    ),
    500: (
        _l("Sorry, there is a problem with the service"),
        _l("Nothing was changed. Try again later; the problem has been recorded."),
    ),
    503: (
        _l("Sorry, the service is unavailable for a moment"),
        _l(
            "Nothing was changed. Wait a few seconds, then reload the page. If you were sending a "
            "form, your browser will offer to send it again."
        ),
    ),
}


def _answer(status: int, heading: Any, text: Any, headers: Any = None, **more: Any) -> Any:
    if request.path.startswith(FOR_MACHINES):
        body: Any = jsonify(error={"status": status, "title": str(heading), "detail": str(text)})
    else:
        body = render_template(
            "marketplace/error.html", status=status, heading=heading, text=text, **more
        )
    return body, status, headers or {}


def _http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    if status == 401 and SIGN_IN in current_app.view_functions and not _for_machine():
        return redirect(url_for(SIGN_IN, next=page_asked_for()))
    heading, text = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    if status == 413:
        heading, text = _too_large()
        return _answer(status, heading, text, back=_came_from())
    headers = {}
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    if status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", None) or 60)
    return _answer(status, heading, text, headers)


def _too_large() -> tuple[Any, Any]:
    if (request.content_length or 0) > (request.max_content_length or 0):
        _read_off()
    if not is_upload():
        return TEXTS[413]
    return _("The file is too large"), _(
        "Nothing was sent. Go back and choose a file of at most %(most)s MB. Pictures in it make "
        "a document large: save it as PDF, or make them smaller.",
        most=current_app.extensions["settings"].file_megabytes,
    )


def _read_off() -> None:
    """Let the browser finish sending: a connection closed before shows its own error instead."""
    left = min(request.content_length or 0, MOST_READ_OFF_BYTES)
    while left > 0 and (part := request.environ["wsgi.input"].read(min(left, CHUNK_BYTES))):
        left -= len(part)


def _for_machine() -> bool:
    return request.path.startswith(FOR_MACHINES)


def _forged_or_expired(error: CSRFError) -> Any:
    return _answer(
        400,
        _("This page has been open for too long"),
        _(
            "We could not be sure that the form came from you, so nothing was sent. What you typed "
            "is not lost: go back with your browser's back button, copy longer texts to be safe, "
            "reload the page and send it again."
        ),
    )


def _refused(error: Refused) -> Any:
    return _answer(403, *TEXTS[403])


def _not_yours(error: NotYours) -> Any:
    return _answer(404, *TEXTS[404])


def _refusal(error: Refusal) -> Any:
    return _answer(
        409, _("This cannot be done now"), error.text, back=_came_from(), typed=typed_texts()
    )


def typed_texts() -> list[str]:
    """What was written at length in the form that was refused, so that it is not lost."""
    return [
        text
        for name, text in request.form.items(multi=True)
        if len(text) > SHORT and any(map(str.isspace, text)) and "password" not in name
    ]


def _came_from() -> str:
    """The page the reader came from, where it is one of ours; never an address from outside."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else "/"


def _overtaken(error: IntegrityError) -> Any:
    broken = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    if broken not in OVERTAKEN:
        return _crashed(error)
    # The driver's message quotes values; only the kind of constraint is written down.
    log.warning("overtaken", extra={"kind": broken})
    db.session.rollback()
    return _answer(
        409,
        _("This was done at the same moment"),
        _(
            "Somebody else, or another window of yours, did this at the same moment. Nothing was "
            "done a second time. Go back and reload the page to see how things stand now."
        ),
        back=_came_from(),
        typed=typed_texts(),
    )


def _database_away(error: Exception) -> Any:
    # The driver's message may quote values; only its kind is written down.
    log.error("database away", extra={"kind": type(error).__name__})
    _let_go_of_database()
    return _answer(503, *TEXTS[503], headers={"Retry-After": str(RETRY_SECONDS)})


def _crashed(error: Exception) -> Any:
    if current_app.testing or current_app.debug:
        raise error
    log.exception("unexpected error")
    _let_go_of_database()
    return _answer(500, *TEXTS[500])


def _let_go_of_database() -> None:
    g.database_away = True
    db.session.remove()


def register(app: Flask) -> None:
    """Show a clear page for every error."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _forged_or_expired)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NotYours, _not_yours)
    app.register_error_handler(Refusal, _refusal)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(away, _database_away)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(Exception, _crashed)
