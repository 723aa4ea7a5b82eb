"""What a lot's pages show of the pipeline: following, dates for the calendar, anonymous answers."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from markupsafe import Markup

from lots.models import Lot
from lots.permissions import LotPermission
from lots.pipeline import anonymous, following
from lots.pipeline.anonymous import Figures
from lots.pipeline.answering import has_answered
from lots.pipeline.permissions import PipelinePermission
from lots.pipeline.vocabulary import CHOICES, OBSTACLES, Subject
from lots.vocabulary import LotState, Source
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import panels
from marketplace.web.pictures import Bar


def follow_panel(lot: Lot, by: Acting | None) -> Markup:
    """Following the lot, and its dates for the calendar, while there is something to wait for."""
    if lot.source == Source.PUBLISHED or lot.state not in following.FOLLOWABLE:
        return Markup()
    follows = by is not None and following.follows(lot.id, by)
    return Markup(render_template("lots/pipeline/follow.html", lot=lot, follows=follows))


def public_panel(lot: Lot, by: Acting | None) -> Markup:
    """For everybody: figures from three answers up; for providers the way to answer."""
    if lot.source == Source.PUBLISHED:
        return Markup()
    answered = None
    if by and lot.state == LotState.PLANNED and allowed(by, PipelinePermission.ANSWER):
        answered = has_answered(lot.id, by)
    return Markup(
        render_template(
            "lots/pipeline/panel.html",
            lot=lot,
            answered=answered,
            may_sign_in=by is None and lot.state == LotState.PLANNED,
            **_shown(lot),
        )
    )


def buyer_panel(lot: Lot, by: Acting | None) -> Markup:
    """For the buyer's people: the same figures, and what was written with them."""
    if not allowed(by, LotPermission.SEE_PIPELINE, lot):
        return Markup()
    written = anonymous.texts(lot.id, Subject.VIABILITY)
    return Markup(
        render_template("lots/pipeline/buyer_panel.html", lot=lot, texts=written, **_shown(lot))
    )


def _shown(lot: Lot) -> dict[str, Any]:
    found = {subject: anonymous.figures(lot.id, subject) for subject in Subject}
    return {
        "viability": _bars(found[Subject.VIABILITY], Subject.VIABILITY),
        "obstacles": _obstacles(found[Subject.VIABILITY]),
        "why_not": _bars(found[Subject.WHY_NOT], Subject.WHY_NOT),
        "together": anonymous.TOGETHER,
    }


def _bars(figures: Figures | None, subject: Subject) -> list[Bar]:
    if figures is None:
        return []
    labels = CHOICES[subject]
    return [Bar(str(labels[choice]), count) for choice, count in figures.choices.items()]


def _obstacles(figures: Figures | None) -> list[Bar]:
    if figures is None:
        return []
    return [Bar(str(OBSTACLES[each]), count) for each, count in figures.obstacles.items()]


def register(app: Flask) -> None:
    """Fill the places that both pages of a lot keep free."""
    panels(app).setdefault("opportunity_first", []).append(follow_panel)
    panels(app).setdefault("opportunity", []).append(public_panel)
    panels(app).setdefault("lot", []).append(buyer_panel)
