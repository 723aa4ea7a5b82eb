"""The pages of changes: propose one, read it, sign it, refuse it, withdraw it, take it away."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts import queries as contracts
from lots.contracts.agreement.papers import as_docx, attached
from lots.contracts.changes import actions, queries
from lots.contracts.changes.drafting import open_areas
from lots.contracts.changes.forms import RefuseForm
from lots.contracts.changes.lifecycle import CHANGE, REFUSE, WITHDRAW
from lots.contracts.changes.models import CAPACITIES, CHANGE_KINDS, ChangeKind, ChangeState
from lots.contracts.changes.permissions import ChangePermission, party_of
from lots.contracts.changes.term_forms import FORMS
from lots.contracts.changes.terms import extensions_left, lot_of
from lots.contracts.changes.writing import rows_of
from lots.contracts.forms import SignForm
from lots.contracts.permissions import ContractPermission, side_of
from marketplace import once
from marketplace.acting import ROLES
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("changes", __name__, url_prefix="/contracts")


@blueprint.get("/<uuid:contract_id>/changes/new")
@requires(ChangePermission.PROPOSE)
def choose(contract_id: UUID) -> str:
    """What is to be changed."""
    contract = contracts.contract(contract_id, actor())
    check(actor(), ChangePermission.PROPOSE, contract)
    actions.changeable(contract)
    months, steps = extensions_left(contract, lot_of(contract))
    return render_template(
        "lots/contracts/changes/choose.html",
        contract=contract,
        kinds=CHANGE_KINDS,
        months=months,
        steps=steps,
        areas=open_areas(contract),
    )


@blueprint.route("/<uuid:contract_id>/changes/new/<kind>", methods=["GET", "POST"])
@requires(ChangePermission.PROPOSE)
def propose(contract_id: UUID, kind: str) -> str | Response:
    """Fill in a change of one kind."""
    by = actor()
    contract = contracts.contract(contract_id, by)
    check(by, ChangePermission.PROPOSE, contract)
    if kind not in CHANGE_KINDS:
        raise NotYours(kind)
    chosen, side = ChangeKind(kind), side_of(by, contract)
    assert side is not None  # the permission has made sure
    form = FORMS[chosen](contract, side)
    if form.validate_on_submit():
        proposal = actions.Proposal(chosen, form.asked(), form.reason.data or "", form.day())
        try:
            with write():
                once.use_up(form.once.data)
                change = actions.propose(contract_id, proposal, by)
                change_id = change.id
        except once.AlreadySent:
            raise
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            form.renew()
        else:
            flash(_("The change is proposed. Everybody it binds is asked to sign."), "success")
            return redirect(url_for("changes.show", change_id=change_id), 303)
    else:
        actions.changeable(contract, chosen)
    return render_template(
        "lots/contracts/changes/propose.html",
        contract=contract,
        form=form,
        kind=chosen,
        label=CHANGE_KINDS[chosen],
    )


@blueprint.get("/changes/<uuid:change_id>")
@requires(ChangePermission.SEE)
def show(change_id: UUID) -> str:
    """One change: before beside after, why, who has signed and who has yet to."""
    by = actor()
    change = queries.change(change_id, by)
    party = party_of(by, change)
    proposed = change.state == ChangeState.PROPOSED
    unsigned = party is not None and party.signed_at is None
    return render_template(
        "lots/contracts/changes/show.html",
        change=change,
        contract=change.contract,
        rows=rows_of(change),
        kinds=CHANGE_KINDS,
        capacities=CAPACITIES,
        roles=ROLES,
        may_sign=proposed and unsigned and allowed(by, ChangePermission.SIGN, change),
        may_refuse=REFUSE in CHANGE.offers(change, by),
        may_withdraw=WITHDRAW in CHANGE.offers(change, by),
        sees_contract=allowed(by, ContractPermission.SEE, change.contract),
    )


@blueprint.route("/changes/<uuid:change_id>/sign", methods=["GET", "POST"])
@requires(ChangePermission.SIGN)
def sign(change_id: UUID) -> str | Response:
    """Read the text of a change and sign it."""
    by = actor()
    change = queries.change(change_id, by)
    check(by, ChangePermission.SIGN, change)
    form = SignForm(by.name, seen=change.text_hash)
    if form.validate_on_submit():
        with write():
            actions.sign(change_id, form.name.data or "", form.seen.data or "", by)
        flash(_("You have signed the change."), "success")
        return redirect(url_for("changes.show", change_id=change_id), 303)
    actions.signable(change, by)
    return render_template("lots/contracts/changes/sign.html", change=change, form=form)


@blueprint.route("/changes/<uuid:change_id>/refuse", methods=["GET", "POST"])
@requires(ChangePermission.REFUSE)
def refuse(change_id: UUID) -> str | Response:
    """Say no, and why."""
    by = actor()
    change = queries.change(change_id, by)
    check(by, ChangePermission.REFUSE, change)
    form = RefuseForm()
    if form.validate_on_submit():
        with write():
            actions.refuse(change_id, form.because.data or "", by)
        flash(_("You have refused the change. Everybody it binds has been told."), "success")
        return redirect(url_for("changes.show", change_id=change_id), 303)
    CHANGE.expect(REFUSE, change)
    return render_template("lots/contracts/changes/refuse.html", change=change, form=form)


@blueprint.post("/changes/<uuid:change_id>/withdraw")
@requires(ChangePermission.WITHDRAW)
def withdraw(change_id: UUID) -> Response:
    """Take it back."""
    change = queries.change(change_id, actor())
    check(actor(), ChangePermission.WITHDRAW, change)
    with write():
        actions.withdraw(change_id, actor())
    flash(_("The change is withdrawn. Everybody it would have bound has been told."), "success")
    return redirect(url_for("changes.show", change_id=change_id), 303)


@blueprint.get("/changes/<uuid:change_id>/change.<any(txt, docx):ending>")
@requires(ChangePermission.SEE)
def text(change_id: UUID, ending: str) -> Response:
    """The text of a change: byte for byte what is signed, or as a document."""
    change = queries.change(change_id, actor())
    content = change.text if ending == "txt" else as_docx(change.text, change.text_hash)
    return attached(content, f"{change.contract.reference}-{change.number}.{ending}")


def register(app: Flask) -> None:
    """Serve these pages."""
    app.register_blueprint(blueprint)
