"""What this room adds: figures on the contract's pages, the jobs, and what waits for somebody."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from lots.contracts.delivery import lifecycle, months, permissions, queries, reviewing, views
from lots.contracts.delivery.models import PriceReview
from lots.contracts.delivery.vocabulary import DIRECTIONS, INDICATORS, ReviewState
from lots.contracts.lifecycle import END, TERMINATE
from lots.contracts.models import Contract
from lots.contracts.permissions import MANAGERS
from lots.vocabulary import Source
from marketplace import events
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.registry import WaitingItem, panels, waiting
from marketplace.web.pictures import Bar

MOST = 10
MONTHS_DRAWN = 6


def panel(contract: Contract, by: Acting) -> Markup | str:
    """How a contract goes, on its page for both sides."""
    if contract.live_at is None:
        return ""
    found = queries.months_of(contract)
    return Markup(
        render_template(
            "lots/contracts/delivery/_panel.html",
            months=found,
            bars=_bars(found),
            most_expected=max((each.expected or 0 for each in found[:MONTHS_DRAWN]), default=0),
            reviews=queries.reviews_of(contract),
            indicators=INDICATORS,
            directions=DIRECTIONS,
        )
    )


def _bars(found: list[queries.Month]) -> list[Bar]:
    return [
        Bar(
            format_date(each.month, "MMM y"),
            each.starts,
            str(each.starts)
            if each.expected is None
            else _("%(starts)s of %(expected)s", starts=each.starts, expected=each.expected),
        )
        for each in reversed(found[:MONTHS_DRAWN])
    ]


def public_panel(contract: Contract) -> Markup | str:
    """How a contract goes, for everybody: kept months only, small numbers left out."""
    if contract.source != Source.OWN or contract.live_at is None:
        return ""
    total = queries.total_of(contract.id)
    return Markup(
        render_template(
            "lots/contracts/delivery/_public.html",
            total=total,
            bars=_public_bars(total),
            indicators=INDICATORS,
            least=queries.LEAST_PEOPLE,
        )
    )


def _public_bars(total: queries.Total) -> list[Bar]:
    shown = {each: share.public_percent for each, share in total.shares.items()}
    return [
        Bar(str(INDICATORS[each]), percent, f"{percent}%")
        for each, percent in shown.items()
        if percent is not None
    ]


def waits_for(by: Acting) -> list[WaitingItem]:
    """Reviews that a manager has to end."""
    if not by.has(*MANAGERS):
        return []
    rows = db.session.execute(
        select(PriceReview.id, Contract.reference)
        .join(Contract)
        .where(Contract.buyer_id == by.organisation_id, PriceReview.state == ReviewState.OPEN)
        .order_by(PriceReview.opened_at)
        .limit(MOST)
    )
    return [
        WaitingItem(
            _("Review price and places under %(reference)s", reference=reference),
            url_for("life.review", review_id=review_id),
        )
        for review_id, reference in rows
    ]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    months.register(app)
    app.register_blueprint(views.blueprint)
    for step in (END, TERMINATE):
        events.when(app, step, reviewing.lapse)
    panels(app).setdefault("contract", []).append(panel)
    panels(app).setdefault("contract_public", []).append(public_panel)
    waiting(app).append(waits_for)
