"""Partners of a contract: the lead's page, and each partner's own."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask import Response as FileAnswer
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts import queries as contracts
from lots.contracts.partners import actions, queries, statement
from lots.contracts.partners.forms import DisputeForm, PaymentForm
from lots.contracts.partners.lifecycle import DISPUTE, PAYMENT
from lots.contracts.partners.models import ContractPartner
from lots.contracts.partners.permissions import PartnersPermission
from lots.contracts.permissions import ContractPermission
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.tables import csv_file

# As many digits as an amount of money can have.
SEEN = re.compile(r"[0-9]{1,15}")

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
        standings=(standings := queries.standings_of(contract)),
        page=statement.month_pages([each.partner for each in standings]),
        may_state=allowed(by, PartnersPermission.STATE, contract) and contract.live_at,
    )


@blueprint.get("/<uuid:contract_id>/partners.csv")
@requires(ContractPermission.SEE)
def index_csv(contract_id: UUID) -> FileAnswer:
    """What every partner is owed and was paid by month, for a spreadsheet."""
    contract = contracts.contract(contract_id, actor())
    rows = statement.months_of(queries.partners_of(contract))
    name = f"partners-{contract.reference}.csv".lower()
    return csv_file(name, statement.HEADER, statement.as_table(contract, rows))


@blueprint.route("/<uuid:contract_id>/partners/<uuid:partner_id>/state", methods=["GET", "POST"])
@requires(PartnersPermission.STATE)
def state(contract_id: UUID, partner_id: UUID) -> str | Response:
    """State what a partner was paid for one month."""
    by = actor()
    contract = contracts.contract(contract_id, by)
    check(by, PartnersPermission.STATE, contract)
    partner = queries.partner_of(contract, partner_id)
    months = actions.months_to_state(contract, partner)
    form = _payment_form(partner, months)
    if form.validate_on_submit():
        pence, day = form.amount.data or 0, form.paid_on.data
        with write():
            actions.state_payment(partner_id, form.first_day(), pence, by, day)
        flash(_("Stated. The partner is asked to confirm it."), "success")
        return redirect(url_for("contract_partners.index", contract_id=contract_id), 303)
    if not months:
        raise Refusal(_("Payments can be stated once the contract is live."))
    return render_template(
        "lots/contracts/partners/state.html", contract=contract, partner=partner, form=form
    )


def _payment_form(partner: ContractPartner, months: list[date]) -> PaymentForm:
    """The form, filled in with the month asked for and what is owed for it."""
    asked = request.args.get("month", "")
    month = next((each for each in months if each.isoformat() == asked), None)
    if month is None:
        return PaymentForm(months)
    owed = max(statement.owed_for(partner, month), 0)
    return PaymentForm(months, month=asked, amount=owed or None)


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
        page=statement.month_pages([partner]),
        person_id=actor().person_id,
    )


@blueprint.get("/as-partner/<uuid:partner_id>.csv")
@requires(PartnersPermission.SEE_OWN)
def own_csv(partner_id: UUID) -> FileAnswer:
    """The partner's own months for a spreadsheet."""
    partner = queries.own_partner(partner_id, actor())
    name = f"partner-{partner.contract.reference}.csv".lower()
    rows = statement.as_table(partner.contract, statement.months_of([partner]))
    return csv_file(name, statement.HEADER, rows)


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
    return int(sent or 0) if SEEN.fullmatch(sent or "") else -1


def register(app: Flask) -> None:
    """Serve these pages."""
    app.register_blueprint(blueprint)
