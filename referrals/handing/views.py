"""The pages of handing over: who takes it, a second look, and the deputy."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries as cases
from referrals.answering.steps import Answer, back_to, refused_page, step_page
from referrals.frame import render_case
from referrals.handing import actions, queries
from referrals.handing.forms import (
    ConfirmForm,
    DeputyForm,
    HandForm,
    RecipientForm,
    ids_in,
    refused,
)
from referrals.handing.people import Recipient, recipient_with
from referrals.handing.permissions import HandPermission
from referrals.models import Referral
from referrals.teams.actions import unit_names

blueprint = Blueprint("handing", "referrals", template_folder="templates")
PEOPLE = "people_of_case.show"


def asked_id(name: str) -> UUID | None:
    """An id in this page's address; None where it is missing or none."""
    return next(iter(ids_in(request.args.get(name))), None)


@blueprint.route("/cases/hand-over", methods=["GET", "POST"])
@requires(HandPermission.HAND_OVER)
@sensitive
def several() -> str:
    """Choose cases, and who takes them over."""
    by = actor()
    found = queries.ticks(by, asked_id("whose"), None)
    form = HandForm()
    form.offer(found)
    if request.method == "POST" and form.validate():
        to = _recipient(form)
        if to is not None:
            return _look_again(queries.chosen(form.ids, by), to)
    return render_template(
        "referrals/handing/several.html",
        form=form if found.page.items else None,
        page=found.page,
        owners=queries.owners(by),
        whose=request.args.get("whose", ""),
    )


@blueprint.route("/cases/<uuid:referral_id>/hand-over", methods=["GET", "POST"])
@requires(HandPermission.HAND_OVER)
@sensitive
def one(referral_id: UUID) -> Answer:
    """Choose who takes one case over."""
    by = actor()
    referral = cases.case(referral_id, by)
    check(by, HandPermission.HAND_OVER, referral)
    form = RecipientForm()
    try:
        actions.refuse_ended(referral)
    except Refusal as refusal:
        return refused_page(referral_id, refusal, form)
    if request.method == "POST" and form.validate():
        to = _recipient(form)
        if to is not None:
            return _look_again([referral], to)
    observe_read("referral", referral_id, by)
    return render_case(
        "referrals/answering/step.html", referral, by, form=form, button=_("Continue")
    )


def _recipient(form: RecipientForm) -> Recipient | None:
    try:
        return recipient_with(form.email.data or "", actor())
    except Refusal as refusal:
        refused(form, "email", refusal.text)
        return None


def _look_again(found: Sequence[Referral], to: Recipient) -> str:
    """Who it is and what goes with them: a wrong address would show somebody else the cases."""
    form = ConfirmForm(formdata=None)
    form.show([each.id for each in found], to.person.id)
    unit = unit_names().get(to.delivery_unit_code or "")
    return render_template("referrals/handing/check.html", form=form, cases=found, to=to, unit=unit)


@blueprint.post("/cases/hand-over/confirm")
@requires(HandPermission.HAND_OVER)
@sensitive
def confirm() -> Response:
    """Hand the cases over that were shown, all or none."""
    form = ConfirmForm()
    people = ids_in(form.person.data)
    if not people:
        flash(_("The page was incomplete. Choose again."))
        return redirect(url_for("handing.several"), 303)
    try:
        with write():
            found = actions.hand_over(ids_in(form.cases.data), people[0], actor())
            number = len(found)
    except Refusal as refusal:
        flash(_("Nothing was handed over. %(why)s", why=refusal.text))
        return redirect(url_for("handing.several"), 303)
    done = ngettext(
        "%(num)s case is handed over. Both practitioners and the provider have been told.",
        "%(num)s cases are handed over. Both practitioners and the providers have been told.",
        number,
    )
    flash(done, "success")
    return redirect(url_for("my_cases.index"), 303)


@blueprint.post("/cases/<uuid:referral_id>/take-over")
@requires(HandPermission.TAKE_OVER)
@sensitive
def take_over(referral_id: UUID) -> Response | tuple[str, int]:
    """Take a case whose practitioner has left."""
    try:
        with write():
            actions.take_over(referral_id, actor())
    except Refusal as refusal:
        return refused_page(referral_id, refusal)
    return back_to(referral_id, _("This is your case now. The provider has been told."), PEOPLE)


@blueprint.route("/cases/<uuid:referral_id>/deputy", methods=["GET", "POST"])
@requires(HandPermission.DEPUTISE)
@sensitive
def deputy(referral_id: UUID) -> Answer:
    """Have a colleague stand in."""
    by = actor()
    check(by, HandPermission.DEPUTISE, cases.case(referral_id, by))
    return step_page(
        referral_id,
        DeputyForm(),
        lambda form, by: actions.set_deputy(referral_id, form.email.data, by),
        _("Have them stand in"),
        _("They stand in for this case now and have been told."),
        actions.refuse_ended,
        PEOPLE,
    )


@blueprint.post("/cases/<uuid:referral_id>/deputy/remove")
@requires(HandPermission.DEPUTISE)
@sensitive
def remove_deputy(referral_id: UUID) -> Response:
    """Have nobody stand in any more."""
    with write():
        actions.remove_deputy(referral_id, actor())
    return back_to(referral_id, _("Nobody stands in for this case now."), PEOPLE)
