"""Invoices from a buyer to a funder, with and without the stand-in of Stripe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from lots.contracts.books.models import ContractFunding
from marketplace import clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.payments.actions import Cause
from marketplace.payments.invoicing import actions, recording, sending
from marketplace.payments.invoicing.actions import Line
from marketplace.payments.invoicing.lifecycle import INVOICE, SEND
from marketplace.payments.invoicing.models import Invoice, NotSent
from marketplace.payments.paying.models import Rail
from tests.support.people import acting_as, make_organisation, make_person, written


@dataclass
class Funded:
    """A buyer, a PCC that pays with it, and who collects and pays for them."""

    buyer: Organisation
    funder: Organisation
    manager: Acting
    lead: Acting

    def invoice(self, *pence: int, order: str = "", **facts: Any) -> Invoice:
        """An invoice over these parts, not sent."""
        lines = [
            Line(Cause("contribution", uuid4()), f"CON-KD4729, part {number}", part, order)
            for number, part in enumerate(pence or (125_00,), start=1)
        ]
        with written():
            return actions.make(
                self.buyer.id,
                self.funder.id,
                lines,
                **({"is_demonstration": False, "by": None} | facts),
            )


def make_funded(buyer: Organisation, manager: Acting) -> Funded:
    """A PCC with an office address pays with this buyer."""
    funder = make_organisation(
        OrganisationKind.PCC, name="Kent PCC", area_code="kent", contact_email="office@pcc.example"
    )
    lead = acting_as(make_person(Role.COMMISSIONER_LEAD, funder), funder)
    return Funded(buyer, funder, manager, lead)


def again(invoice: Invoice) -> Invoice:
    """As it is stored now."""
    return db.session.get_one(Invoice, invoice.id, populate_existing=True)


def time_passes() -> None:
    """Whatever invoices wait for is over."""
    with written():
        db.session.execute(
            update(Invoice)
            .where(Invoice.try_at.is_not(None))
            .values(try_at=clock.technical_now() - timedelta(seconds=1))
        )


def add_to(world: Any) -> None:
    """The region asks the PCC: an invoice to be paid, one held, one recorded as paid; a share.

    After the books, whose contract the PCC pays a share of.
    """
    region, pcc = world.people["director"][1], world.people["pcc commissioner lead"][1]
    manager = world.by("contract manager")
    funded = Funded(region, pcc, manager, world.by("pcc commissioner lead"))
    for name in ("invoice to pay", "invoice paid"):
        invoice = funded.invoice()
        with written():
            # The region may have an account at Stripe; nobody is asked over the network here.
            again(invoice).by_hand = True
        sending.send(invoice.id)
        if name == "invoice paid":
            recording.paid_outside(invoice.id, clock.today(), "BACS 1", manager)
        world.things[name] = _named(invoice.id, pcc.id)
    world.things["invoice held"] = _named(_held(funded), pcc.id)
    share = select(ContractFunding.id).where(
        ContractFunding.contract_id == world.things["contract in the books"]["contract_id"],
        ContractFunding.organisation_id == pcc.id,
    )
    world.things["share of the PCC"] = {
        "funding_id": db.session.scalars(share).one(),
        "funder_id": pcc.id,
    }


def _named(invoice_id: UUID, funder_id: UUID) -> dict[str, Any]:
    return {"invoice_id": invoice_id, "funder_id": funder_id}


def _held(funded: Funded) -> UUID:
    """One that Stripe has refused, as it is stored."""
    invoice = funded.invoice()
    with written():
        held = actions.locked(invoice.id)
        facts = {"rail": Rail.STRIPE, "idempotency_key": uuid4().hex}
        INVOICE.take(SEND, held, None, facts=facts)
        actions.held(held, NotSent.REFUSED)
    return invoice.id
