"""A funder's pages: the lots it funds or is asked to, its answer, and its signature."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lots.contracts.permissions import ContractPermission
from lots.funding import actions, cosigning, queries
from lots.funding.forms import YES, AnswerForm, LeaveForm, SignForm
from lots.funding.models import FUNDER_STATES, FunderState, Purpose
from lots.funding.parties import own_row, proportions, shares_of
from lots.funding.permissions import FundingPermission
from lots.funding.rules import unready
from lots.funding.signing import standings, terms_hash
from lots.funding.waiting import awaited
from lots.models import Lot
from lots.proportionality import published_overrides
from lots.shown import names
from lots.vocabulary import EDITABLE
from marketplace.accounts.queries import names_of_people
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, allowed, check, requires
from marketplace.registry import NavigationEntry, navigation
from marketplace.web.acting import actor
from marketplace.web.protection import is_fresh, step_up

blueprint = Blueprint("funded", __name__, template_folder="../templates")


@blueprint.get("/funding")
@requires(FundingPermission.SEE)
def index() -> str:
    """The lots that the organisation acted for pays for or must co-sign, and its funds."""
    by = actor()
    page = queries.funded_lots(by)
    return render_template(
        "lots/funding/index.html",
        page=page,
        rows=[(lot, own_row(by, lot), awaited(lot, by)) for lot in page.items],
        names=names(),
        sees_funds=allowed(by, FundingPermission.SEE_FUNDS),
    )


@blueprint.get("/funding/lots/<uuid:lot_id>")
@requires(FundingPermission.SEE)
def lot(lot_id: UUID) -> str:
    """One lot for its funder: everything it says, the shares, and what the funder can do."""
    by = actor()
    shown = queries.funded_lot(lot_id, by)
    open_to_change = shown.state in EDITABLE
    contract = queries.contract_of(shown)
    return render_template(
        "lots/funding/lot.html",
        lot=shown,
        names=names(),
        own=own_row(by, shown),
        awaited=awaited(shown, by),
        may_answer=open_to_change and allowed(by, FundingPermission.ANSWER, shown),
        may_sign=open_to_change and allowed(by, FundingPermission.SIGN, shown),
        contract=contract,
        sees_contract=contract is not None
        and allowed(by, ContractPermission.SEE_AS_PAYER, contract[0]),
        **_money(shown),
    )


def _money(shown: Lot) -> dict:
    return {
        "shares": shares_of(shown),
        "whole_life": proportions(shown, shown.value_gross_pence or 0),
        "states": FUNDER_STATES,
        "standings": standings(shown, Purpose.PUBLICATION, terms_hash(shown)),
        "people": names_of_people(each.person_id for each in shown.signatures),
    }


@blueprint.route("/funding/lots/<uuid:lot_id>/answer", methods=["GET", "POST"])
@requires(FundingPermission.ANSWER)
def answer(lot_id: UUID) -> str | Response:
    """Accept or decline the share."""
    by = actor()
    shown = queries.funded_lot(lot_id, by)
    row = own_row(by, shown)
    if row is None or row.state != FunderState.INVITED or shown.state not in EDITABLE:
        flash(_("This lot is not waiting for your answer."))
        return redirect(url_for("funded.lot", lot_id=lot_id), 303)
    check(by, FundingPermission.ANSWER, shown)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            with write():
                if form.answer.data == YES:
                    asks = bool(form.asks_to_sign.data)
                    actions.accept(lot_id, form.share_read(), asks, by)
                else:
                    actions.leave(lot_id, form.reason.data or "", by)
            flash(_("Your answer has been sent to the lead buyer."), "success")
            return redirect(url_for("funded.index"), 303)
        except Refusal as refusal:
            shown = queries.funded_lot(lot_id, by)
            row = own_row(by, shown) or row
            form.form_errors.append(str(refusal.text))
    form.share.data, form.share.raw_data = str(row.share_pence), None
    return render_template("lots/funding/answer.html", lot=shown, own=row, form=form)


@blueprint.route("/funding/lots/<uuid:lot_id>/withdraw", methods=["GET", "POST"])
@requires(FundingPermission.ANSWER)
def withdraw(lot_id: UUID) -> str | Response:
    """Take a promise back."""
    by = actor()
    shown = queries.funded_lot(lot_id, by)
    row = own_row(by, shown)
    if row is None:
        raise NotYours(lot_id)
    check(by, FundingPermission.ANSWER, shown)
    actions.editable(shown)
    form = LeaveForm()
    if form.validate_on_submit():
        with write():
            actions.leave(lot_id, form.reason.data or "", by)
        flash(_("Withdrawn. The lead buyer has been told."), "success")
        return redirect(url_for("funded.index"), 303)
    return render_template("lots/funding/withdraw.html", lot=shown, own=row, form=form)


@blueprint.route("/funding/lots/<uuid:lot_id>/sign", methods=["GET", "POST"])
@requires(FundingPermission.SIGN)
def sign(lot_id: UUID) -> str | Response:
    """Co-sign the lot as it stands."""
    by = actor()
    shown = queries.funded_lot(lot_id, by)
    check(by, FundingPermission.SIGN, shown)
    actions.editable(shown)
    if not is_fresh(by):
        return step_up()
    form, blockers = SignForm(), unready(shown)
    if not blockers and form.validate_on_submit():
        try:
            with write():
                cosigning.sign_publication(lot_id, form.seen.data or "", by)
            flash(_("Signed."), "success")
            return redirect(url_for("funded.lot", lot_id=lot_id), 303)
        except Refusal as refusal:
            shown = queries.funded_lot(lot_id, by)
            blockers = unready(shown)
            form.form_errors.append(str(refusal.text))
    form.seen.data, form.seen.raw_data = terms_hash(shown), None
    return render_template(
        "lots/funding/sign.html",
        lot=shown,
        names=names(),
        form=form,
        unready=blockers,
        overridden=published_overrides(shown),
        **_money(shown),
    )


def register(app: Flask) -> None:
    """Serve the funder's pages, with their menu entry."""
    app.register_blueprint(blueprint)
    entry = NavigationEntry(_l("Funding"), "funded.index", FundingPermission.SEE, 22)
    navigation(app).append(entry)
