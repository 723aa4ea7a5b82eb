"""What waits in an evaluation: to declare, to score, to lock; interests to decide, who is late."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from bids.evaluation import panel
from bids.evaluation.lifecycle import everybody_locked
from bids.evaluation.models import Evaluation, PanelMember, SeatState
from lots.permissions import DRAFTERS
from marketplace.acting import Acting, Role
from marketplace.registry import WaitingItem


def waiting_for(by: Acting) -> list[WaitingItem]:
    """Everything of this room that waits for this person."""
    items: list[WaitingItem] = []
    if by.has(Role.EVALUATOR):
        seats = panel.own_seats(by)
        progress = panel.progress_of(seats)
        items += [_to_do(member, progress[member.id].left) for member in seats]
    if by.has(*DRAFTERS):
        for evaluation in panel.run_in_scoring(by):
            items += _to_run(evaluation, by)
    return items


def _to_do(member: PanelMember, left: int) -> WaitingItem:
    title, due = member.evaluation.lot.title, member.evaluation_id
    if member.state == SeatState.ASSIGNED:
        text = _("Declare conflicts of interest, then score: %(title)s", title=title)
        return WaitingItem(text, url_for("evaluations.declaration", evaluation_id=due))
    if not left:
        text = _("All scored: lock your scores: %(title)s", title=title)
        return WaitingItem(text, url_for("evaluations.scores", evaluation_id=due))
    text = ngettext(
        "Score %(num)s answer: %(title)s", "Score %(num)s answers: %(title)s", left, title=title
    )
    return WaitingItem(text, url_for("evaluations.scores", evaluation_id=due), left)


def _to_run(evaluation: Evaluation, by: Acting) -> list[WaitingItem]:
    title, late = evaluation.lot.title, len(panel.late_seats(evaluation))
    items = [
        WaitingItem(
            _("A declared interest to decide on: %(title)s", title=title),
            url_for("evaluations.interest", evaluation_id=evaluation.id, member_id=member.id),
        )
        for member in evaluation.panel
        # Nobody decides on an interest of their own (`permissions.seats`).
        if member.state == SeatState.DECLARED and member.person_id != by.person_id
    ]
    if everybody_locked(evaluation) is None:
        text = _("All scores are locked, moderation can start: %(title)s", title=title)
        items.append(WaitingItem(text, url_for("evaluations.show", evaluation_id=evaluation.id)))
    if late:
        text = ngettext(
            "%(num)s evaluator is late: %(title)s",
            "%(num)s evaluators are late: %(title)s",
            late,
            title=title,
        )
        address = url_for("evaluations.panel", evaluation_id=evaluation.id)
        items.append(WaitingItem(text, address, late))
    return items
