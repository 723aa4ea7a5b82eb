"""People, their roles, and how they sign in."""

from __future__ import annotations

from flask import Flask, render_template
from flask_babel import format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import clock, jobs, outbox
from marketplace.accounts import (
    account_views,
    commands,
    people_views,
    permissions,
    queries,
    registration_views,
    sessions,
    throttles,
    views,
)
from marketplace.accounts.permissions import AccountPermission
from marketplace.accounts.throttles import TooManyTries
from marketplace.acting import ROLES
from marketplace.registry import NavigationEntry, navigation


def _too_many(error: TooManyTries) -> tuple[str, int, dict[str, str]]:
    wait = max(1, int((error.until - clock.technical_now()).total_seconds()) + 1)
    page = render_template(
        "marketplace/error.html",
        status=429,
        heading=_("Too many tries"),
        text=_(
            "This was tried too often in a short time. You can try again at %(time)s.",
            time=format_time(error.until, "HH:mm"),
        ),
    )
    return page, 429, {"Retry-After": str(wait)}


def register(app: Flask) -> None:
    """Add sessions, permissions, pages, jobs and commands of accounts."""
    permissions.register(app)
    sessions.register(app)
    for pages in (views, account_views, people_views, registration_views):
        app.register_blueprint(pages.blueprint)
    registration_views.register_limits(app)
    app.register_error_handler(TooManyTries, _too_many)
    app.jinja_env.globals["role_names"] = ROLES
    app.cli.add_command(commands.create_administrator)
    jobs.register(app, "forget old tries", throttles.forget_old)
    outbox.still_wanted(app, "marketplace/accounts/mail/invitation.txt", queries.invitation_wanted)
    entry = NavigationEntry(
        _l("My account"), "account.overview", AccountPermission.OWN_ACCOUNT, position=90
    )
    navigation(app).append(entry)
