"""The pages of moving cases to another service, and of somebody who moves away."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace.areas.queries import area_choices
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.fields import SelectChoice
from marketplace.web.headers import sensitive
from referrals import queries as cases
from referrals.answering.steps import Answer, back_to, refused_page
from referrals.frame import render_case
from referrals.handing import moves, queries
from referrals.handing.forms import AwayForm, TargetForm, TickForm, ids_in
from referrals.handing.permissions import HandPermission
from referrals.handing.views import asked_id
from referrals.models import Referral

blueprint = Blueprint("moves", "referrals", template_folder="templates")
REMOTE, TRANSFER, CLOSE = "remote", "transfer", "close"


@blueprint.route("/cases/transfer", methods=["GET", "POST"])
@requires(HandPermission.TRANSFER)
@sensitive
def several() -> str:
    """Choose cases of one service that go to another."""
    by = actor()
    service = asked_id("service")
    services = queries.services_of(by)
    form = TickForm()
    found = queries.ticks(by, None, service) if service else None
    if found is not None:
        form.offer(found)
        if request.method == "POST" and form.validate():
            return _targets(queries.chosen(form.ids, by), None)
    return render_template(
        "referrals/handing/transfer.html",
        form=form if found and found.page.items else None,
        page=found.page if found else None,
        services=services,
        service=str(service or ""),
    )


@blueprint.get("/cases/<uuid:referral_id>/transfer")
@requires(HandPermission.TRANSFER)
@sensitive
def one(referral_id: UUID) -> Answer:
    """Choose where one case goes; `area` in the address is where the person moves to."""
    by = actor()
    referral = cases.case(referral_id, by)
    check(by, HandPermission.TRANSFER, referral)
    try:
        moves.refuse_transfer(referral)
    except Refusal as refusal:
        return refused_page(referral_id, refusal)
    observe_read("referral", referral_id, by)
    area = request.args.get("area")
    return _targets([referral], area if area in dict(area_choices()) else None)


def _targets(found: Sequence[Referral], area_code: str | None) -> str:
    options = moves.options_for_all(found, area_code)
    form = TargetForm(formdata=None)
    form.offer(options)
    form.cases.data = " ".join(str(each.id) for each in found)
    form.area.data = area_code or ""
    return render_template(
        "referrals/handing/targets.html", form=form, cases=found, options=options
    )


@blueprint.post("/cases/transfer/confirm")
@requires(HandPermission.TRANSFER)
@sensitive
def confirm() -> Response:
    """Move the cases that were shown, all or none."""
    form = TargetForm()
    referral_ids, target = ids_in(form.cases.data), ids_in(request.form.get("target"))
    if not target:
        flash(_("Nothing was moved. Select the service that goes on."))
        return redirect(_again(referral_ids, form.area.data), 303)
    try:
        with write():
            moved = moves.transfer(referral_ids, target[0], actor(), form.area.data or None)
    except Refusal as refusal:
        flash(_("Nothing was moved. %(why)s", why=refusal.text))
        return redirect(_again(referral_ids, form.area.data), 303)
    done = ngettext(
        "%(num)s case has moved. Both providers have been told.",
        "%(num)s cases have moved. Both providers have been told.",
        len(moved),
    )
    flash(done, "success")
    if len(moved) == 1:
        return redirect(url_for("cases.show", referral_id=moved[0]), 303)
    return redirect(url_for("my_cases.index"), 303)


def _again(referral_ids: list[UUID], area_code: str | None) -> str:
    if len(referral_ids) == 1:
        return url_for("moves.one", referral_id=referral_ids[0], area=area_code or None)
    return url_for("moves.several")


@blueprint.route("/cases/<uuid:referral_id>/moves-away", methods=["GET", "POST"])
@requires(HandPermission.TRANSFER)
@sensitive
def away(referral_id: UUID) -> Answer:
    """What becomes of the case of somebody who moves out of the area."""
    by = actor()
    referral = cases.case(referral_id, by)
    check(by, HandPermission.TRANSFER, referral)
    form = AwayForm()
    form.area.choices = [
        SelectChoice("", _("Choose an area")),
        *(SelectChoice(code, name) for code, name in area_choices()),
    ]
    try:
        moves.refuse_transfer(referral)
        if request.method == "POST" and form.validate():
            return _go(referral_id, form)
    except Refusal as refusal:
        return refused_page(referral_id, refusal, form)
    observe_read("referral", referral_id, by)
    return render_case("referrals/handing/away.html", referral, by, form=form)


def _go(referral_id: UUID, form: AwayForm) -> Response:
    by = actor()
    if form.way.data == TRANSFER:
        return redirect(url_for("moves.one", referral_id=referral_id, area=form.area.data), 303)
    if form.way.data == REMOTE:
        with write():
            moves.finish_remotely(referral_id, form.why.data or "", by)
        return back_to(referral_id, _("The provider is told to go on by phone or video."))
    with write():
        moves.close(referral_id, by)
    flash(_("The case has ended. Choose the service that the copy goes to."), "success")
    return redirect(url_for("draft_services.again", referral_id=referral_id), 303)
