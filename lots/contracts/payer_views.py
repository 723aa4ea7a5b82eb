"""What an organisation that pays a share of somebody else's contract sees of it; nothing to do."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, render_template

from lots.contracts import queries
from lots.contracts.changes.models import CHANGE_KINDS
from lots.contracts.changes.permissions import ChangePermission, party_of
from lots.contracts.changes.queries import changes_of
from lots.contracts.changes.terms import shares_of
from lots.contracts.continuity import queries as continuity
from lots.contracts.continuity.models import ACT_KINDS
from lots.contracts.delivery import queries as delivery
from lots.contracts.delivery.vocabulary import INDICATORS
from lots.contracts.partners.queries import standings_of
from lots.contracts.permissions import ContractPermission
from marketplace import clock
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor

blueprint = Blueprint("paid_contracts", "lots", template_folder="templates")


@blueprint.get("/contracts/<uuid:contract_id>/as-payer")
@requires(ContractPermission.SEE_AS_PAYER)
def show(contract_id: UUID) -> str:
    """One contract for whoever pays a share: its months, places, changes, partners and notices."""
    by = actor()
    contract = queries.paid_contract(contract_id, by)
    lot, buyer, provider = queries.parties(contract)
    acts = continuity.acts_of(contract)
    changes = changes_of(contract)
    return render_template(
        "lots/contracts/payer.html",
        contract=contract,
        lot=lot,
        buyer=buyer,
        provider=provider,
        own_id=by.organisation_id,
        share_pence=shares_of(contract).get(by.organisation_id, 0),
        months=delivery.months_of(contract) if contract.live_at else [],
        indicators=INDICATORS,
        standings=standings_of(contract),
        changes=changes,
        read={each.id for each in changes if allowed(by, ChangePermission.SEE, each)},
        unsigned={
            each.id for each in changes if (party := party_of(by, each)) and party.signed_at is None
        },
        change_kinds=CHANGE_KINDS,
        acts=acts,
        act_kinds=ACT_KINDS,
        counts=continuity.counts_of(acts),
        stopped=contract.id in continuity.stopped_at_once([contract.id]),
        today=clock.today(),
    )


def register(app: Flask) -> None:
    """Serve the page."""
    app.register_blueprint(blueprint)
