"""The pages of a notice: giving it, confirming it, seeing how far its cases are, taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts import queries as contracts
from lots.contracts.continuity import actions, queries
from lots.contracts.continuity.forms import ALL, CancelForm, NoticeForm, StopForm
from lots.contracts.continuity.lifecycle import ACT, CANCEL, undecided
from lots.contracts.continuity.models import (
    ACT_KINDS,
    ACT_REASONS,
    CANCEL_REASONS,
    DECISIONS,
    ActState,
)
from lots.contracts.continuity.permissions import ContinuityPermission
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import side_of
from marketplace import clock, once
from marketplace.areas.queries import area_names, region_names
from marketplace.database import write
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.fields import SelectChoice
from marketplace.web.pictures import Bar

blueprint = Blueprint("continuity", "lots", template_folder="templates")


@blueprint.get("/contracts/continuity/<uuid:act_id>")
@requires(ContinuityPermission.SEE)
def show(act_id: UUID) -> str:
    """How far an act has come, for both sides: its cases by number, nothing about people."""
    by = actor()
    act = queries.act(act_id, by)
    page = queries.cases_of(act)
    counted = queries.counts(act)
    return render_template(
        "lots/contracts/continuity/show.html",
        act=act,
        contract=act.contract,
        areas=queries.areas_of(act),
        kinds=ACT_KINDS,
        reasons=ACT_REASONS,
        cancel_reasons=CANCEL_REASONS,
        decisions=DECISIONS,
        page=page,
        lines=queries.lines(page),
        shows_owner=side_of(by, act.contract) != Side.PROVIDER,
        undecided=undecided(act),
        decided=sum(counted.values()) - counted.get(None, 0),
        bars=_bars(counted),
        offers={step.name for step in ACT.offers(act, by)},
        now=clock.now(),
    )


def _bars(counted: dict) -> list[Bar]:
    """The decisions taken, then the cases without one."""
    bars = [Bar(str(DECISIONS[each]), counted[each]) for each in DECISIONS if each in counted]
    return [*bars, Bar(_("No decision"), counted.get(None, 0))]


@blueprint.route("/contracts/<uuid:contract_id>/continuity/new", methods=["GET", "POST"])
@requires(ContinuityPermission.PROPOSE)
def propose(contract_id: UUID) -> str | Response:
    """Give notice, or propose that the contract ends."""
    by = actor()
    contract = contracts.contract(contract_id, by)
    check(by, ContinuityPermission.PROPOSE, contract)
    form = NoticeForm()
    form.where.choices = _places(contract)
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            act = actions.propose(contract_id, form.notice(), by)
            act_id, given = act.id, act.state == ActState.NOTICED
        flash(
            _("Notice is given. Practitioners and the provider have been told.")
            if given
            else _("Proposed. It stops nothing until it is confirmed."),
            "success",
        )
        return redirect(url_for("continuity.show", act_id=act_id), 303)
    return render_template("lots/contracts/continuity/propose.html", contract=contract, form=form)


def _places(contract: Contract) -> list[SelectChoice]:
    areas, regions = area_names(), region_names()
    named = [
        SelectChoice(
            str(each.id),
            _(
                "%(where)s (%(num)s supported now)",
                where=areas.get(each.area_code, each.area_code)
                if each.area_code
                else regions.get(each.region_code, each.region_code),
                num=each.reserved,
            ),
        )
        for each in contract.areas
        if each.closed_at is None
    ]
    return [SelectChoice("", _("Choose where")), SelectChoice(ALL, _("Every area")), *named]


@blueprint.post("/contracts/continuity/<uuid:act_id>/confirm")
@requires(ContinuityPermission.GIVE)
def confirm(act_id: UUID) -> Response:
    """Confirm that the contract ends early."""
    queries.act(act_id, actor())
    with write():
        actions.confirm(act_id, actor())
    return _back(act_id, _("Notice is given. Practitioners and the provider have been told."))


@blueprint.route("/contracts/continuity/<uuid:act_id>/cancel", methods=["GET", "POST"])
@requires(ContinuityPermission.CANCEL)
def cancel(act_id: UUID) -> str | Response:
    """Take a notice back before it has taken effect."""
    act = queries.act(act_id, actor())
    check(actor(), ContinuityPermission.CANCEL, act)
    form = CancelForm()
    if form.validate_on_submit():
        with write():
            actions.cancel(act_id, form.why(), actor())
        return _back(
            act_id, _("The notice is cancelled. What was stopped by it alone takes people again.")
        )
    ACT.expect(CANCEL, act)
    return render_template(
        "lots/contracts/continuity/cancel.html", act=act, form=form, kinds=ACT_KINDS
    )


@blueprint.post("/contracts/continuity/<uuid:act_id>/resume")
@requires(ContinuityPermission.RESUME)
def resume(act_id: UUID) -> Response:
    """End a suspension."""
    queries.act(act_id, actor())
    with write():
        actions.resume(act_id, actor())
    return _back(act_id, _("The service has resumed. Everybody has been told."))


@blueprint.route("/contracts/<uuid:contract_id>/continuity/stop", methods=["GET", "POST"])
@requires(ContinuityPermission.STOP)
def stop(contract_id: UUID) -> str | Response:
    """The emergency stop."""
    by = actor()
    contract = contracts.contract(contract_id, by)
    check(by, ContinuityPermission.STOP, contract)
    form = StopForm()
    if form.validate_on_submit():
        with write():
            act_id = actions.stop(contract_id, form.why(), by).id
        return _back(act_id, _("The service is stopped. Every practitioner has been told."))
    return render_template(
        "lots/contracts/continuity/stop.html", contract=contract, form=form, areas=contract.areas
    )


def _back(act_id: UUID, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("continuity.show", act_id=act_id), 303)
