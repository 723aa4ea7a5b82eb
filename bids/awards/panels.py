"""What reviewing and deciding add to other pages."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from bids.awards.queries import award_of, public_award, to_review
from bids.awards.reviewing import left_to_review
from bids.evaluation.models import Evaluation, EvaluationState
from bids.permissions import BidPermission
from lots.permissions import DRAFTERS
from marketplace import registry
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels


def evaluation_panel(evaluation: Evaluation, by: Acting) -> Markup | str:
    """How far the review is, and the days of the standstill."""
    award = award_of(evaluation.lot_id)
    if award is None:
        return ""
    waits = evaluation.state == EvaluationState.RECOMMENDED
    manages = allowed(by, BidPermission.MANAGE, evaluation)
    return Markup(
        render_template(
            "bids/awards/evaluation_panel.html",
            evaluation=evaluation,
            left=left_to_review(award) if waits else 0,
            waits=waits,
            manages=manages,
            sends_back=waits and (manages or allowed(by, BidPermission.DECIDE, evaluation)),
            decision=public_award(evaluation.lot),
        )
    )


def waiting_for(by: Acting) -> list[WaitingItem]:
    """Texts to review before a decision."""
    if not by.has(*DRAFTERS):
        return []
    return [
        WaitingItem(
            _("Review what bidders will read: %(title)s", title=award.lot.title),
            url_for("awards.review", evaluation_id=award.evaluation_id),
        )
        for award in to_review(by)
    ]


def register(app: Flask) -> None:
    """Fill the evaluation's page and the list of what waits."""
    panels(app).setdefault("evaluation", []).append(evaluation_panel)
    registry.waiting(app).append(waiting_for)
