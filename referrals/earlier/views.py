"""The page on which an earlier assessment is offered by the practitioner, and read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.observations import observe_read, observe_reads
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.fields import CheckboxField, Form, RadioField, Required, SelectChoice
from marketplace.web.filters import shown_date
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering.steps import back_to
from referrals.drafts.base import choices
from referrals.earlier.actions import decide
from referrals.earlier.models import LAWFUL_BASES, LawfulBasis
from referrals.earlier.queries import Earlier, decision_of, offered_for, shared_with
from referrals.frame import render_case
from referrals.models import Referral
from referrals.permissions import ReferralPermission

blueprint = Blueprint("earlier", "referrals", template_folder="templates")

NOT_SHARED = "none"


class ShareForm(Form):
    """Which assessment is shared, and why that is lawful."""

    assessment = RadioField(
        _l("Which assessment may the provider read?"),
        [Required(_l("Select an assessment, or that none is shared"))],
    )
    basis = RadioField(
        _l("Why is sharing it lawful?"),
        choices=choices(LAWFUL_BASES),
    )
    confirmed = CheckboxField(
        _l("I have read it, and confirm that sharing it is lawful and fair to the person")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not valid or self.assessment.data == NOT_SHARED:
            return valid
        if not self.basis.data:
            self.basis.errors = [_("Select why sharing it is lawful")]
        if not self.confirmed.data:
            self.confirmed.errors = [_("Confirm that sharing it is lawful and fair")]
        return not self.basis.errors and not self.confirmed.errors


@blueprint.route("/cases/<uuid:referral_id>/earlier-assessment", methods=["GET"])
@requires(ReferralPermission.SEE_CASE)
@sensitive
def show(referral_id: UUID) -> str:
    """The assessment that is shared, for both sides; reading it is recorded."""
    by = actor()
    referral = queries.case(referral_id, by)
    shared = shared_with(referral_id)
    observe_read("referral", referral_id, by)
    if shared:
        observe_read("referral_assessment", referral_id, by)
    return render_case(
        "referrals/earlier/show.html",
        referral,
        by,
        shared=shared,
        decision=decision_of(referral_id),
        may_decide=allowed(by, ReferralPermission.END, referral) and not referral.ended_at,
    )


@blueprint.route("/cases/<uuid:referral_id>/earlier-assessment/share", methods=["GET", "POST"])
@requires(ReferralPermission.END)
@sensitive
def share(referral_id: UUID) -> str | Response:
    """What can be shared, with who made it and when; the practitioner decides."""
    by = actor()
    referral = queries.case(referral_id, by)
    offered = offered_for(referral, by)
    form = _form(referral, offered)
    if request.method == "POST" and form.validate():
        chosen = None if form.assessment.data == NOT_SHARED else UUID(form.assessment.data)
        with write():
            decide(referral_id, chosen, LawfulBasis(form.basis.data) if chosen else None, by)
        done = _("The provider can read the assessment.") if chosen else _("Nothing is shared.")
        return back_to(referral_id, done)
    observe_reads("referral", [*(each.referral_id for each in offered), referral_id], by)
    return render_case("referrals/earlier/share.html", referral, by, form=form, offered=offered)


def _form(referral: Referral, offered: Any) -> ShareForm:
    decision = decision_of(referral.id)
    form = ShareForm(data={"basis": decision.basis if decision else None})
    form.assessment.choices = [
        *(SelectChoice(str(each.id), _name(each)) for each in offered),
        SelectChoice(NOT_SHARED, _("None is shared")),
    ]
    return form


def _name(earlier: Earlier) -> str:
    return _(
        "%(day)s, by %(caseworker)s of %(provider)s",
        day=shown_date(earlier.held_on),
        caseworker=earlier.caseworker,
        provider=earlier.provider,
    )
