"""Contracts and grants in life: signed, made ready, live with their places, claimed, ended."""

from __future__ import annotations

from flask import Flask

from lots.contracts import (
    jobs,
    lifecycle,
    paid_by_stripe,
    payer_views,
    permissions,
    public_views,
    views,
    waiting,
    wording,
)
from lots.contracts.agreement import views as agreement_views
from lots.contracts.books import room as books
from lots.contracts.changes import room as changes
from lots.contracts.claims import room as claims
from lots.contracts.continuity import room as continuity
from lots.contracts.contributions import room as contributions
from lots.contracts.delivery import room as delivery
from lots.contracts.grants import room as grants
from lots.contracts.partners import room as partners
from lots.contracts.pricing import shown as pricing
from lots.contracts.renewal import room as renewal


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    jobs.register(app)
    claims.register(app)
    wording.register(app)
    pricing.register(app)
    views.register(app)
    agreement_views.register(app)
    delivery.register(app)
    continuity.register(app)
    changes.register(app)
    partners.register(app)
    renewal.register(app)
    books.register(app)
    contributions.register(app)
    paid_by_stripe.register(app)
    grants.register(app)
    public_views.register(app)
    payer_views.register(app)
    waiting.register(app)
