"""What was paid up front follows a signed change of the value, before and after the first day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lots.contracts.changes import actions
from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.claims import advancing, queries
from lots.contracts.claims.models import Claim, ClaimLine, LineKind
from lots.contracts.models import Contract, ContractState
from lots.vocabulary import PaymentProfile, PriceBasis
from marketplace import clock
from marketplace.calendar import months_later
from marketplace.database import db, write
from tests.support.contracts import make_contract
from tests.support.people import sign_in

A_YEAR, MORE = 120_000_00, 150_000_00


def signed(sides, months_ahead, **facts):
    """A contract of a year that is signed, and begins in so many months."""
    first = months_later(clock.today().replace(day=1), months_ahead)
    given = {"term_months": 12, "value_net_pence": A_YEAR, "starts_on": first}
    contract = make_contract(sides.charity, sides.region, **(given | facts))
    with write():
        values = {"state": ContractState.MOBILISING, "signed_at": clock.now()}
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**values))
    return contract


def sign_value(contract, sides, **asked):
    proposal = actions.Proposal(ChangeKind.VALUE, asked, "It is needed.", clock.today())
    with write():
        change_id = actions.propose(contract.id, proposal, sides.contract_manager).id
    for by in (sides.director, sides.trustee):
        with write():
            seen = db.session.get_one(ContractChange, change_id).text_hash
            actions.sign(change_id, by.name, seen, by)


@pytest.mark.parametrize(
    ("basis", "price", "asked"),
    [
        (PriceBasis.IN_ADVANCE, A_YEAR, {"value_pence": MORE}),
        (PriceBasis.MONTHLY_FEE, A_YEAR // 12, {"value_pence": MORE, "price_pence": MORE // 12}),
    ],
)
def test_what_was_paid_up_front_rises_with_the_value_once(
    sides, delivered, client, basis, price, asked
):
    profile = PaymentProfile.UP_FRONT
    contract = signed(sides, 2, price_basis=basis, price=price, payment_profile=profile)
    assert advancing.claim_in_advance(clock.now()) == 1
    sign_value(contract, sides, **asked)
    assert [advancing.claim_in_advance(clock.now()) for _twice in range(2)] == [1, 0]
    whole = db.session.scalar(select(func.sum(ClaimLine.amount_pence)))
    assert whole == MORE
    second = db.session.scalars(select(Claim.id).order_by(Claim.month)).first()
    lines = queries.claim(second, sides.finance).lines
    net = sum(line.amount_pence for line in lines)
    assert net == MORE - A_YEAR
    sign_in(client, sides.people["finance"])
    assert "was paid in advance, and is not due so any more" in client.get(f"/claims/{second}").text


def test_a_lower_value_takes_an_instalment_back_that_was_claimed_before(sides, delivered):
    profile = PaymentProfile.MONTHLY_IN_ADVANCE
    contract = signed(
        sides, 1, price_basis=PriceBasis.IN_ADVANCE, price=A_YEAR, payment_profile=profile
    )
    assert advancing.claim_in_advance(clock.now()) == 1
    sign_value(contract, sides, value_pence=A_YEAR // 2)
    month = timedelta(days=32)
    assert advancing.claim_in_advance(clock.now() + 2 * month) == 1
    lines = db.session.scalars(
        select(ClaimLine).join(Claim).order_by(Claim.month, ClaimLine.position)
    ).all()
    found = [(line.kind, line.amount_pence) for line in lines]
    instalment = LineKind.INSTALMENT
    assert found[0] == (instalment, A_YEAR // 12)
    assert (instalment, -A_YEAR // 12) in found[1:] and (instalment, A_YEAR // 24) in found[1:]
