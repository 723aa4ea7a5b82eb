"""Who has read a case: on the case for its practitioner, and two searches for the auditor."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.accounts.queries import names_of_people, person_with
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, check, requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.frame import render_case
from referrals.permissions import ReferralPermission
from referrals.reads import queries as reads
from referrals.reads.forms import ByPersonForm, ByReferenceForm

blueprint = Blueprint("reads", "referrals", template_folder="templates")
OF_PERSON = "reads_of_person"
# Where no period is asked for.
SHOWN = timedelta(days=30)


@blueprint.get("/cases/<uuid:referral_id>/reads")
@requires(ReferralPermission.SEE_READS)
@sensitive
def of_case(referral_id: UUID) -> str:
    """Who has read this case, for its practitioner; reading this is recorded too."""
    by = actor()
    referral = queries.case(referral_id, by)
    check(by, ReferralPermission.SEE_READS, referral)
    observe_read(reads.READS, referral_id, by)
    return render_case(
        "referrals/reads/of_case.html", referral, by, page=reads.reads_of(referral_id)
    )


@blueprint.get("/audit/case-reads")
@requires(ReferralPermission.AUDIT_READS)
@sensitive
def index() -> str:
    """Where the auditor says which case or which person."""
    return _forms(ByReferenceForm(formdata=None), ByPersonForm(formdata=None))


def _forms(by_reference: Form, by_person: Form) -> str:
    shown = by_person if by_person.errors else by_reference
    return render_template(
        "referrals/reads/index.html", form=shown, by_reference=by_reference, by_person=by_person
    )


@blueprint.post("/audit/case-reads/find-case")
@requires(ReferralPermission.AUDIT_READS)
@sensitive
def find_case() -> str | Response:
    """From a reference to the reads of that case."""
    form = ByReferenceForm()
    if form.validate():
        found = reads.referral_with(form.reference.data)
        if found is not None:
            return redirect(url_for("reads.audit_case", referral_id=found.id), 303)
        form.reference.errors = [_("No case has this reference. Check it and try again.")]
    return _forms(form, ByPersonForm(formdata=None))


@blueprint.post("/audit/case-reads/find-person")
@requires(ReferralPermission.AUDIT_READS)
@sensitive
def find_person() -> str | Response:
    """From a person and a period to what they have read."""
    form = ByPersonForm()
    if form.validate():
        found = person_with(form.email.data)
        if found is not None:
            to = url_for(
                "reads.audit_person",
                person_id=found.id,
                first=form.first.data,
                last=form.last.data,
            )
            return redirect(to, 303)
        form.email.errors = [_("Nobody here has this email address.")]
    return _forms(ByReferenceForm(formdata=None), form)


@blueprint.get("/audit/case-reads/cases/<uuid:referral_id>")
@requires(ReferralPermission.AUDIT_READS)
@sensitive
def audit_case(referral_id: UUID) -> str:
    """Every read of one case, without anything about the person; reading this is recorded too."""
    referral = reads.referral_of(referral_id)
    observe_read(reads.READS, referral_id, actor())
    return render_template(
        "referrals/reads/audit.html",
        page=reads.reads_of(referral_id),
        title=_("Who has read %(reference)s", reference=referral.reference),
    )


@blueprint.get("/audit/case-reads/people/<uuid:person_id>")
@requires(ReferralPermission.AUDIT_READS)
@sensitive
def audit_person(person_id: UUID) -> str:
    """What one person has read in a period; reading this is recorded too."""
    today = clock.today()
    first, last = _day("first", today - SHOWN), _day("last", today)
    name = names_of_people([person_id]).get(person_id)
    if name is None:
        raise NotYours()
    observe_read(OF_PERSON, person_id, actor())
    return render_template(
        "referrals/reads/audit.html",
        page=reads.reads_by(person_id, first, last),
        title=_("What %(name)s has read", name=name),
        first=first,
        last=last,
    )


def _day(name: str, otherwise: date) -> date:
    """A day of the address; one that was tampered with is not found."""
    if name not in request.args:
        return otherwise
    try:
        return date.fromisoformat(request.args[name])
    except ValueError:
        abort(404)
