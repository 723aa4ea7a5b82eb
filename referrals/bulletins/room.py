"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import ngettext

from lots.contracts.continuity.lifecycle import CANCEL, GIVE_NOTICE, RESUME
from lots.contracts.places import PlaceHappening
from marketplace import events
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting
from referrals.bulletins import actions, queries, views
from referrals.permissions import ReferralPermission


def waits_for(by: Acting) -> list[WaitingItem]:
    """News that a practitioner has not read; two statements."""
    if not allowed(by, ReferralPermission.MY_CASES):
        return []
    count = queries.unread(by)
    if not count:
        return []
    text = ngettext(
        "%(num)s piece of news of services", "%(num)s pieces of news of services", count
    )
    return [WaitingItem(text, url_for("bulletins.index"), count)]


def register(app: Flask) -> None:
    """Pages, what the news is made of, and what waits."""
    app.register_blueprint(views.blueprint)
    events.when(app, PlaceHappening.OPENED, actions.started)
    events.when(app, PlaceHappening.PLACES_SET, actions.changed)
    events.when(app, PlaceHappening.PAUSED, actions.paused)
    events.when(app, PlaceHappening.RESUMED, actions.resumed)
    events.when(app, GIVE_NOTICE, actions.notice_given)
    events.when(app, CANCEL, actions.notice_withdrawn)
    events.when(app, RESUME, actions.service_resumed)
    waiting(app).append(waits_for)
