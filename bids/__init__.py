"""Bids, sealed until their opening; their evaluation and the award."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from bids import (
    demonstration,
    endings,
    not_yet,
    overview,
    panels,
    permissions,
    views,
    waiting,
    why_not,
)
from bids.attachments import views as attachments
from bids.awards import room as awards
from bids.challenges import room as challenges
from bids.changes import views as changes
from bids.compliance import room as compliance
from bids.evaluation import ranking_views
from bids.evaluation import room as evaluation
from bids.finder import views as finder
from bids.library import views as library
from bids.lifecycle import BID, OPENING
from bids.opening import telling
from bids.opening import views as opening_views
from bids.partners import room as partners
from bids.permissions import BidPermission
from bids.price import views as price_views
from bids.published import figures
from bids.published import handlers as published
from bids.submitting import hours, reminders
from bids.submitting import views as submitting_views
from bids.writing import whole_views as writing_views
from marketplace import registry
from marketplace.lifecycle import lifecycles
from marketplace.registry import NavigationEntry, navigation


def register(app: Flask) -> None:
    """Add this floor to the application."""
    permissions.register(app)
    evaluation.register(app)
    lifecycles(app).extend([BID, OPENING])
    for pages in (
        views,
        writing_views,
        price_views,
        submitting_views,
        opening_views,
        overview,
        ranking_views,
    ):
        app.register_blueprint(pages.blueprint)
    awards.register(app)
    challenges.register(app)
    published.register(app)
    figures.register(app)
    endings.register(app)
    compliance.register(app)
    changes.register(app)
    attachments.register(app)
    partners.register(app)
    library.register(app)
    finder.register(app)
    reminders.register(app)
    hours.register(app)
    telling.register(app)
    not_yet.register(app)
    why_not.register(app)
    panels.register(app)
    demonstration.register(app)
    registry.waiting(app).append(waiting.waiting_for)
    navigation(app).extend(
        [
            NavigationEntry(_l("Our bids"), "bids.index", BidPermission.LIST_OWN, 30),
            NavigationEntry(
                _l("Evaluation"), "evaluations.index", BidPermission.SEE_EVALUATION, 35
            ),
        ]
    )
