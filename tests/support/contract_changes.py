"""A contract with a partner, a payment to answer and a change to sign, for the reviewed table."""

from __future__ import annotations

from typing import Any

from lots.contracts.changes import actions
from lots.contracts.changes.models import ChangeKind
from lots.contracts.models import Contract
from lots.contracts.partners import actions as partners
from lots.contracts.partners.drawing import PartnerShare, add_partners
from marketplace import clock
from marketplace.database import db, write
from tests.support.contracts import make_live_contract


def add_to(world: Any) -> None:
    """Ours leads, Lantern House is its partner; the provider has proposed a change."""
    provider, region = world.people["trustee"][1], world.people["director"][1]
    partner = world.people["other trustee"][1]
    plain = make_live_contract(provider, buyer=region, service_code="ete")
    world.things["contract to change"] = {"contract_id": plain.id, "kind": "scope"}
    led = make_live_contract(provider, buyer=region, service_code="ete")
    with write():
        contract = db.session.get_one(Contract, led.id)
        share = PartnerShare(partner.id, "Finds homes.", ("K:kent",), 1_000_00)
        held = add_partners(contract, [share])[0]
        partner_id = held.id
    with write():
        month = partners.months_to_state(contract, held)[0]
        paid = partners.state_payment(partner_id, month, 100_00, world.by("finance"))
        payment_id = paid.id
    with write():
        asked = {"before": "", "scope": "Evenings too."}
        proposal = actions.Proposal(ChangeKind.SCOPE, asked, "People asked.", clock.today())
        change = actions.propose(led.id, proposal, world.by("service manager"))
        change_id = change.id
    world.things["change to sign"] = {"change_id": change_id, "ending": "txt"}
    world.things["led contract"] = {
        "contract_id": led.id,
        "partner_id": partner_id,
        "payment_id": payment_id,
        "ending": "docx",
    }
