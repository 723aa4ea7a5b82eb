"""A fee that is paid in advance is claimed as its month begins, and put right afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from lots.contracts.claims import actions, advancing, closing, queries
from lots.contracts.claims.models import Claim, LineKind
from lots.contracts.models import Contract, ContractState
from lots.vocabulary import Paid, PaymentProfile, PriceBasis
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments import queries as ledger
from marketplace.permissions import Refused
from tests.support.claims import (
    live_since_march,
    pay,
    payment_of,
    priced,
    starts,
    stop_at_once,
    take_stop_back,
)
from tests.support.people import sign_in

FEE = 100_000
PROFILE = PaymentProfile.MONTHLY_IN_ADVANCE


def in_advance(sides, profile=PROFILE, **facts):
    given = {"price_basis": PriceBasis.MONTHLY_FEE, "price": FEE, "payment_profile": profile}
    return live_since_march(sides, **(given | facts))


def on(month, day=1):
    return datetime(2027, month, day, 12, tzinfo=UTC)


def run(*moments):
    """Both jobs, at these moments; how many claims each round made."""
    return [
        closing.close_months(now) + advancing.claim_in_advance(now) + closing.close_contracts(now)
        for now in moments
    ]


def claims(sides):
    """(month, in advance, [(kind, month, quantity, unit)]) of each claim, the first first."""
    ids = db.session.scalars(select(Claim.id).order_by(Claim.month, Claim.is_advance.desc())).all()
    found = [queries.claim(each, sides.finance) for each in ids]
    return [
        (
            claim.month.month,
            claim.is_advance,
            [(x.kind, x.month.month, x.quantity, x.unit_pence) for x in claim.lines],
        )
        for claim in found
    ]


def end(contract, moment, state=ContractState.ENDED):
    with write():
        values = {"state": state, "ended_at": moment}
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**values))


def test_a_fee_in_advance_is_claimed_as_each_month_begins_and_never_again(sides, delivered):
    in_advance(sides, term_months=3)
    assert run(on(3, 11), on(3, 12), on(4), on(5), on(6), on(7)) == [1, 0, 1, 1, 0, 0]
    assert claims(sides) == [(n, True, [(LineKind.MONTHLY_FEE, n, 1, FEE)]) for n in (3, 4, 5)]


@pytest.mark.parametrize(
    ("profile", "made"),
    [
        (PaymentProfile.MONTHLY_IN_ARREARS, {4: [3], 5: [4], 6: [5], 7: [6]}),
        (PaymentProfile.QUARTERLY_IN_ADVANCE, {3: [3, 4, 5], 6: [6, 7]}),
        (PaymentProfile.UP_FRONT, {3: [3, 4, 5, 6, 7]}),
    ],
)
def test_a_fee_is_claimed_when_its_lot_says(sides, delivered, profile, made):
    in_advance(sides, profile, term_months=5)
    found = {}
    for month in range(3, 8):
        before = len(claims(sides))
        run(on(month, 11))
        new = claims(sides)[before:]
        if new:
            found[month] = [x[1] for claim in new for x in claim[2]]
    assert found == made


def test_the_first_fee_is_claimed_at_signing_and_counts_for_the_month_that_opens(sides, delivered):
    contract = in_advance(sides)
    with write():
        values = {"state": ContractState.SIGNED, "live_at": None}
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**values))
    assert run(on(2), on(3), on(4)) == [1, 0, 0]
    with write():
        values = {"state": ContractState.LIVE, "live_at": on(5, 3)}
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**values))
    assert run(on(5, 3), on(6)) == [1, 1]
    fee = LineKind.MONTHLY_FEE
    assert claims(sides)[1:] == [
        (5, True, [(fee, 3, -1, FEE), (fee, 5, 1, FEE)]),
        (6, True, [(fee, 6, 1, FEE)]),
    ]


def test_starts_are_claimed_afterwards_where_the_fee_is_paid_in_advance(sides, delivered):
    contract = in_advance(sides)
    priced(contract, (Paid.FEE, FEE, {}), (Paid.START, 5_000, {}))
    delivered[:] = starts(contract.areas[0].id, date(2027, 3, 12), ["AA1"])
    run(on(3, 11), on(4))
    assert claims(sides) == [
        (3, True, [(LineKind.MONTHLY_FEE, 3, 1, FEE)]),
        (3, False, [(LineKind.START, 3, 1, 5_000)]),
        (4, True, [(LineKind.MONTHLY_FEE, 4, 1, FEE)]),
    ]


def test_fees_paid_before_an_emergency_stop_are_taken_back_by_the_next_claim(
    sides, delivered, client
):
    contract = in_advance(sides, PaymentProfile.QUARTERLY_IN_ADVANCE)
    run(on(3, 11))
    act_id = stop_at_once(contract, sides.director, on(3, 20))
    run(on(6))
    fee, carried = LineKind.MONTHLY_FEE, LineKind.CARRIED
    back = [(fee, 4, -1, FEE), (fee, 5, -1, FEE)]
    nothing = [(fee, n, 0, FEE) for n in (6, 7, 8)]
    assert claims(sides)[1] == (6, True, [*back, *nothing, (carried, 7, 1, 2 * FEE)])
    sign_in(client, sides.people["finance"])
    claim_id = db.session.scalar(select(Claim.id).where(Claim.month == date(2027, 6, 1)))
    page = client.get(f"/claims/{claim_id}").text
    assert "no fee is due" in page and "the record was corrected" not in page
    take_stop_back(act_id, on(7, 5))
    run(on(9))
    kept = [line for line in claims(sides)[2][2] if line[0] == fee]
    assert kept == [(fee, n, 1, FEE) for n in (7, 8, 9, 10, 11)]


def test_what_was_paid_beyond_the_end_is_owed_back_and_recorded_when_it_came(
    sides, delivered, client, again
):
    contract = in_advance(sides, PaymentProfile.QUARTERLY_IN_ADVANCE, vat_percent=20)
    run(on(3, 11))
    first = db.session.scalar(select(Claim.id))
    with write():
        actions.approve(first, sides.contract_manager)
    pay(payment_of(first), sides.contract_manager)
    end(contract, on(3, 25))
    assert run(on(6, 30), on(7), on(7, 2)) == [0, 1, 0]
    fee = LineKind.MONTHLY_FEE
    back = [(fee, 4, -1, FEE), (fee, 5, -1, FEE)]
    assert claims(sides)[1:] == [(4, False, [*back, (LineKind.CARRIED, 5, 1, 2 * FEE)])]
    closing_id = db.session.scalar(select(Claim.id).where(~Claim.is_advance))
    with pytest.raises(Refusal), write():  # it is not approved yet
        actions.record_given_back(closing_id, sides.contract_manager)
    with write():
        actions.approve(closing_id, sides.contract_manager)
    sign_in(client, sides.people["finance"])
    page = client.get(f"/claims/{closing_id}").text
    assert "Closing claim" in page and "The provider owes £2,400" in page
    assert "The provider owes, net" in client.get(f"/contracts/{contract.id}").text
    with pytest.raises(Refused), write():
        actions.record_given_back(closing_id, sides.finance)
    sign_in(client, sides.people["contract_manager"])
    told = client.submit(f"/claims/{closing_id}", "It has been paid back")
    assert "nothing is owed any more" in told.page.text
    assert ledger.balance(contract.cost_account_id) == FEE
    assert ledger.balance(contract.paid_account_id) == -FEE * 12 // 10
    with pytest.raises(AlreadyChanged), write():
        actions.record_given_back(closing_id, sides.contract_manager)
    assert "The provider owes, net" not in client.get(f"/contracts/{contract.id}").text


def test_what_is_recorded_late_after_the_end_comes_into_the_closing_claim(sides, delivered):
    contract = live_since_march(sides, price=10_000)
    area = contract.areas[0].id
    delivered[:] = starts(area, date(2027, 3, 12), ["AA1", "BB2"])
    end(contract, on(3, 25))
    assert run(on(4)) == [1]
    delivered[:] = starts(area, date(2027, 3, 13), ["BB2", "CC3", "DD4"])
    assert run(on(5), on(7), on(8), on(9)) == [0, 1, 0, 0]
    month, _early, lines = claims(sides)[1]
    assert (month, sum(x[2] * x[3] for x in lines)) == (4, 10_000)


def test_an_end_that_leaves_nothing_open_makes_no_claim(sides, delivered, again):
    contract = live_since_march(sides)
    end(contract, on(3, 25))
    assert run(on(4), on(7), on(8)) == [1, 1, 0]
    assert len(claims(sides)) == 1
    assert again(Contract, contract.id).settled_at


def test_a_contract_that_never_opened_gives_back_its_first_fee_and_earns_no_minimum(
    sides, delivered
):
    contract = in_advance(sides, term_months=12)
    with write():
        values = {"state": ContractState.SIGNED, "live_at": None, "guaranteed_pence": 6 * FEE}
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**values))
    run(on(3))
    end(contract, on(8, 20), ContractState.ENDED)
    assert run(on(12)) == [1]
    kinds = [(kind, quantity) for kind, _month, quantity, _unit in claims(sides)[1][2]]
    assert kinds == [(LineKind.MONTHLY_FEE, -1), (LineKind.CARRIED, 1)]
