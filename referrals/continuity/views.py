"""The practitioner's pages of a notice: what is to be decided, and one case's decision."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts.continuity.cases import case_of
from lots.contracts.continuity.models import ACT_KINDS, ActKind, Decision, last_day
from lots.contracts.continuity.queries import leaving
from marketplace.database import write
from marketplace.lifecycle import AlreadyChanged
from marketplace.observations import observe_read
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries as case_queries
from referrals.cases import page as case_page
from referrals.codes import ReferralState
from referrals.continuity import actions, queries
from referrals.continuity.forms import DecisionForm, MoveForm
from referrals.delivery.session_queries import sessions_of
from referrals.delivery.venues import where
from referrals.models import Referral
from referrals.options import options_for
from referrals.permissions import ReferralPermission

blueprint = Blueprint("decisions", "referrals", template_folder="templates")


@blueprint.get("/my-cases/decisions")
@requires(ReferralPermission.DECIDE)
@sensitive
def index() -> str:
    """Every case that this person may decide, the first due first."""
    page, rows = queries.to_decide_by(actor())
    return render_template("referrals/continuity/index.html", page=page, rows=rows, kinds=ACT_KINDS)


@blueprint.route("/cases/<uuid:referral_id>/decision", methods=["GET", "POST"])
@requires(ReferralPermission.DECIDE)
@sensitive
def decide(referral_id: UUID) -> str | Response:
    """Move a case, close it, or let it stay until it ends."""
    referral = _case(referral_id)
    row = case_of(referral_id)
    if row is None or referral.ended_at is not None:
        raise AlreadyChanged(_("This case needs no decision. It was decided, or has ended."))
    options, stopped = options_for(referral), row.act.kind == ActKind.EMERGENCY
    form = DecisionForm()
    form.offer(options, may_stay=not stopped)
    if form.validate_on_submit():
        with write():
            (goes_on,) = actions.decide([referral_id], form.chosen(), actor())
        return _done(goes_on, form.choice.data)
    return render_template(
        "referrals/continuity/decide.html",
        form=form,
        referral=referral,
        act=row.act,
        due_on=last_day(row.due_at),
        kinds=ACT_KINDS,
        options=options,
        stopped=stopped,
    )


def _done(goes_on: UUID, chosen: str) -> Response:
    said: dict[str, str] = {
        Decision.RUN_OFF: _("Decided: the case stays here until it ends."),
        Decision.EARLY_CLOSE: _("Decided: the case is closed. The provider has been told."),
    }
    moved = _("Decided: the case goes on here. Both providers have been told.")
    flash(said.get(chosen, moved), "success")
    return redirect(url_for("cases.show", referral_id=goes_on), 303)


@blueprint.route("/cases/<uuid:referral_id>/move", methods=["GET", "POST"])
@requires(ReferralPermission.DECIDE)
@sensitive
def move(referral_id: UUID) -> str | Response:
    """Send somebody who waits for a service that stops to another one."""
    referral = _case(referral_id)
    notice = leaving(referral.contract_area_id)
    if referral.state != ReferralState.WAITING or notice is None:
        raise AlreadyChanged(_("This person does not wait for a service that stops."))
    options = options_for(referral)
    form = MoveForm()
    form.offer(options)
    if form.validate_on_submit():
        with write():
            goes_on = actions.move_on(referral_id, UUID(form.choice.data), actor())
        return _done(goes_on, form.choice.data)
    return render_template(
        "referrals/continuity/move.html",
        form=form,
        referral=referral,
        notice=notice,
        kinds=ACT_KINDS,
        options=options,
    )


def _case(referral_id: UUID) -> Referral:
    by = actor()
    referral = case_queries.case(referral_id, by)
    check(by, ReferralPermission.DECIDE, referral)
    observe_read("referral", referral_id, by)
    return referral


@blueprint.get("/cases/<uuid:referral_id>/earlier")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def earlier(referral_id: UUID) -> str:
    """What the provider before did with a case that was moved; reading it is recorded."""
    by = actor()
    referral = case_queries.case(referral_id, by)
    found = queries.earlier_of(referral)
    observe_read("referral", found.id, by)
    return render_template(
        "referrals/continuity/earlier.html",
        case=case_page.load(found),
        referral=found,
        goes_on_as=referral,
        found=sessions_of(found.id),
        where=where,
    )
