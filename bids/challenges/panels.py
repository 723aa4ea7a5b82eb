"""What challenges add to other pages: to an evaluation's page, and to what waits."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from bids.challenges.permissions import ChallengePermission
from bids.challenges.queries import letters_may_come, of_lot, to_answer
from bids.evaluation.models import Evaluation, EvaluationState
from lots.permissions import DECIDERS, DRAFTERS
from marketplace import registry
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels


def evaluation_panel(evaluation: Evaluation, by: Acting) -> Markup | str:
    """The way to the challenges, once there can be any."""
    found = of_lot(evaluation.lot_id)
    lot = evaluation.lot
    decided = evaluation.state == EvaluationState.DECIDED and letters_may_come(lot)
    if not (found or decided) or not allowed(by, ChallengePermission.READ, evaluation):
        return ""
    return Markup(
        render_template(
            "bids/challenges/evaluation_panel.html", evaluation=evaluation, challenges=found
        )
    )


def waiting_for(by: Acting) -> list[WaitingItem]:
    """Challenges to answer."""
    if not by.has(*DRAFTERS, *DECIDERS):
        return []
    return [
        WaitingItem(
            _("Challenge to answer: %(title)s", title=challenge.lot.title),
            url_for("challenges.show", challenge_id=challenge.id),
        )
        for challenge in to_answer(by)
    ]


def register(app: Flask) -> None:
    """Fill the evaluation's page and the list of what waits."""
    panels(app).setdefault("evaluation", []).append(evaluation_panel)
    registry.waiting(app).append(waiting_for)
