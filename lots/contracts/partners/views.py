"""Partners of a contract: the lead's page, and each partner's own."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts import queries as contracts
from lots.contracts.partners import actions, queries
from lots.contracts.partners.forms import DisputeForm, PaymentForm
from lots.contracts.partners.lifecycle import DISPUTE, PAYMENT
from lots.contracts.partners.permissions import PartnersPermission
from lots.contracts.permissions import ContractPermission
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("contract_partners", __name__, url_prefix="/contracts")


@blueprint.get("/<uuid:contract_id>/partners")
@requires(ContractPermission.SEE)
def index(contract_id: UUID) -> str:
    """Promised beside paid, and every payment stated; for both sides."""
    by = actor()
    contract = contracts.contract(contract_id, by)
    return render_template(
        "lots/contracts/partners/index.html",
        contract=contract,
        standings=queries.standings_of(contract),
        payments=queries.payments_of(contract),
        may_state=allowed(by, PartnersPermission.STATE, contract) and contract.live_at,
    )


@blueprint.route("/<uuid:contract_id>/partners/<uuid:partner_id>/state", methods=["GET", "POST"])
@requires(PartnersPermission.STATE)
def state(contract_id: UUID, partner_id: UUID) -> str | Response:
    """State what a partner was paid for one month."""
    by = actor()
    contract = contracts.contract(contract_id, by)
    check(by, PartnersPermission.STATE, contract)
    partner = queries.partner_of(contract, partner_id)
    months = actions.months_to_state(contract, partner)
    form = PaymentForm(months, month=request.args.get("month", ""))
    if form.validate_on_submit():
        with write():
            actions.state_payment(partner_id, form.first_day(), form.amount.data or 0, by)
        flash(_("Stated. The partner is asked to confirm it."), "success")
        return redirect(url_for("contract_partners.index", contract_id=contract_id), 303)
    if not months:
        raise Refusal(_("Payments can be stated once the contract is live."))
    return render_template(
        "lots/contracts/partners/state.html", contract=contract, partner=partner, form=form
    )


@blueprint.get("/as-partner/<uuid:partner_id>")
@requires(PartnersPermission.SEE_OWN)
def own(partner_id: UUID) -> str:
    """The partner's own page: what it was promised, and each payment to confirm or dispute."""
    partner = queries.own_partner(partner_id, actor())
    contract = partner.contract
    lot, buyer, provider = contracts.parties(contract)
    standing = next(e for e in queries.standings_of(contract) if e.partner.id == partner.id)
    return render_template(
        "lots/contracts/partners/own.html",
        partner=partner,
        contract=contract,
        lot=lot,
        buyer=buyer,
        provider=provider,
        standing=standing,
        payments=queries.payments_to(partner),
        person_id=actor().person_id,
    )


@blueprint.post("/as-partner/payments/<uuid:payment_id>/confirm")
@requires(PartnersPermission.ANSWER)
def confirm(payment_id: UUID) -> Response:
    """The partner was paid what is stated."""
    partner_id = queries.own_payment(payment_id, actor()).partner_id
    with write():
        actions.confirm(payment_id, _pence(request.form.get("pence")), actor())
    flash(_("Confirmed."), "success")
    return redirect(url_for("contract_partners.own", partner_id=partner_id), 303)


@blueprint.route("/as-partner/payments/<uuid:payment_id>/dispute", methods=["GET", "POST"])
@requires(PartnersPermission.ANSWER)
def dispute(payment_id: UUID) -> str | Response:
    """The partner was not paid what is stated."""
    payment = queries.own_payment(payment_id, actor())
    form = DisputeForm(pence=payment.pence)
    if form.validate_on_submit():
        with write():
            actions.dispute(payment_id, _pence(form.pence.data), form.why.data or "", actor())
        flash(_("The lead has been told. It can correct the amount."), "success")
        return redirect(url_for("contract_partners.own", partner_id=payment.partner_id), 303)
    PAYMENT.expect(DISPUTE, payment)
    return render_template("lots/contracts/partners/dispute.html", payment=payment, form=form)


def _pence(sent: str | None) -> int:
    """The amount that somebody saw; what cannot have been seen is none."""
    return int(sent) if sent and sent.isdecimal() else -1


def register(app: Flask) -> None:
    """Serve these pages."""
    app.register_blueprint(blueprint)
