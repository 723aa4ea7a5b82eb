"""The pages of sent referrals: the lists of both sides, one case, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.acting import Acting
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form, SelectChoice
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering import actions
from referrals.answering.forms import (
    AssignForm,
    DeclineForm,
    EndEarlyForm,
    QueryForm,
    ReplyForm,
    WithdrawForm,
)
from referrals.answering.queries import staff_of
from referrals.codes import DeclineReason, EndReason
from referrals.models import Referral
from referrals.permissions import ReferralPermission

blueprint = Blueprint("answering", "referrals", template_folder="templates")


@blueprint.post("/cases/<uuid:referral_id>/accept")
@requires(ReferralPermission.RESPOND)
@sensitive
def accept(referral_id: UUID) -> Response:
    """Accept."""
    with write():
        actions.accept(referral_id, actor())
    return _back(referral_id, _("The referral is accepted. The practitioner has been told."))


@blueprint.route("/cases/<uuid:referral_id>/query", methods=["GET", "POST"])
@requires(ReferralPermission.RESPOND)
@sensitive
def query(referral_id: UUID) -> str | Response:
    """Ask the practitioner something."""
    return _step(
        referral_id,
        QueryForm(),
        lambda form, by: actions.query(referral_id, form.text.data, by),
        _("Send the question"),
        _("Your question has been sent. The clocks rest until the reply."),
    )


@blueprint.route("/cases/<uuid:referral_id>/reply", methods=["GET", "POST"])
@requires(ReferralPermission.REPLY)
@sensitive
def reply(referral_id: UUID) -> str | Response:
    """Reply to the provider's question."""
    return _step(
        referral_id,
        ReplyForm(),
        lambda form, by: actions.reply(referral_id, form.text.data, by),
        _("Send the reply"),
        _("Your reply has been sent to the provider."),
    )


@blueprint.route("/cases/<uuid:referral_id>/decline", methods=["GET", "POST"])
@requires(ReferralPermission.RESPOND)
@sensitive
def decline(referral_id: UUID) -> str | Response:
    """Decline with a coded reason."""
    return _step(
        referral_id,
        DeclineForm(),
        lambda form, by: actions.decline(referral_id, DeclineReason(form.reason.data), by),
        _("Decline the referral"),
        _("The referral is declined. The practitioner has been told."),
    )


@blueprint.route("/cases/<uuid:referral_id>/withdraw", methods=["GET", "POST"])
@requires(ReferralPermission.END)
@sensitive
def withdraw(referral_id: UUID) -> str | Response:
    """Take a referral back before the work has begun."""
    return _step(
        referral_id,
        WithdrawForm(),
        lambda form, by: actions.withdraw(
            referral_id, EndReason(form.reason.data), form.comment.data or "", by
        ),
        _("Withdraw the referral"),
        _("The referral is withdrawn."),
    )


@blueprint.route("/cases/<uuid:referral_id>/end-early", methods=["GET", "POST"])
@requires(ReferralPermission.END)
@sensitive
def end_early(referral_id: UUID) -> str | Response:
    """End the work before its end report."""
    return _step(
        referral_id,
        EndEarlyForm(),
        lambda form, by: actions.end_early(
            referral_id, EndReason(form.reason.data), form.comment.data or "", by
        ),
        _("End the work"),
        _("The work has ended. The provider has been told."),
    )


@blueprint.route("/cases/<uuid:referral_id>/assign", methods=["GET", "POST"])
@requires(ReferralPermission.ASSIGN)
@sensitive
def assign(referral_id: UUID) -> str | Response:
    """Have somebody work on the case."""
    form = AssignForm()
    staff = [SelectChoice(str(person_id), name) for person_id, name in staff_of(actor())]
    form.person.choices = [SelectChoice("", _("Choose a person")), *staff]
    return _step(
        referral_id,
        form,
        lambda form, by: actions.assign(referral_id, UUID(form.person.data), by),
        _("Assign"),
        _("They now work on this case."),
    )


@blueprint.post("/cases/<uuid:referral_id>/unassign/<uuid:person_id>")
@requires(ReferralPermission.ASSIGN)
@sensitive
def unassign(referral_id: UUID, person_id: UUID) -> Response:
    """Have somebody no longer work on the case."""
    with write():
        actions.unassign(referral_id, person_id, actor())
    return _back(referral_id, _("They no longer work on this case."))


def _step(
    referral_id: UUID,
    form: Form,
    act: Callable[[Any, Acting], Referral],
    button: str,
    done: str,
) -> str | Response:
    by = actor()
    if request.method == "POST" and form.validate():
        with write():
            act(form, by)
        return _back(referral_id, done)
    queries.case(referral_id, by)
    return _form_page(form, button, url_for("cases.show", referral_id=referral_id))


def _form_page(form: Form, button: str, back: str) -> str:
    return render_template("referrals/form_page.html", form=form, button=button, back=back)


def _back(referral_id: UUID, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("cases.show", referral_id=referral_id), 303)
