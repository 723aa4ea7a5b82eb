"""Who may call an endpoint: decided before every view; what declares nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.acting import Acting
from marketplace.permissions import Refused, policy
from marketplace.web.addresses import page_asked_for

FRESH_FOR = timedelta(minutes=5)
SIGN_IN = "accounts.sign_in"
SECOND_FACTOR = "accounts.second_factor"
CONFIRM = "accounts.confirm"
FOR_MACHINES = ("/open-data", "/api", "/health")
UNDECLARED = "undeclared"


class UndeclaredEndpoint(Exception):
    """An endpoint that says neither which permission it asks for nor that it is public."""


def find_acting_with(app: Flask, finder: Callable[[], Acting | None]) -> None:
    """Have `finder()` say who is signed in, once at the start of each request."""
    app.extensions["acting_finder"] = finder


def is_fresh(by: Acting) -> bool:
    """Whether the second factor was given within the last five minutes."""
    given = by.second_factor_at
    return given is not None and clock.technical_now() - given < FRESH_FOR


def step_up() -> Response:
    """Ask for the second factor again, and come back to this page afterwards."""
    if request.method not in ("GET", "HEAD"):
        flash(_("Confirm that it is you. Then send the form again: nothing has been sent yet."))
    return redirect(url_for(CONFIRM, next=page_asked_for()), 303)


def _protect() -> Any:
    if _is_static(request.endpoint):
        return None
    g.acting = by = current_app.extensions["acting_finder"]()
    if request.routing_exception is not None:
        return None
    view = current_app.view_functions[request.endpoint or ""]
    permission = getattr(view, "permission", UNDECLARED)
    if permission == UNDECLARED:
        return _refuse_undeclared()
    if permission is None:
        return None
    if by is None:
        return _sign_in_first()
    return None if permission == "signed in" else _hold_to_rule(by, permission)


def _is_static(endpoint: str | None) -> bool:
    return endpoint is not None and (endpoint == "static" or endpoint.endswith(".static"))


def _refuse_undeclared() -> None:
    if current_app.testing:
        raise UndeclaredEndpoint(request.endpoint)
    raise Refused(request.endpoint)


def _sign_in_first() -> Response:
    if request.path.startswith(FOR_MACHINES):
        abort(401)
    if request.method not in ("GET", "HEAD"):
        flash(_("You are not signed in, so nothing was sent. Sign in, then send the form again."))
    return redirect(url_for(SIGN_IN, next=page_asked_for()), 303)


def _hold_to_rule(by: Acting, permission: Any) -> Response | None:
    if not policy().allows(by, permission):
        raise Refused(permission)
    held = policy().rules[permission]
    if (held.second_factor or held.fresh) and by.second_factor_at is None:
        return redirect(url_for(SECOND_FACTOR, next=page_asked_for()), 303)
    if held.fresh and not is_fresh(by):
        return step_up()
    return None


def register(app: Flask) -> None:
    """Protect every endpoint."""
    app.extensions.setdefault("acting_finder", lambda: None)
    app.before_request(_protect)
