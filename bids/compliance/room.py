"""What this room adds to the application: pages, the job, what waits, and panels."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager

from bids.compliance import bidder_views, corrections, queries, views
from bids.compliance.models import FAULTS, Correction, CorrectionEnd
from bids.evaluation.models import Evaluation
from bids.evaluation.permissions import is_tied
from bids.evaluation.queries import BEFORE_PRICES
from bids.lifecycle import LOSE, SET_ASIDE
from bids.models import Bid, BidState
from bids.permissions import BidPermission
from bids.queries import MOST_WAITING
from lots.models import Lot
from lots.permissions import DRAFTERS
from marketplace import events, jobs
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels, waiting
from marketplace.web.filters import shown_date


def waiting_for(by: Acting) -> list[WaitingItem]:
    """Corrections that the organisation owes, and bids that its officers have yet to check."""
    items: list[WaitingItem] = []
    if allowed(by, BidPermission.SUBMIT):
        items += _to_correct(by)
    if by.has(*DRAFTERS):
        items += _to_check(by)
    return items


def _to_correct(by: Acting) -> list[WaitingItem]:
    found = (
        select(Correction)
        .join(Correction.bid)
        .join(Bid.lot)
        .where(
            Bid.organisation_id == by.organisation_id,
            Bid.state == BidState.CORRECTION,
            Correction.ended_at.is_(None),
        )
        .options(contains_eager(Correction.bid).contains_eager(Bid.lot))
        .order_by(Correction.due_at)
    )
    return [
        WaitingItem(
            _(
                "Correct your bid for “%(title)s” by the end of %(day)s",
                title=each.bid.lot.title,
                day=shown_date(corrections.last_day(each.due_at)),
            ),
            url_for("corrections.show", bid_id=each.bid_id),
        )
        for each in db.session.scalars(found.limit(MOST_WAITING))
    ]


def _to_check(by: Acting) -> list[WaitingItem]:
    """Bids that are opened and neither confirmed nor waiting for a correction.

    The list filter of `evaluation.permissions.leads`.
    """
    bid = aliased(Bid)
    found = (
        select(Evaluation.id, Lot.title, func.count(bid.id))
        .join(Lot, Lot.id == Evaluation.lot_id)
        .join(bid, bid.lot_id == Lot.id)
        .where(
            Lot.lead_buyer_id == by.organisation_id,
            Evaluation.state.in_(BEFORE_PRICES),
            bid.state == BidState.OPENED,
            ~is_tied(by.person_id, Lot.id),
        )
        .group_by(Evaluation.id, Lot.title)
        .order_by(Evaluation.started_at, Evaluation.id)
    )
    return [
        WaitingItem(
            ngettext(
                "%(num)s bid to check against the requirements: %(title)s",
                "%(num)s bids to check against the requirements: %(title)s",
                count,
                title=title,
            ),
            url_for("compliance.index", evaluation_id=evaluation_id),
            count,
        )
        for evaluation_id, title, count in db.session.execute(found.limit(MOST_WAITING))
    ]


def scored_bid_panel(bid: Bid, by: Acting) -> Markup | str:
    """For evaluators: what the bidder corrected, beside what it had submitted."""
    found = queries.corrections_of([bid.id]).get(bid.id, [])
    sent = [each for each in found if each.ended_as is CorrectionEnd.ANSWERED]
    if not sent:
        return ""
    return Markup(
        render_template("bids/compliance/corrected.html", corrections=sent, faults=FAULTS)
    )


def own_bid_panel(bid: Bid, by: Acting) -> Markup | str:
    """On the bidder's page of its bid: the way to its correction."""
    found = queries.corrections_of([bid.id]).get(bid.id, [])
    if not found or not allowed(by, BidPermission.SUBMIT, bid):
        return ""
    current = found[-1] if found[-1].ended_at is None and bid.state == BidState.CORRECTION else None
    return Markup(
        render_template(
            "bids/compliance/own.html", bid=bid, current=current, last_day=corrections.last_day
        )
    )


def register(app: Flask) -> None:
    """Add this room to the application."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(bidder_views.blueprint)
    for step in (SET_ASIDE, LOSE):
        events.when(app, step, corrections.overtaken)
    jobs.register(app, "correction windows", corrections.lapse_due, corrections.next_due)
    waiting(app).append(waiting_for)
    panels(app).setdefault("scored_bid", []).append(scored_bid_panel)
    panels(app).setdefault("own_bid", []).append(own_bid_panel)
