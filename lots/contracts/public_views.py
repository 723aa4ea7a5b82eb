"""What everybody sees of contracts and grants, without an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, render_template
from markupsafe import Markup

from lots.contracts import queries
from lots.contracts.changes.models import CHANGE_KINDS
from lots.contracts.changes.queries import names_of_payers, published_of
from lots.contracts.changes.writing import names_in, rows_of
from lots.contracts.continuity import queries as continuity
from lots.contracts.models import VALUE_KINDS
from lots.contracts.partners.queries import standings_of
from lots.models import Lot
from lots.vocabulary import LotState, Source
from marketplace import clock
from marketplace.acting import Acting
from marketplace.permissions import public
from marketplace.registry import panels

blueprint = Blueprint("published_contracts", __name__, url_prefix="/published-contracts")


@blueprint.get("")
@public
def index() -> str:
    """Every signed contract and grant, own and loaded from the published awards."""
    return render_template("lots/contracts/published/index.html", page=queries.published())


@blueprint.get("/<uuid:contract_id>")
@public
def show(contract_id: UUID) -> str:
    """One contract: who, what, where, for how much, its partners and changes."""
    contract = queries.published_contract(contract_id)
    lot, buyer, provider = queries.parties(contract)
    changes = list(published_of(contract))
    known = names_in(changes)
    own = contract.source == Source.OWN
    return render_template(
        "lots/contracts/published/show.html",
        contract=contract,
        lot=lot,
        buyer=buyer,
        provider=provider,
        own=own,
        payers=names_of_payers(contract) if own else [],
        standings=standings_of(contract) if own else [],
        changes=[(each, rows_of(each, known)) for each in changes],
        change_kinds=CHANGE_KINDS,
        value_kind=VALUE_KINDS[contract.value_kind],
        notices=continuity.leavings_of(contract) if own else {},
        stopped=contract.id in continuity.stopped_at_once([contract.id]),
        today=clock.today(),
        panels=[panel(contract) for panel in panels().get("contract_public", ())],
    )


def _on_lot(lot: Lot, by: Acting | None) -> Any:
    """The public page of an awarded lot leads to its contract."""
    if lot.state != LotState.AWARDED:
        return ""
    contracts = queries.published_of_lot(lot.id)
    if not contracts:
        return ""
    return Markup(render_template("lots/contracts/published/_of_lot.html", contracts=contracts))


def register(app: Flask) -> None:
    """Serve the public pages and lead to them from the lots'."""
    app.register_blueprint(blueprint)
    panels(app).setdefault("opportunity", []).append(_on_lot)
