"""The page of whoever comes after the closing."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from bids.working import TooLate


def late_page(bid_id: UUID | None, late: TooLate | None = None) -> tuple[str, int]:
    """Says that the lot has closed and what becomes of the draft; both moments where `late` has
    them. Without a bid that none can be started.
    """
    return render_template("bids/late.html", bid_id=bid_id, late=late), 409
