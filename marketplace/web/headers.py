"""Security headers on every response, and what may be kept of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, g, request, session

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def csp_nonce() -> str:
    """The one-time mark of this response's own scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return g.csp_nonce


def sensitive(view: Callable) -> Callable:
    """Mark a page about people: OFFICIAL-SENSITIVE on it, and no cache keeps it."""

    @wraps(view)
    def marked(*args, **kwargs):
        g.sensitive = True
        return view(*args, **kwargs)

    return marked


def _protect(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint == "static":
        return response
    if g.get("sensitive") or _signed_in():
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _signed_in() -> bool:
    # The cookie, not the person: an error page must not ask the database who this is.
    return "_user_id" in session


def register(app: Flask) -> None:
    """Send the headers with every response."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_protect)
