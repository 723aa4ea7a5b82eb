"""What both sides do with a sent referral, each on a page of its own."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.lifecycle import Refusal, Step
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.answering import actions
from referrals.answering.forms import (
    DeclineForm,
    EndEarlyForm,
    QueryForm,
    ReplyForm,
    WithdrawForm,
)
from referrals.answering.queries import last_question
from referrals.answering.steps import Answer, back_to, refused_page, step_page
from referrals.codes import DeclineReason, EndReason
from referrals.lifecycle import DECLINE, QUERY, REFERRAL, REPLY, WITHDRAW
from referrals.models import Referral
from referrals.permissions import ReferralPermission

blueprint = Blueprint("answering", "referrals", template_folder="templates")


def _expects(step: Step):
    def expect(referral: Referral) -> None:
        REFERRAL.expect(step, referral)

    return expect


@blueprint.post("/cases/<uuid:referral_id>/accept")
@requires(ReferralPermission.RESPOND)
@sensitive
def accept(referral_id: UUID) -> Response | tuple[str, int]:
    """Accept."""
    try:
        with write():
            actions.accept(referral_id, actor())
    except Refusal as refusal:
        return refused_page(referral_id, refusal)
    return back_to(
        referral_id,
        _("The referral is accepted, and the practitioner has been told. Now arrange to meet."),
    )


@blueprint.route("/cases/<uuid:referral_id>/query", methods=["GET", "POST"])
@requires(ReferralPermission.RESPOND)
@sensitive
def query(referral_id: UUID) -> Answer:
    """Ask the practitioner something."""
    return step_page(
        referral_id,
        QueryForm(),
        lambda form, by: actions.query(referral_id, form.text.data, by),
        _("Send the question"),
        _("Your question has been sent. The clocks rest until the reply."),
        _expects(QUERY),
    )


@blueprint.route("/cases/<uuid:referral_id>/reply", methods=["GET", "POST"])
@requires(ReferralPermission.REPLY)
@sensitive
def reply(referral_id: UUID) -> Answer:
    """Reply to the provider's question."""
    return step_page(
        referral_id,
        ReplyForm(),
        lambda form, by: actions.reply(referral_id, form.text.data, by),
        _("Send the reply"),
        _("Your reply has been sent to the provider."),
        _expects(REPLY),
        asked=last_question(referral_id),
    )


@blueprint.route("/cases/<uuid:referral_id>/decline", methods=["GET", "POST"])
@requires(ReferralPermission.RESPOND)
@sensitive
def decline(referral_id: UUID) -> Answer:
    """Decline with a coded reason."""
    return step_page(
        referral_id,
        DeclineForm(),
        lambda form, by: actions.decline(
            referral_id, DeclineReason(form.reason.data), by, form.comment.data or ""
        ),
        _("Decline the referral"),
        _("The referral is declined. The practitioner has been told."),
        _expects(DECLINE),
    )


@blueprint.route("/cases/<uuid:referral_id>/withdraw", methods=["GET", "POST"])
@requires(ReferralPermission.END)
@sensitive
def withdraw(referral_id: UUID) -> Answer:
    """Take a referral back before the work has begun."""
    return step_page(
        referral_id,
        WithdrawForm(),
        lambda form, by: actions.withdraw(
            referral_id, EndReason(form.reason.data), form.comment.data or "", by
        ),
        _("Withdraw the referral"),
        _("The referral is withdrawn."),
        _expects(WITHDRAW),
    )


@blueprint.route("/cases/<uuid:referral_id>/end-early", methods=["GET", "POST"])
@requires(ReferralPermission.END)
@sensitive
def end_early(referral_id: UUID) -> Answer:
    """End the work before its end report."""
    return step_page(
        referral_id,
        EndEarlyForm(),
        lambda form, by: actions.end_unfinished(
            referral_id, EndReason(form.reason.data), form.comment.data or "", by
        ),
        _("End the work"),
        _("The work has ended. The provider has been told."),
        actions.refuse_finished,
    )
