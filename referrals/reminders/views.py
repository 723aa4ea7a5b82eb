"""The page on which a person's agreement to reminders is recorded and withdrawn."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.accounts.queries import names_of_people
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering.steps import back_to, say_above
from referrals.delivery.session_views import PAGE as SESSIONS
from referrals.frame import render_case
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.reminders import actions
from referrals.reminders.forms import ConsentForm
from referrals.reminders.models import LANGUAGES, Languages

blueprint = Blueprint(
    "reminders", "referrals", template_folder="templates", url_prefix="/cases/<uuid:referral_id>"
)


@blueprint.route("/reminders", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def show(referral_id: UUID) -> str | Response:
    """Whether and how the person is reminded; record that they agree."""
    by = actor()
    referral = queries.case_to_deliver(referral_id, actor())
    form = ConsentForm(referral=referral)
    if request.method == "GET":
        _fill(form, referral)
    elif form.validate():
        try:
            with write():
                queries.case_to_deliver(referral_id, actor())
                once.use_up(form.once.data)
                actions.record_consent(referral_id, form.answer, by)
            done = _("Reminders will be sent the day before each session.")
            return back_to(referral_id, done, SESSIONS)
        except Refusal as refusal:
            say_above(form, refusal)
    referral = queries.case(referral_id, by)
    consent = actions.consent_of(referral_id)
    observe_read("referral", referral_id, by)
    return render_case(
        "referrals/reminders/show.html",
        referral,
        by,
        form=form,
        consent=consent,
        language=LANGUAGES[Languages(consent.language)] if consent else None,
        names=names_of_people([consent.recorded_by_id]) if consent else {},
    )


def _fill(form: ConsentForm, referral: Referral) -> None:
    form.mobile.data, form.email.data = referral.phone or "", referral.email or ""
    welsh = referral.language == Languages.WELSH
    form.language.data = (Languages.WELSH if welsh else Languages.ENGLISH).value


@blueprint.post("/reminders/stop")
@requires(ReferralPermission.DELIVER)
@sensitive
def stop(referral_id: UUID) -> Response:
    """Send the person no more reminders."""
    with write():
        actions.withdraw_consent(referral_id, actor())
    return back_to(referral_id, _("No more reminders will be sent to the person."), SESSIONS)
