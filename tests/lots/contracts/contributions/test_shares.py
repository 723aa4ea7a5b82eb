"""Every penny that funders owe comes onto one invoice, once, and follows what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from lots.contracts.books.models import ContractFunding, Contribution, ContributionState
from lots.contracts.books.owing import owe
from lots.contracts.contributions import actions, gathering
from lots.contracts.models import Contract
from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments.actions import Cause
from marketplace.payments.invoicing import recording, sending
from marketplace.payments.invoicing.models import Invoice, InvoiceLine, InvoiceState
from marketplace.payments.queries import balance
from marketplace.permissions import Refused
from tests.support.people import sign_in, written
from tests.support.seeds import repetitions

State = ContributionState


def owed(contract_id, net: int, days_ago: int = 40, vat: int = 0) -> None:
    """Something became owed under the contract, so many days ago."""
    cause = Cause("claim:approved", uuid4())
    with written():
        contract = db.session.get_one(Contract, contract_id)
        about = f"{contract.reference}, October 2026"
        today = clock.today()
        owe(contract, cause, net=net, vat=vat, owed_from=today, about=about, by=None)
        db.session.execute(
            update(Contribution)
            .where(Contribution.cause_id == cause.id)
            .values(due_at=clock.now() - timedelta(days=days_ago))
        )


def gather() -> int:
    """One round of both jobs."""
    written_ones = gathering.gather_due(clock.now())
    sending.send_due(clock.now())
    return written_ones


def invoice_to(funder) -> Invoice:
    """The newest invoice to this funder."""
    found = select(Invoice).where(Invoice.funder_id == funder.id).order_by(Invoice.made_at.desc())
    again = found.execution_options(populate_existing=True).limit(1)
    return db.session.scalars(again).one()


def sums(contract_id, funder) -> dict[State, int]:
    """Pence of a funder's parts by their state."""
    found = (
        select(Contribution.state, func.sum(Contribution.pence))
        .join(Contribution.funding)
        .where(
            ContractFunding.contract_id == contract_id,
            ContractFunding.organisation_id == funder.id,
        )
        .group_by(Contribution.state)
    )
    return {state: int(pence) for state, pence in db.session.execute(found)}


def books(contract_id, funder) -> tuple[int, int, int]:
    """What the ledger says is due, received and taken back."""
    funding = db.session.scalars(
        select(ContractFunding).where(
            ContractFunding.contract_id == contract_id,
            ContractFunding.organisation_id == funder.id,
        )
    ).one()
    accounts = (funding.due_account_id, funding.received_account_id, funding.disputed_account_id)
    due, received, disputed = (balance(each) for each in accounts)
    return due, received, disputed


def test_one_invoice_a_month_for_each_funder_with_its_order_number(shared, sides):
    funding = db.session.scalars(
        select(ContractFunding).where(ContractFunding.organisation_id == shared.pcc.id)
    ).one()
    with write():
        actions.set_purchase_order(funding.id, "PO-77", shared.pcc_lead)
    owed(shared.id, 1_000_01)
    owed(shared.id, 500_00)
    assert gather() == 2 and gather() == 0
    invoice = invoice_to(shared.pcc)
    lines = db.session.scalars(
        select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)
    ).all()
    assert len(lines) == 2 and sum(line.pence for line in lines) == invoice.pence
    assert {line.text for line in lines} == {f"{shared.reference}, October 2026"}
    assert invoice.purchase_order == "PO-77" and invoice.state == InvoiceState.SENT
    assert invoice_to(shared.fund).purchase_order == ""
    own = select(func.count()).where(Invoice.funder_id == sides.region.id)
    assert db.session.scalar(own) == 0


def test_an_invoice_that_cannot_be_written_holds_up_no_other(shared, sides, monkeypatch):
    owed(shared.id, 1_000_01)
    funders = [shared.pcc.id, shared.fund.id]
    make = gathering.invoicing.make

    def makes(buyer_id, funder_id, *rest, **facts):
        if funder_id == min(funders):
            raise KeyError("one odd row")
        return make(buyer_id, funder_id, *rest, **facts)

    with monkeypatch.context() as broken:
        broken.setattr(gathering.invoicing, "make", makes)
        assert gathering.gather_due(clock.now()) == 1
    assert gathering.gather_due(clock.now()) == 1
    assert set(db.session.scalars(select(Invoice.funder_id))) == set(funders)


def test_what_falls_due_after_the_day_waits_for_the_next_or_for_somebody(shared, sides):
    owed(shared.id, 1_000_00, days_ago=0)
    with written():
        db.session.execute(
            update(Contribution).values(
                due_at=calendar.start_of(gathering.last_day(clock.today())) + timedelta(hours=1)
            )
        )
    assert gather() == 0
    with write():
        (made,) = actions.ask_now(shared.pcc.id, sides.contract_manager)
    assert made.pence == 300_00
    with pytest.raises(AlreadyChanged), write():
        actions.ask_now(shared.pcc.id, sides.contract_manager)
    with pytest.raises(Refused), write():
        actions.ask_now(shared.pcc.id, sides.finance)


def test_received_taken_back_and_asked_again_in_the_ledger(shared, sides):
    owed(shared.id, 1_000_00)
    gather()
    invoice = invoice_to(shared.pcc)
    assert books(shared.id, shared.pcc) == (300_00, 0, 0)
    recording.paid_outside(invoice.id, clock.today(), "BACS", sides.contract_manager)
    assert books(shared.id, shared.pcc) == (0, 300_00, 0)
    with write():
        recording.never_came(invoice.id, sides.contract_manager)
    assert books(shared.id, shared.pcc) == (0, 0, 300_00)
    with write():
        assert actions.ask_again(invoice.id, sides.contract_manager) == 1
    with pytest.raises(AlreadyChanged), write():
        actions.ask_again(invoice.id, sides.contract_manager)
    assert books(shared.id, shared.pcc) == (300_00, 0, 0)
    assert sums(shared.id, shared.pcc) == {State.ASKED_AGAIN: 300_00, State.DUE: 300_00}
    with write():
        (again,) = actions.ask_now(shared.pcc.id, sides.contract_manager)
    assert again.pence == 300_00 and again.id != invoice.id


def test_a_line_shows_the_whole_that_was_approved_its_part_and_the_vat(client, shared, sides):
    owed(shared.id, 1_000_00, vat=200_00)
    owed(shared.id, 33)
    gather()
    invoice = invoice_to(shared.pcc)
    lines = [(each.pence, each.whole_pence, each.vat_pence) for each in invoice.lines]
    assert sorted(lines) == [(10, 33, 0), (360_00, 1_200_00, 60_00)]
    sign_in(client, shared.people["pcc"], shared.pcc)
    page = client.show(f"/invoices/{invoice.id}").text
    assert "30% of the £1,200 that was approved" in page
    assert "£300" in page and "£60" in page and "£360" in page


def test_the_funders_front_page_says_what_its_bank_took_back(client, shared, sides):
    owed(shared.id, 1_000_00)
    gather()
    invoice = invoice_to(shared.pcc)
    recording.paid_outside(invoice.id, clock.today(), "BACS", sides.contract_manager)
    with write():
        recording.never_came(invoice.id, sides.contract_manager)
    told = f"took back the money for invoice {invoice.reference}"
    sign_in(client, shared.people["pcc"], shared.pcc)
    assert told in client.show("/").text
    page = client.show(f"/invoices/{invoice.id}").text
    assert "this is still owed" in page and "Speak to the funder" not in page
    with write():
        actions.ask_again(invoice.id, sides.contract_manager)
    assert told not in client.show("/").text


def test_withdrawn_it_is_due_again(shared, sides):
    owed(shared.id, 1_000_00)
    gather()
    recording.withdraw(invoice_to(shared.pcc).id, sides.contract_manager)
    assert sums(shared.id, shared.pcc) == {State.DUE: 300_00}
    assert gather() == 1
    assert sums(shared.id, shared.pcc) == {State.INVOICED: 300_00}


@settings(max_examples=repetitions(5, 40))
@given(
    amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=5),
    paid=st.lists(st.booleans(), min_size=2, max_size=2),
)
def test_no_penny_is_lost_or_asked_for_twice(app, shared, sides, amounts, paid):
    before = {funder.id: sum(books(shared.id, funder)) for funder in (shared.pcc, shared.fund)}
    for amount in amounts:
        owed(shared.id, amount)
    gather()
    gather()
    for funder, is_paid in zip((shared.pcc, shared.fund), paid, strict=True):
        states = sums(shared.id, funder)
        assert State.DUE not in states
        asked = select(func.sum(Invoice.pence)).where(Invoice.funder_id == funder.id)
        asked_pence = int(db.session.scalar(asked.where(Invoice.state != InvoiceState.VOID)) or 0)
        assert asked_pence == sum(states.values()) == sum(books(shared.id, funder))
        assert sum(books(shared.id, funder)) >= before[funder.id]
        open_ones = select(Invoice).where(
            Invoice.funder_id == funder.id, Invoice.state == InvoiceState.SENT
        )
        for invoice in db.session.scalars(open_ones).all() if is_paid else ():
            recording.paid_outside(invoice.id, clock.today(), "BACS", sides.contract_manager)
        if is_paid:
            assert books(shared.id, funder) == (0, asked_pence, 0)


def test_what_the_funder_sees_and_enters(client, shared, sides):
    owed(shared.id, 1_000_00)
    gather()
    sign_in(client, shared.people["pcc"], shared.pcc)
    page = client.show("/contributions")
    assert shared.reference in page.text and "£300" in page.text
    funding = db.session.scalars(
        select(ContractFunding).where(ContractFunding.organisation_id == shared.pcc.id)
    ).one()
    address = f"/contributions/{funding.id}/purchase-order"
    page = client.submit(address, "Save", {"purchase_order": "x" * 61}).page
    assert "60 characters" in page.text
    page = client.submit(address, "Save", {"purchase_order": "Cŵn’s 7/<i>"}).page
    assert "Cŵn’s 7/<i>" in page.text
    sign_in(client, shared.people["fund"], shared.fund)
    client.show(address, status=404)
    assert "£300" not in client.show("/contributions").text
    assert client.show("/contributions/owed").text.count(shared.reference) == 0


def test_what_the_buyer_sees_and_asks(client, shared, sides):
    owed(shared.id, 1_000_00)

    sign_in(client, sides.people["contract_manager"], sides.region)
    page = client.show("/contributions/owed")
    assert "Kent PCC" in page.text and "£300" in page.text
    page = client.submit("/contributions/owed", "Invoice now Kent PCC").page
    assert "£300 to be paid by Kent PCC" in page.text
    assert "Our shares" not in client.show("/payments").text


def test_the_day_of_gathering():
    for day, last in (("2026-11-20", "2026-11-20"), ("2026-11-19", "2026-10-20")):
        asked = datetime.fromisoformat(day).date()
        assert gathering.last_day(asked).isoformat() == last
