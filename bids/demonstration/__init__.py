"""This floor's share of the demonstration world."""

from __future__ import annotations

from flask import Flask

from bids.demonstration import bids, challenges, corrections, finder
from marketplace.registry import DemonstrationPart, demonstration


def register(app: Flask) -> None:
    """Add bids and awards to the parts of the world."""
    demonstration(app).append(DemonstrationPart("bids and awards", bids.build, 30))
    demonstration(app).append(DemonstrationPart("challenge", challenges.build, 32))
    demonstration(app).append(DemonstrationPart("partner finder", finder.build, 31))
    demonstration(app).append(DemonstrationPart("corrections", corrections.build, 33))
