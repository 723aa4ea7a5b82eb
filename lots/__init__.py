"""What is bought: lots, their competitions up to closing, and contracts in life."""

from __future__ import annotations

from flask import Flask

from lots import (
    contracts,
    demonstration,
    drafting,
    jobs,
    lifecycle,
    market,
    opendata,
    opportunities,
    permissions,
    pipeline,
    proportionality,
    releases,
    rewrapping,
    views,
)
from lots.competition import room as competition
from lots.funding import pages as funding
from lots.keyholders import views as keyholders
from lots.notices import room as notices
from lots.prices import wording as prices
from lots.together import views as together


def register(app: Flask) -> None:
    """Add this floor to the application."""
    permissions.register(app)
    prices.register(app)
    proportionality.register(app)
    lifecycle.register(app)
    funding.register(app)
    competition.register(app)
    keyholders.register(app)
    notices.register(app)
    jobs.register(app)
    opportunities.register(app)
    drafting.register(app)
    together.register(app)
    pipeline.register(app)
    views.register(app)
    contracts.register(app)
    releases.register(app)
    market.register(app)
    opendata.register(app)
    rewrapping.register(app)
    demonstration.register(app)
