"""A small charity from its award to the first money, which comes before any work is done."""

from __future__ import annotations

from datetime import date

from lots.contracts.grants.models import InstalmentState
from lots.contracts.grants.queries import instalments_of
from marketplace import clock
from marketplace.acting import Role
from marketplace.payments.paying.models import PaymentState
from marketplace.payments.queries import balance
from tests.journeys.money_scene import GARDEN, GRANT_MONTHLY, Money
from tests.journeys.thread import typed
from tests.journeys.visitors import Visitor

# The first quarter, on acceptance; five working days later at the latest.
FIRST = GRANT_MONTHLY * 3
DUE = date(2035, 1, 11)


def offer_and_accept(scene: Money) -> None:
    """The buyer offers, a trustee accepts; the first quarter is owed from that day."""
    reference = scene.contract(scene.grant).reference
    for name, role in (("region", Role.DIRECTOR), (GARDEN, Role.TRUSTEE)):
        visitor = scene.as_(name, role)
        visitor.follow(f"Sign {reference}")
        visitor.press("Sign", name=scene.people[name, role].name, authority=True)
        visitor.sees("You have signed the agreement.")
    visitor.follow("Payments")
    visitor.sees(f"£{FIRST:,}", "11 January 2035")


def say_where_to_pay(scene: Money) -> None:
    """The charity is asked for its bank details, and what it types by mistake is said plainly."""
    visitor = scene.as_(GARDEN, Role.FINANCE)
    visitor.follow("Say where you are paid: money waits for you")
    visitor.go("/payments/bank-details/change")
    typed_in = {"account_name": "Garden Gate", "account_number": "00733445"}
    visitor.press("Save", typed_in, sort_code="30-94")
    visitor.sees("Enter a valid sort code like 30-94-30")
    visitor.press("Save", typed_in, sort_code="30 94 30")
    visitor.sees("Saved. Everybody who looks after your money has been told.")
    assert "bank_details" in scene.mails(GARDEN, Role.TRUSTEE)


def pay_from_the_bank(scene: Money) -> None:
    """The buyer makes a file for its bank, and records what the bank has paid."""
    visitor = scene.as_("region", Role.CONTRACT_MANAGER)
    visitor.follow("Pay 1 payment from your bank by 11 January 2035")
    visitor.sees(f"£{FIRST:,} to {GARDEN}")
    make_a_file(visitor)
    assert b"Garden Gate" in visitor.download("Save the file (CSV)")
    record_the_file(visitor, "BACS 0001")
    visitor.sees(f"1 payment is recorded as paid: £{FIRST:,}.")


def make_a_file(visitor: Visitor) -> None:
    """Everything that can be paid from the bank goes into one file."""
    visitor.press("Make the file")
    visitor.sees("The file is ready.")


def record_the_file(visitor: Visitor, reference: str) -> None:
    """The bank has paid everything of the file that is open, today."""
    visitor.follow("Record what the bank has paid")
    today = typed("paid_on", clock.today())
    visitor.press("Record as paid", today, bank_reference=reference)


def the_money_has_come(scene: Money) -> None:
    """The charity reads it on its page and in its mail; the ledger holds the same."""
    visitor = scene.as_(GARDEN, Role.FINANCE)
    visitor.follow("Payments")
    visitor.follow("What was paid")
    visitor.sees(f"£{FIRST:,}", "4 January 2035")
    assert "paid" in scene.mails(GARDEN, Role.FINANCE)
    (payment,) = scene.payments(GARDEN)
    assert (payment.state, payment.pence) == (PaymentState.PAID, FIRST * 100)
    assert (payment.due_on, payment.paid_on) == (DUE, clock.today())
    grant = scene.contract(scene.grant)
    assert grant.live_at is None, "in advance: before the work begins"
    first, *later = instalments_of(grant)
    assert first.state == InstalmentState.PAID
    assert {each.state for each in later} == {InstalmentState.PLANNED}
    assert balance(grant.paid_account_id) == -FIRST * 100
    assert balance(grant.accounts[1]) == 0


STEPS = (offer_and_accept, say_where_to_pay, pay_from_the_bank, the_money_has_come)
