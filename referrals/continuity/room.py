"""What this room adds to the application: pages, handlers, the clock, and what waits."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import ngettext

from lots.contracts.continuity.actions import LET_GO
from lots.contracts.continuity.cases import next_due
from lots.contracts.continuity.lifecycle import GIVE_NOTICE, RESTORE, TAKE_EFFECT
from lots.contracts.continuity.models import ACT_KINDS, DECISIONS
from lots.contracts.lifecycle import TERMINATE, WIND_DOWN
from marketplace import events, jobs
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting
from marketplace.web.acting import actor
from referrals import waiting as waiting_list
from referrals.continuity import escalating, handlers, queries, views
from referrals.lifecycle import COMPLETE, DECLINE, END_EARLY, WITHDRAW
from referrals.models import Referral
from referrals.permissions import ReferralPermission


def waits_for(by: Acting) -> list[WaitingItem]:
    """Cases to decide, and late ones of the team that a manager may decide instead."""
    if not allowed(by, ReferralPermission.DECIDE):
        return []
    own, late = queries.counts(by)
    found = []
    if own:
        text = ngettext("Decide on %(num)s case", "Decide on %(num)s cases", own)
        found.append(WaitingItem(text, url_for("decisions.index"), own))
    if late:
        text = ngettext(
            "%(num)s late decision in your team", "%(num)s late decisions in your team", late
        )
        found.append(WaitingItem(text, url_for("decisions.index"), late))
    return found


def standing_of(referral: Referral) -> queries.Standing:
    """What a case's page says to whoever reads it now."""
    return queries.standing_of(referral, actor())


def register(app: Flask) -> None:
    """Add this room to the application."""
    app.register_blueprint(views.blueprint)
    events.when(app, GIVE_NOTICE, handlers.notice_given)
    events.when(app, TAKE_EFFECT, handlers.taken_effect)
    events.when(app, LET_GO, handlers.taken_back)
    events.when(app, RESTORE, handlers.goes_on_suspended)
    # The areas are closed by then, also those that another notice holds.
    for ends in (WIND_DOWN, TERMINATE):
        events.when(app, ends, waiting_list.end_waiting)
    for step in (DECLINE, WITHDRAW, COMPLETE, END_EARLY):
        events.when(app, step, handlers.case_ended)
    jobs.register(app, "late decisions", escalating.escalate, next_due)
    waiting(app).append(waits_for)
    app.jinja_env.globals.update(
        standing_of=standing_of, act_kinds=ACT_KINDS, decision_names=DECISIONS
    )
