"""The lead buyer's pages about money: shares, invitations, signatures, grant or contract."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from lots import queries as lot_queries
from lots.funding import actions, cosigning, queries
from lots.funding.actions import editable, shares_seen
from lots.funding.forms import GrantTestForm, InviteForm, SharesForm, shares_form
from lots.funding.grant_test import QUESTIONS, verdict
from lots.funding.models import FUNDER_STATES, Purpose
from lots.funding.parties import invitable, proportions, row_of, shares_of
from lots.funding.permissions import FundingPermission
from lots.funding.rules import unready
from lots.funding.signing import standings, terms_hash
from lots.models import Lot
from lots.vocabulary import CONCLUDED, ROUTES
from marketplace import once
from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import check, requires
from marketplace.registry import panels
from marketplace.web.acting import actor

blueprint = Blueprint("funding", __name__, template_folder="../templates")


def _arranged(lot_id: UUID) -> Lot:
    lot = lot_queries.own_lot(lot_id, actor())
    check(actor(), FundingPermission.ARRANGE, lot)
    return editable(lot)


@blueprint.route("/lots/<uuid:lot_id>/funders", methods=["GET", "POST"])
@requires(FundingPermission.ARRANGE)
def funders(lot_id: UUID) -> str | Response:
    """Every share of the lot on one page, with the fund and the signatures."""
    lot = _arranged(lot_id)
    form = _shares_form(lot)
    if form.validate_on_submit():
        chosen = (form.pence_of(), form.fund_id(), form.seen.data or "")
        try:
            with write():
                actions.save_shares(lot_id, *chosen, actor())
            flash(_("Saved."), "success")
            return redirect(url_for("funding.funders", lot_id=lot_id), 303)
        except Refusal as refusal:
            lot = _arranged(lot_id)
            form.form_errors.append(str(refusal.text))
            form.seen.data = shares_seen(lot)
            form.seen.raw_data = None
    return render_template("lots/funding/funders.html", lot=lot, form=form, **_facts(lot))


def _shares_form(lot: Lot) -> SharesForm:
    form = shares_form(shares_of(lot), lot.value_net_pence or 0)()
    form.offer(queries.choosable(lot.lead_buyer, lot.fund_id))
    if not form.is_submitted():
        form.seen.data = shares_seen(lot)
        form.fund.data = str(lot.fund_id or "")
    return form


def _facts(lot: Lot) -> dict[str, Any]:
    signed = standings(lot, Purpose.PUBLICATION, terms_hash(lot))
    return {
        "shares": shares_of(lot),
        "whole_life": proportions(lot, lot.value_gross_pence or 0),
        "states": FUNDER_STATES,
        "standings": signed,
        "unready": unready(lot) if signed else [],
        "people": names_of_people(each.person_id for each in lot.signatures),
    }


@blueprint.route("/lots/<uuid:lot_id>/funders/invite", methods=["GET", "POST"])
@requires(FundingPermission.ARRANGE)
def invite(lot_id: UUID) -> str | Response:
    """Ask another buyer for a share."""
    lot = _arranged(lot_id)
    form = InviteForm()
    form.offer(invitable(lot))
    if form.validate_on_submit():
        asked = UUID(form.organisation.data)
        try:
            with write():
                once.use_up(form.once.data)
                note = form.note.data or ""
                actions.invite(lot_id, asked, form.share_pence.data or 0, note, actor())
            flash(_("Invited. They have been sent a mail."), "success")
            return redirect(url_for("funding.funders", lot_id=lot_id), 303)
        except Refusal as refusal:
            lot = _arranged(lot_id)
            form.form_errors.append(str(refusal.text))
    lead = shares_of(lot)[0]
    return render_template("lots/funding/invite.html", lot=lot, form=form, lead=lead)


@blueprint.post("/lots/<uuid:lot_id>/funders/<uuid:funder_id>/off")
@requires(FundingPermission.ARRANGE)
def take_off(lot_id: UUID, funder_id: UUID) -> Response:
    """Take a funder off the lot."""
    row_of(_arranged(lot_id), funder_id)
    with write():
        actions.take_off(lot_id, funder_id, actor())
    flash(_("Taken off. Its share is the lead buyer’s again."), "success")
    return redirect(url_for("funding.funders", lot_id=lot_id), 303)


@blueprint.post("/lots/<uuid:lot_id>/funders/signatures")
@requires(FundingPermission.ARRANGE)
def ask_to_sign(lot_id: UUID) -> Response:
    """Ask everybody who has yet to sign."""
    _arranged(lot_id)
    with write():
        asked = cosigning.ask_to_sign(lot_id, actor())
    text = ngettext("%(num)s organisation was asked.", "%(num)s organisations were asked.", asked)
    flash(text, "success")
    return redirect(url_for("funding.funders", lot_id=lot_id), 303)


@blueprint.route("/lots/<uuid:lot_id>/grant-test", methods=["GET", "POST"])
@requires(FundingPermission.ARRANGE)
def grant_test(lot_id: UUID) -> str | Response:
    """Six questions that say whether a grant or a contract fits."""
    lot = _arranged(lot_id)
    form = GrantTestForm(data=lot.grant_test)
    if form.validate_on_submit():
        with write():
            actions.save_grant_test(lot_id, form.answers(), actor())
        return redirect(url_for("funding.grant_test", lot_id=lot_id), 303)
    return render_template(
        "lots/funding/grant_test.html",
        lot=lot,
        form=form,
        fields=[form[each.name] for each in QUESTIONS],
        verdict=verdict(lot.grant_test),
        routes=ROUTES,
    )


def _of_buyer(lot: Lot, by: Acting) -> str:
    """Funders and signatures on the lot's page for its buyer, once it is no draft any more."""
    if lot.state in CONCLUDED and len(lot.funders) < 2:
        return ""
    return _shown(lot)


def _of_public(lot: Lot, _by: Acting | None) -> str:
    """The shares on the lot's public page."""
    return _shown(lot)


def _shown(lot: Lot) -> str:
    if len(lot.funders) < 2:
        return ""
    return Markup(render_template("lots/funding/_shares.html", lot=lot, shares=shares_of(lot)))


def register(app: Flask) -> None:
    """Serve the lead buyer's pages and show the shares on the lot's."""
    app.register_blueprint(blueprint)
    panels(app).setdefault("lot", []).append(_of_buyer)
    panels(app).setdefault("opportunity", []).append(_of_public)
    app.jinja_env.globals.update(
        grant_verdict=lambda lot: verdict(lot.grant_test), funders_shown=_shown
    )
