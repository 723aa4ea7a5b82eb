"""What this room adds to the application: pages, panels, jobs, and what waits for somebody."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from lots.competition import (
    jobs,
    lifecycle,
    permissions,
    public_views,
    queries,
    question_views,
    views,
)
from lots.competition.permissions import CompetitionPermission
from lots.lifecycle import TAKE_BACK
from lots.models import Lot
from lots.permissions import LotPermission
from lots.vocabulary import LotState
from marketplace import registry
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem


def panel(lot: Lot, by: Acting | None) -> Markup | str:
    """On the buyer's page: the approval, bidders' questions, changes, and what can be done."""
    if by is None or lot.state not in (LotState.APPROVED, LotState.OPEN) and not lot.published_at:
        return ""
    is_open = lot.state == LotState.OPEN
    return Markup(
        render_template(
            "lots/competition/panel.html",
            lot=lot,
            waiting=queries.count_waiting(lot.id) if is_open else 0,
            changes=queries.changes_made(lot.id),
            proposed=queries.proposed(lot.id) if is_open else None,
            kinds=views.CHANGE_KINDS,
            may_change=is_open and allowed(by, CompetitionPermission.CHANGE, lot),
            may_see=allowed(by, CompetitionPermission.SEE_QUESTIONS, lot),
            may_take_back=lot.state in TAKE_BACK.frm and allowed(by, LotPermission.TAKE_BACK, lot),
        )
    )


def waiting_for(by: Acting) -> list[WaitingItem]:
    """Questions to answer, and material changes to decide."""
    items = []
    if allowed(by, CompetitionPermission.ANSWER):
        items += [
            WaitingItem(
                ngettext(
                    "%(num)s question to answer: %(title)s",
                    "%(num)s questions to answer: %(title)s",
                    count,
                    title=lot.title,
                ),
                url_for("questions_to_buyers.questions", lot_id=lot.id),
                count,
            )
            for lot, count in queries.lots_with_questions(by)
        ]
    if allowed(by, CompetitionPermission.APPROVE_CHANGE):
        items += [
            WaitingItem(
                _("Change to decide: %(title)s", title=change.lot.title),
                url_for("competition.show_change", change_id=change.id),
            )
            for change in queries.proposals_to(by)
            if change.proposed_by_id != by.person_id
        ]
    return items


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    jobs.register(app)
    for pages in (views, question_views, public_views):
        app.register_blueprint(pages.blueprint)
    registry.panels(app).setdefault("lot", []).append(panel)
    registry.waiting(app).append(waiting_for)
