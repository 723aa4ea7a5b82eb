"""What people do about shares: enter a purchase-order number, ask now, and ask again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.books import contributions
from lots.contracts.books.models import ContractFunding, Contribution, ContributionState
from lots.contracts.contributions import gathering
from lots.contracts.contributions.permissions import SharePermission
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments.invoicing import actions as invoicing
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.permissions import check


def set_purchase_order(funding_id: UUID, number: str, by: Acting) -> ContractFunding:
    """Say under which number the organisation acted for is to be asked; empty where it needs none.

    It stands on every invoice that is written from now on. Raises Refused.
    """
    funding = db.session.get_one(
        ContractFunding,
        funding_id,
        with_for_update={"of": ContractFunding},
        populate_existing=True,
    )
    check(by, SharePermission.SET_ORDER, funding)
    funding.purchase_order = number
    audit.record("contract_funding:order_set", subject=funding, by=by, fields=["purchase_order"])
    return funding


def ask_now(funder_id: UUID, by: Acting) -> Sequence[Invoice]:
    """Write an invoice over all that a funder owes now, without waiting for the day.

    Raises Refused, and AlreadyChanged where nothing is left to ask for.
    """
    check(by, SharePermission.ASK)
    # A moment ahead, so that what fell due just now is part of it.
    before = clock.now() + timedelta(seconds=1)
    pairs = gathering.pairs_of(by.organisation_id, funder_id)
    made = [gathering.gather(pair, before, by) for pair in pairs]
    if not any(made):
        raise AlreadyChanged(
            _("There is nothing left to ask for: it stands on an invoice already.")
        )
    return [each for each in made if each is not None]


def ask_again(invoice_id: UUID, by: Acting) -> int:
    """Have what was taken back be due again, for the next invoice; returns how many parts.

    Raises Refused, and AlreadyChanged where that has been done or the money is not gone.
    """
    invoice = invoicing.locked(invoice_id)
    check(by, InvoicePermission.COLLECT, invoice)
    parts = parts_of(invoice, ContributionState.DISPUTED)
    if invoice.state != InvoiceState.LOST or not parts:
        raise AlreadyChanged(_("This is asked for again already. Nothing was done a second time."))
    for part in parts:
        contributions.ask_again(part, by)
    return len(parts)


def parts_of(invoice: Invoice, state: ContributionState) -> Sequence[Contribution]:
    """The parts in this state that an invoice asks for, locked."""
    found = (
        select(Contribution)
        .where(Contribution.invoice_id == invoice.id, Contribution.state == state)
        .order_by(Contribution.id)
    )
    again = found.with_for_update(of=Contribution).execution_options(populate_existing=True)
    return db.session.scalars(again).all()
