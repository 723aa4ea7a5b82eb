"""This floor's share of the demonstration world."""

from __future__ import annotations

from flask import Flask

from marketplace.registry import DemonstrationPart, demonstration
from referrals.demonstration import (
    answers,
    cases,
    continuity,
    corrections,
    drafts,
    groups,
    handing,
    services,
)


def register(app: Flask) -> None:
    """Add referrals to the parts of the world."""
    demonstration(app).append(DemonstrationPart("referrals", cases.build, 50))
    demonstration(app).append(DemonstrationPart("drafts", drafts.build, 52))
    demonstration(app).append(DemonstrationPart("groups", groups.build, 53))
    demonstration(app).append(DemonstrationPart("answers", answers.build, 54))
    demonstration(app).append(DemonstrationPart("continuity", continuity.build, 55))
    demonstration(app).append(DemonstrationPart("handing", handing.build, 57))
    demonstration(app).append(DemonstrationPart("services", services.build, 60))
    # After the claims of earlier months, before those of the last one.
    demonstration(app).append(DemonstrationPart("records put right", corrections.build, 60))
