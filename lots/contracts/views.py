"""The pages of contracts, for both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lots.contracts import actions, queries
from lots.contracts import places as area_places
from lots.contracts.changes.lifecycle import CHANGEABLE
from lots.contracts.changes.models import CHANGE_KINDS
from lots.contracts.changes.permissions import ChangePermission
from lots.contracts.changes.queries import changes_of
from lots.contracts.claims import queries as claims
from lots.contracts.continuity import queries as continuity
from lots.contracts.forms import ConfirmForm, PauseForm, SignForm, places_form
from lots.contracts.lifecycle import CONTRACT, GO_LIVE, ready_to_go_live
from lots.contracts.models import (
    ITEM_KINDS,
    PAUSE_REASONS,
    SIDES,
    Contract,
    ContractState,
    ItemKind,
)
from lots.contracts.partners.places import parts_in
from lots.contracts.partners.queries import own_parts, standings_of
from lots.contracts.permissions import ContractPermission, side_of
from lots.contracts.renewal.permissions import RenewalPermission
from marketplace import clock
from marketplace.acting import ROLES, Acting
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, check, requires
from marketplace.registry import NavigationEntry, navigation, panels
from marketplace.web.acting import actor

blueprint = Blueprint("contracts", "lots", template_folder="templates")


@blueprint.get("/contracts")
@requires(ContractPermission.SEE)
def index() -> str:
    """The contracts and grants of the organisation acted for."""
    page = queries.contracts_of(actor())
    return render_template(
        "lots/contracts/index.html",
        page=page,
        stopped=continuity.stopped_at_once(row[0].id for row in page.items),
        parts=own_parts(actor()),
        paid=queries.paid_contracts(actor()),
        sees_radar=allowed(actor(), RenewalPermission.SEE),
    )


@blueprint.get("/contracts/<uuid:contract_id>")
@requires(ContractPermission.SEE)
def show(contract_id: UUID) -> str:
    """One contract: what was agreed, who signed, what is open, its places and its money."""
    by = actor()
    contract = queries.contract(contract_id, by)
    lot, buyer, provider = queries.parties(contract)
    sees_claims = allowed(by, ContractPermission.SEE_CLAIMS, contract)
    return render_template(
        "lots/contracts/show.html",
        contract=contract,
        lot=lot,
        buyer=buyer,
        provider=provider,
        signatures=queries.signatures(contract),
        items=_items(contract, by),
        standings=standings_of(contract),
        changes=changes_of(contract),
        change_kinds=CHANGE_KINDS,
        claims=claims.claims_of(contract) if sees_claims else [],
        books=claims.books_of(contract) if sees_claims else None,
        sees_claims=sees_claims,
        panels=[panel(contract, by) for panel in panels().get("contract", ())],
        stopped=contract.id in continuity.stopped_at_once([contract.id]),
        today=clock.today(),
        roles=ROLES,
        sides=SIDES,
        pause_reasons=PAUSE_REASONS,
        **_offers(contract, by),
    )


def _items(contract: Contract, by: Acting) -> list[dict[str, Any]]:
    getting_ready = contract.state == ContractState.MOBILISING
    return [
        {
            "kind": item.kind,
            "label": ITEM_KINDS[item.kind],
            "evidence": item.evidence,
            "confirmed_at": item.confirmed_at,
            "by": person.name if person else None,
            "yours": getting_ready
            and item.confirmed_at is None
            and item.kind != ItemKind.PLACES
            and allowed(by, ContractPermission.CONFIRM, item),
        }
        for item, person in queries.mobilisation(contract)
    ]


def _offers(contract: Contract, by: Acting) -> dict[str, Any]:
    """What this person may do on the page now."""
    signed = {signature.side for signature in queries.signatures(contract)}
    manages = allowed(by, ContractPermission.GO_LIVE, contract)
    waits = contract.state == ContractState.MOBILISING and manages
    return {
        "may_sign": contract.state == ContractState.DRAFTED
        and allowed(by, ContractPermission.SIGN, contract)
        and (side := side_of(by, contract)) is not None
        and side not in signed
        and not actions.awaits_offer(contract, side),
        "may_set_places": contract.state in area_places.CHANGE_IN
        and allowed(by, ContractPermission.SET_PLACES, contract),
        "may_change": contract.state in CHANGEABLE
        and allowed(by, ChangePermission.PROPOSE, contract),
        "may_go_live": GO_LIVE in CONTRACT.offers(contract, by),
        "not_live_because": ready_to_go_live(contract) if waits else None,
    }


@blueprint.route("/contracts/<uuid:contract_id>/sign", methods=["GET", "POST"])
@requires(ContractPermission.SIGN)
def sign(contract_id: UUID) -> str | Response:
    """Read the text and sign it."""
    by = actor()
    contract = queries.contract(contract_id, by)
    check(by, ContractPermission.SIGN, contract)
    form = SignForm(by.name, seen=contract.text_hash)
    if form.validate_on_submit():
        with write():
            actions.sign(contract_id, form.name.data or "", form.seen.data or "", by)
        flash(_("You have signed the agreement."), "success")
        return redirect(url_for("contracts.show", contract_id=contract_id), 303)
    side = side_of(by, contract)
    assert side is not None  # the permission has made sure
    actions.signable(contract, side)
    return render_template("lots/contracts/sign.html", contract=contract, form=form)


@blueprint.route("/contracts/<uuid:contract_id>/confirm/<kind>", methods=["GET", "POST"])
@requires(ContractPermission.CONFIRM)
def confirm(contract_id: UUID, kind: str) -> str | Response:
    """Confirm one point of the mobilisation list."""
    contract = queries.contract(contract_id, actor())
    item = queries.mobilisation_item(contract, kind)
    check(actor(), ContractPermission.CONFIRM, item)
    form = ConfirmForm()
    if form.validate_on_submit():
        with write():
            actions.confirm_item(contract_id, item.kind, form.evidence.data or "", actor())
        flash(_("Confirmed."), "success")
        return redirect(url_for("contracts.show", contract_id=contract_id), 303)
    CONTRACT.expect(GO_LIVE, contract)
    if item.confirmed_at is not None:
        raise Refusal(_("This point has already been confirmed."))
    return render_template(
        "lots/contracts/confirm.html",
        contract=contract,
        form=form,
        kind=item.kind,
        label=ITEM_KINDS[item.kind],
    )


@blueprint.post("/contracts/<uuid:contract_id>/go-live")
@requires(ContractPermission.GO_LIVE)
def go_live(contract_id: UUID) -> Response:
    """Open the contract for referrals."""
    queries.contract(contract_id, actor())
    with write():
        actions.go_live(contract_id, actor())
    flash(_("The contract is live. Its services take people now."), "success")
    return redirect(url_for("contracts.show", contract_id=contract_id), 303)


@blueprint.route("/contracts/areas/<uuid:contract_area_id>/places", methods=["GET", "POST"])
@requires(ContractPermission.SET_PLACES)
def places(contract_area_id: UUID) -> str | Response:
    """Set the number of places in one area."""
    area = queries.contract_area(contract_area_id, actor())
    check(actor(), ContractPermission.SET_PLACES, area.contract)
    form = places_form(area, parts_in(contract_area_id))
    if form.validate_on_submit():
        number, of_partners = form.places.data or 0, form.of_partners()
        try:
            with write():
                changed = actions.set_places(contract_area_id, number, actor(), of_partners)
                wanted = changed.wanted_places
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
        else:
            flash(
                _("Saved. The limit falls as people finish; until then nobody new is placed.")
                if wanted is not None
                else _("The places are set."),
                "success",
            )
            return redirect(url_for("contracts.show", contract_id=area.contract_id), 303)
    area_places.still_changes(area)
    return render_template("lots/contracts/places.html", area=area, form=form)


@blueprint.route("/contracts/areas/<uuid:contract_area_id>/pause", methods=["GET", "POST"])
@requires(ContractPermission.SET_PLACES)
def pause(contract_area_id: UUID) -> str | Response:
    """Take nobody new in one area for a while."""
    area = queries.contract_area(contract_area_id, actor())
    check(actor(), ContractPermission.SET_PLACES, area.contract)
    form = PauseForm()
    if form.validate_on_submit():
        with write():
            actions.pause(contract_area_id, form.day(), form.why(), actor())
        flash(_("New referrals are paused. The contract manager has been told."), "success")
        return redirect(url_for("contracts.show", contract_id=area.contract_id), 303)
    area_places.still_changes(area)
    return render_template("lots/contracts/pause.html", area=area, form=form)


@blueprint.post("/contracts/areas/<uuid:contract_area_id>/resume")
@requires(ContractPermission.SET_PLACES)
def resume(contract_area_id: UUID) -> Response:
    """Take people again before the day that was named."""
    area = queries.contract_area(contract_area_id, actor())
    with write():
        area_places.resume(contract_area_id, actor())
    flash(_("You take people again. Whoever was waiting has been placed."), "success")
    return redirect(url_for("contracts.show", contract_id=area.contract_id), 303)


def register(app: Flask) -> None:
    """Put the pages and the link to them into the application."""
    app.register_blueprint(blueprint)
    navigation(app).append(
        NavigationEntry(_l("Contracts"), "contracts.index", ContractPermission.SEE, 40)
    )
