"""The bidder's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import ngettext

from bids import checklist, queries
from bids.awards.queries import has_summary
from bids.changes.actions import outstanding
from bids.late import late_page
from bids.library import panels as library
from bids.permissions import BidPermission
from bids.tasks import GROUPS, Group, Task
from bids.working import TooLate, is_changeable
from bids.writing.actions import start_bid
from bids.writing.queries import comment_counts, given_names
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.permissions import allowed, requires
from marketplace.qualification.permissions import QualificationPermission
from marketplace.registry import panels
from marketplace.web.acting import actor

blueprint = Blueprint("bids", __name__, template_folder="templates", url_prefix="/bids")


@blueprint.get("")
@requires(BidPermission.LIST_OWN)
def index() -> Any:
    """Every bid of the organisation."""
    return render_template(
        "bids/index.html", page=queries.own_bids_listed(actor()), time_left=time_left
    )


@blueprint.post("/start/<uuid:lot_id>")
@requires(BidPermission.WRITE)
def start(lot_id: UUID) -> Any:
    """Begin the bid for a lot, or go on with it."""
    try:
        with write():
            bid_id = start_bid(lot_id, actor()).id
    except TooLate as late:
        return late_page(late.bid_id)
    return redirect(url_for("bids.show", bid_id=bid_id))


@blueprint.get("/<uuid:bid_id>")
@requires(BidPermission.WRITE)
def show(bid_id: UUID) -> Any:
    """The task list: what is there, what is missing, who must act."""
    by = actor()
    bid = queries.own_bid(bid_id, by)
    writable = is_changeable(bid)
    tasks = _reachable(checklist.tasks(bid, by.organisation_id), by) if writable else []
    tasks = checklist.named(tasks, given_names(bid)) if writable else []
    return render_template(
        "bids/show.html",
        bid=bid,
        tasks=tasks,
        groups=[
            (label, [task for task in tasks if task.group is group])
            for group, label in GROUPS.items()
        ],
        comments=comment_counts(bid),
        fill_in=library.fill_in(bid) if writable else "",
        writable=writable,
        time_left=time_left(bid.lot.closes_at),
        may_submit=allowed(by, BidPermission.SUBMIT, bid),
        told=has_summary(bid.id),
        owed=outstanding(bid),
        panels=[panel(bid, by) for panel in panels().get("own_bid", ())],
    )


def _reachable(tasks: list[Task], by: Acting) -> list[Task]:
    """Without links to qualification pages for those who may not open them."""
    if allowed(by, QualificationPermission.APPLY):
        return tasks
    return [
        replace(task, endpoint=None) if task.group is Group.QUALIFICATION else task
        for task in tasks
    ]


def time_left(closes_at: datetime | None) -> str:
    """How long until this moment, in the largest unit that says enough; nothing once it passed."""
    left = closes_at - clock.now() if closes_at else timedelta()
    minutes = left // timedelta(minutes=1)
    if left <= timedelta():
        return ""
    if left >= timedelta(days=2):
        return ngettext("%(num)s day left", "%(num)s days left", left.days)
    if left >= timedelta(hours=2):
        return ngettext("%(num)s hour left", "%(num)s hours left", minutes // 60)
    return ngettext("%(num)s minute left", "%(num)s minutes left", minutes)
