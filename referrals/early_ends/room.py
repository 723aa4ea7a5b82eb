"""What this room adds to the application, and to every case."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace import events
from marketplace.acting import Acting
from marketplace.lifecycle import lifecycles
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting
from referrals.codes import END_REASONS, IN_HAND
from referrals.early_ends import actions, permissions, queries, views
from referrals.early_ends.lifecycle import EARLY_END
from referrals.early_ends.models import ProposalState
from referrals.early_ends.permissions import EarlyEndPermission
from referrals.frame import CaseAction, CaseAlert, Milestone, case_frame
from referrals.lifecycle import COMPLETE, CONCLUDE, END_EARLY, WITHDRAW
from referrals.models import Referral

ANSWERS = {
    ProposalState.AGREED: lambda: _("The practitioner agreed to an early end"),
    ProposalState.REFUSED: lambda: _("The practitioner did not agree: the case goes on"),
}


def alerts(referral: Referral, by: Acting) -> list[CaseAlert]:
    """A proposal waits for its answer, until somebody has given it."""
    proposal = None if referral.ended_at else queries.open_proposal(referral.id)
    if proposal is None:
        return []
    if allowed(by, EarlyEndPermission.ANSWER, proposal):
        href = url_for("early_ends.answer", referral_id=referral.id, proposal_id=proposal.id)
        return [CaseAlert(_("The provider proposes to end this case early. Answer it."), href)]
    return [CaseAlert(_("An early end is proposed. The practitioner has not answered yet."))]


def offers(referral: Referral, by: Acting) -> list[CaseAction]:
    """Proposing, or taking one's own proposal back."""
    if referral.state not in IN_HAND:
        return []
    proposal = queries.open_proposal(referral.id)
    if proposal is None:
        if not allowed(by, EarlyEndPermission.PROPOSE, referral):
            return []
        href = url_for("early_ends.propose", referral_id=referral.id)
        return [CaseAction(_("Propose an early end"), href, 90)]
    if allowed(by, EarlyEndPermission.ANSWER, proposal):
        href = url_for("early_ends.answer", referral_id=referral.id, proposal_id=proposal.id)
        return [CaseAction(_("Answer the proposal"), href, 5)]
    if allowed(by, EarlyEndPermission.TAKE_BACK, proposal):
        href = url_for("early_ends.take_back", referral_id=referral.id, proposal_id=proposal.id)
        return [CaseAction(_("Take the proposal back"), href, 80, post=True)]
    return []


def milestones(referral: Referral, by: Acting) -> list[Milestone]:
    """Every proposal, and what was answered."""
    found = []
    for each in queries.proposals_of(referral.id):
        reason = END_REASONS[each.reason]
        text = _("The provider proposed an early end: %(reason)s", reason=reason)
        found.append(Milestone(each.proposed_at, text, words=each.why))
        if each.answered_at is not None:
            found.append(Milestone(each.answered_at, ANSWERS[each.state](), words=each.answer))
    return found


def waits_for(by: Acting) -> list[WaitingItem]:
    """Proposals that this person may answer."""
    count, first = queries.to_answer(by)
    if not count:
        return []
    text = ngettext(
        "%(num)s proposal to end a case early", "%(num)s proposals to end a case early", count
    )
    return [WaitingItem(text, url_for("cases.show", referral_id=first), count)]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    lifecycles(app).append(EARLY_END)
    for step in (CONCLUDE, COMPLETE, WITHDRAW, END_EARLY):
        events.when(app, step, actions.lapse)
    frame = case_frame(app)
    frame.alerts.append(alerts)
    frame.actions.append(offers)
    frame.milestones.append(milestones)
    waiting(app).append(waits_for)
