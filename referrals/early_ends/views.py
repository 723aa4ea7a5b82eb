"""The pages of an early end: proposing, answering, taking back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering.steps import Answer, back_to, refused_page, step_page
from referrals.codes import EndReason
from referrals.early_ends import actions
from referrals.early_ends.forms import AGREE, AnswerForm, ProposeForm
from referrals.early_ends.models import EarlyEndProposal
from referrals.early_ends.permissions import EarlyEndPermission
from referrals.early_ends.queries import open_proposal
from referrals.models import Referral

blueprint = Blueprint("early_ends", "referrals", template_folder="templates")


@blueprint.route("/cases/<uuid:referral_id>/propose-end", methods=["GET", "POST"])
@requires(EarlyEndPermission.PROPOSE)
@sensitive
def propose(referral_id: UUID) -> Answer:
    """Propose that the case ends early."""
    return step_page(
        referral_id,
        ProposeForm(),
        lambda form, by: actions.propose(
            referral_id, EndReason(form.reason.data), form.why.data, by
        ),
        _("Send the proposal"),
        _("The proposal is sent. The case goes on until the practitioner has answered."),
        actions.refuse_proposal,
        lead=_("The practitioner decides. Until they have answered, the work goes on."),
    )


@blueprint.route(
    "/cases/<uuid:referral_id>/end-proposals/<uuid:proposal_id>", methods=["GET", "POST"]
)
@requires(EarlyEndPermission.ANSWER)
@sensitive
def answer(referral_id: UUID, proposal_id: UUID) -> Answer:
    """Agree that the case ends, or disagree."""
    by = actor()
    proposal = _open_of(queries.case(referral_id, by))
    form = AnswerForm()
    return step_page(
        referral_id,
        form,
        lambda form, by: _answer(referral_id, proposal_id, form, by),
        _("Send the answer"),
        _("The case has ended, and the provider has been told.")
        if form.reason.data == AGREE
        else _("The case goes on, and the provider has been told."),
        lambda referral: _expect(referral, proposal_id),
        proposal=proposal,
        names=names_of_people([proposal.by_id] if proposal else []),
    )


def _answer(referral_id: UUID, proposal_id: UUID, form: AnswerForm, by: Acting) -> None:
    if form.reason.data == AGREE:
        actions.agree(referral_id, proposal_id, by)
    else:
        actions.disagree(referral_id, proposal_id, form.answer.data, by)


def _open_of(referral: Referral) -> EarlyEndProposal | None:
    proposal = open_proposal(referral.id)
    if proposal is not None:
        check(actor(), EarlyEndPermission.ANSWER, proposal)
    return proposal


def _expect(referral: Referral, proposal_id: UUID) -> None:
    proposal = open_proposal(referral.id)
    if proposal is None or proposal.id != proposal_id:
        raise AlreadyChanged(
            _("This proposal needs no answer any more: it was answered, taken back or has lapsed.")
        )


@blueprint.post("/cases/<uuid:referral_id>/end-proposals/<uuid:proposal_id>/take-back")
@requires(EarlyEndPermission.TAKE_BACK)
@sensitive
def take_back(referral_id: UUID, proposal_id: UUID) -> Response | tuple[str, int]:
    """Take one's own proposal back."""
    try:
        with write():
            actions.take_back(referral_id, proposal_id, actor())
    except Refusal as refusal:
        return refused_page(referral_id, refusal)
    return back_to(referral_id, _("The proposal is taken back. The practitioner has been told."))
