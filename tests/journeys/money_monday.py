"""A contract manager's Monday: twelve claims of the month before, one of them above the limit."""

from __future__ import annotations

from sqlalchemy import select

from lots.contracts.claims.models import Claim, ClaimState
from marketplace.acting import Role
from marketplace.database import db
from marketplace.payments.paying.models import PaymentState
from marketplace.payments.queries import balance
from tests.journeys.deciding_scene import pass_to
from tests.journeys.money_early import make_a_file, record_the_file
from tests.journeys.money_scene import FEES, HARBOUR, LEAD, MONDAY, SHARED_FEE, Money

ALL = sum(FEES) + SHARED_FEE


def approve_twelve(scene: Money) -> None:
    """They are there by themselves; four clicks approve what one person may approve."""
    pass_to(scene, MONDAY)
    visitor = scene.as_("region", Role.CONTRACT_MANAGER)
    visitor.follow("Check and approve 12 claims")
    visitor.follow("Tick all of this page")
    visitor.press("Go on with the ticked claims")
    visitor.sees(f"£{ALL:,}", "1 of them is above £10,000")
    assert visitor.page.h1 == f"Approve 12 claims: £{ALL:,}"
    visitor.press("Approve them")
    visitor.sees("11 claims are approved.", "1 claim is above your limit and waits")
    assert [each.pence for each in scene.payments(HARBOUR)] == [fee * 100 for fee in FEES]
    assert scene.payments(LEAD) == []


def approve_the_twelfth(scene: Money) -> None:
    """The director reads the one above the limit line by line, and approves it."""
    visitor = scene.as_("region", Role.DIRECTOR)
    reference = scene.contract(scene.shared).reference
    visitor.follow(f"Approve as the second person: the claim for December 2034 under {reference}")
    visitor.sees(f"£{SHARED_FEE:,}")
    visitor.follow("Approve")
    visitor.press("Approve the claim")
    visitor.sees("The claim is approved. Whoever makes your organisation’s payments sees it now.")


def pay_them_all(scene: Money) -> None:
    """One file for the bank pays the twelve; every claim is paid, and nothing is owed any more."""
    visitor = scene.as_("region", Role.CONTRACT_MANAGER)
    visitor.follow("Pay 12 payments from your bank, the first by 15 January 2035")
    make_a_file(visitor)
    visitor.sees(f"£{ALL:,}")
    record_the_file(visitor, "BACS 0002")
    visitor.sees(f"12 payments are recorded as paid: £{ALL:,}.")
    states = {each.state for name in (HARBOUR, LEAD) for each in scene.payments(name)}
    assert states == {PaymentState.PAID}
    assert set(db.session.scalars(select(Claim.state))) == {ClaimState.PAID}
    cost, payable, paid = scene.contract(scene.shared).accounts
    assert (balance(cost), balance(payable), balance(paid)) == (
        SHARED_FEE * 100,
        0,
        -SHARED_FEE * 100,
    )
    assert "paid" in scene.mails(HARBOUR, Role.FINANCE)


STEPS = (approve_twelve, approve_the_twelfth, pay_them_all)
