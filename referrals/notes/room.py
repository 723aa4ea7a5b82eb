"""What this room adds to the application, and to every case."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting
from referrals.frame import CaseAction, CaseAlert, CaseTab, case_frame
from referrals.models import Referral
from referrals.notes import permissions, queries, views
from referrals.notes.permissions import NotePermission, side_of


def alerts(referral: Referral, by: Acting) -> list[CaseAlert]:
    """Urgent notes that nobody of the side they were written to has acknowledged."""
    sides = queries.to_acknowledge(referral.id)
    mine = sum(side != side_of(by) for side in sides)
    theirs = len(sides) - mine
    href = url_for("notes.index", referral_id=referral.id)
    found = []
    if mine:
        text = ngettext(
            "%(num)s urgent note to read and acknowledge",
            "%(num)s urgent notes to read and acknowledge",
            mine,
        )
        found.append(CaseAlert(text, href))
    if theirs:
        text = ngettext(
            "%(num)s urgent note that the other side has not acknowledged",
            "%(num)s urgent notes that the other side has not acknowledged",
            theirs,
        )
        found.append(CaseAlert(text, href))
    return found


def offers(referral: Referral, by: Acting) -> list[CaseAction]:
    """Writing a note, where the other side reads it."""
    if not views.may_write(referral, by):
        return []
    return [CaseAction(_("Add a note"), url_for("notes.new", referral_id=referral.id), 55)]


def waits_for(by: Acting) -> list[WaitingItem]:
    """Urgent notes to acknowledge, and own cases with notes not read yet."""
    if not allowed(by, NotePermission.WRITE):
        return []
    found = []
    urgent, oldest = queries.urgent_for(by)
    if urgent:
        text = ngettext("%(num)s urgent note", "%(num)s urgent notes", urgent)
        found.append(WaitingItem(text, url_for("notes.index", referral_id=oldest), urgent))
    cases, first = queries.new_for(by)
    if cases:
        text = ngettext("New notes on %(num)s case", "New notes on %(num)s cases", cases)
        found.append(WaitingItem(text, url_for("notes.index", referral_id=first), cases))
    return found


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    frame = case_frame(app)
    frame.tabs.append(CaseTab(_l("Notes"), "notes.index", 50))
    frame.alerts.append(alerts)
    frame.actions.append(offers)
    waiting(app).append(waits_for)
