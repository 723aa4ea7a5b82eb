"""The month's claim: computed from delivery, once, approved once, posted once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lots.contracts.claims import actions, advancing, closing, computing, queries
from lots.contracts.claims.models import Claim, ClaimLine, ClaimState, LineKind
from lots.contracts.models import Contract, ContractState
from lots.contracts.pricing.list import prices_in
from lots.vocabulary import PriceBasis
from marketplace import clock
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.outbox.models import OutboxMessage
from marketplace.payments import queries as ledger
from marketplace.payments.paying import outside
from marketplace.payments.paying.models import Payment, ReturnReason
from marketplace.permissions import NotYours, Refused
from marketplace.registry import measures
from tests.support.claims import (
    live_since_march,
    pay,
    payment_of,
    starts,
    stop_at_once,
    take_stop_back,
)
from tests.support.contracts import make_live_contract
from tests.support.people import sign_in
from tests.support.statements import statements_sent

MARCH = date(2027, 3, 1)
BEGUN = date(2027, 3, 12)
IN_APRIL = datetime(2027, 4, 1, 0, 5, tzinfo=UTC)


def compute(contract, month=MARCH):
    with write():
        claim = computing.compute(contract.id, month)
        return claim.id if claim else None


def months():
    return list(db.session.scalars(select(Claim.month).order_by(Claim.month)))


def test_starts_are_paid_line_by_line_with_their_references(sides, delivered):
    contract = live_since_march(sides, area_codes=("kent", "sussex"), price=30_050)
    kent, sussex = (area.id for area in contract.areas)
    delivered += starts(kent, BEGUN, ["KT4729AC", "AA1234AC"]) + starts(sussex, BEGUN, ["HR2347AC"])
    claim = queries.claim(compute(contract), sides.finance)
    assert [(x.contract_area_id, x.quantity, x.amount_pence) for x in claim.lines] == [
        (kent, 2, 60_100),
        (sussex, 1, 30_050),
    ]
    assert queries.cases_of(claim)[claim.lines[0].id] == ["AA1234AC", "KT4729AC"]
    assert claim.total_pence == 90_150
    templates = list(db.session.scalars(select(OutboxMessage.template)))
    assert templates.count("lots/contracts/mail/claim_ready.txt") == 3


def test_a_monthly_fee_counts_each_month_begun_whole_and_never_more_than_the_term(sides, delivered):
    live_since_march(sides, price_basis=PriceBasis.MONTHLY_FEE, price=100_000, term_months=3)
    assert closing.close_months(datetime(2027, 8, 2, tzinfo=UTC)) == 3
    assert months() == [date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)]
    assert set(db.session.scalars(select(ClaimLine.amount_pence))) == {100_000}


def test_no_fee_is_claimed_for_a_month_that_lies_wholly_after_an_emergency_stop(
    sides, delivered, client
):
    contract = live_since_march(sides, price_basis=PriceBasis.MONTHLY_FEE, price=100_000)
    act_id = stop_at_once(contract, sides.director, datetime(2027, 3, 20, tzinfo=UTC))
    assert closing.close_months(datetime(2027, 5, 2, tzinfo=UTC)) == 2
    # In May: the month begun counts whole again.
    take_stop_back(act_id, datetime(2027, 5, 20, tzinfo=UTC))
    assert closing.close_months(datetime(2027, 6, 2, tzinfo=UTC)) == 1
    found = select(Claim.id).order_by(Claim.month)
    claims = [queries.claim(each, sides.finance) for each in db.session.scalars(found).all()]
    assert [each.total_pence for each in claims] == [100_000, 0, 100_000]
    sign_in(client, sides.people["finance"])
    assert "no fee is due" in client.get(f"/claims/{claims[1].id}").text
    assert "no fee is due" not in client.get(f"/claims/{claims[0].id}").text


def test_a_month_is_closed_once_however_often_the_job_runs(sides, delivered):
    live_since_march(sides)
    assert closing.close_months(datetime(2027, 3, 31, 22, 59, tzinfo=UTC)) == 0
    assert closing.next_month_close(datetime(2027, 3, 20, tzinfo=UTC)) == datetime(
        2027, 3, 31, 23, tzinfo=UTC
    )
    assert closing.close_months(IN_APRIL) == 1
    assert closing.close_months(IN_APRIL) == 0
    assert months() == [MARCH]


def test_a_start_recorded_late_comes_into_the_next_claim_and_none_is_paid_twice(sides, delivered):
    contract = live_since_march(sides)
    area_id = contract.areas[0].id
    delivered[:] = starts(area_id, BEGUN, ["KT4729AC"])
    compute(contract)
    delivered[:] = starts(area_id, BEGUN, ["HR2347AC", "KT4729AC"])
    april = queries.claim(compute(contract, date(2027, 4, 1)), sides.finance)
    assert [(line.month, line.is_adjustment) for line in april.lines] == [(MARCH, True)]
    assert list(queries.cases_of(april).values()) == [["HR2347AC"]]
    assert queries.claim(compute(contract, date(2027, 5, 1)), sides.finance).lines == []


def test_a_contract_that_cannot_be_computed_holds_up_no_other(sides, delivered, monkeypatch):
    contracts = [live_since_march(sides, price_basis=basis) for basis in 3 * [PriceBasis.PER_START]]
    broken = min(contracts, key=lambda each: each.id)

    def tell(contract_id, first, last):
        if contract_id == broken.id:
            raise KeyError("one odd row")
        return []

    monkeypatch.setitem(measures(), "delivered", tell)
    assert closing.close_months(datetime(2027, 6, 2, tzinfo=UTC)) == 2 * 3
    monkeypatch.setitem(measures(), "delivered", lambda *asked: [])
    assert closing.close_months(datetime(2027, 6, 2, tzinfo=UTC)) == 3
    of_broken = select(Claim.month).where(Claim.contract_id == broken.id).order_by(Claim.month)
    assert [each.month for each in db.session.scalars(of_broken)] == [3, 4, 5]


def test_an_advance_that_cannot_be_claimed_holds_up_no_other(sides, monkeypatch):
    contracts = [live_since_march(sides, price_basis=PriceBasis.IN_ADVANCE) for _each in range(2)]
    broken = min(contracts, key=lambda each: each.id)

    def prices(contract, month):
        if contract.id == broken.id:
            raise KeyError("one odd row")
        return prices_in(contract, month)

    monkeypatch.setattr(computing, "prices_in", prices)
    made = advancing.claim_in_advance(IN_APRIL)
    claimed = db.session.scalars(select(Claim.contract_id)).all()
    assert made == len(claimed) > 0 and broken.id not in claimed


def test_months_the_job_missed_are_made_up(sides, delivered):
    live_since_march(sides)
    assert closing.close_months(datetime(2027, 6, 2, tzinfo=UTC)) == 3
    assert months() == [date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)]


def test_nothing_is_claimed_after_the_contract_has_ended(sides, delivered):
    contract = live_since_march(sides)
    ended = {"state": ContractState.ENDED, "ended_at": datetime(2027, 4, 20, tzinfo=UTC)}
    with write():
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**ended))
    assert closing.close_months(datetime(2027, 9, 2, tzinfo=UTC)) == 2


def test_the_database_keeps_one_claim_a_month_and_right_sums(sides, delivered):
    contract = live_since_march(sides)
    compute(contract)
    assert compute(contract) is None
    with pytest.raises(IntegrityError), write():
        db.session.add(
            Claim(
                id=new_id(),
                contract_id=contract.id,
                month=MARCH,
                computed_at=clock.now(),
                due_on=MARCH,
                law_due_on=MARCH,
            )
        )
    with pytest.raises(IntegrityError), write():
        claim_id = db.session.scalar(select(Claim.id))
        db.session.add(
            ClaimLine(
                id=new_id(),
                claim_id=claim_id,
                position=1,
                kind=LineKind.START,
                month=MARCH,
                quantity=2,
                unit_pence=100,
                amount_pence=201,
            )
        )


def test_approval_owes_it_once_and_the_payment_makes_it_paid(sides, delivered, again):
    contract = live_since_march(sides, price=10_000)
    delivered += starts(contract.areas[0].id, BEGUN, ["KT4729AC", "AA1234AC", "HR2347AC"])
    claim_id = compute(contract)
    with write():
        actions.approve(claim_id, sides.contract_manager)
    claim = again(Claim, claim_id)
    assert claim.state is ClaimState.APPROVED
    assert claim.approved_by_id == sides.contract_manager.person_id
    assert ledger.balance(contract.cost_account_id) == 30_000
    with pytest.raises(AlreadyChanged), write():
        actions.approve(claim_id, sides.contract_manager)
    payment = payment_of(claim_id)
    assert (payment.pence, payment.due_on, payment.law_due_on) == (
        30_000,
        claim.due_on,
        claim.law_due_on,
    )
    assert contract.reference in payment.about and "2027" in payment.about
    pay(payment, sides.contract_manager)
    claim = again(Claim, claim_id)
    assert (claim.state, claim.paid_at is None) == (ClaimState.PAID, False)
    assert ledger.balance(contract.paid_account_id) == -30_000
    assert ledger.balance(contract.cost_account_id) == 30_000
    with write():
        outside.record_return(payment.id, ReturnReason.SENT_BACK, sides.contract_manager)
    assert again(Claim, claim_id).state is ClaimState.APPROVED


def test_a_month_without_a_start_is_approved_and_moves_nothing(sides, delivered, again):
    contract = live_since_march(sides)
    claim_id = compute(contract)
    with write():
        actions.approve(claim_id, sides.contract_manager)
    assert again(Claim, claim_id).state is ClaimState.NOTHING
    assert not db.session.scalars(select(Payment)).all()
    assert ledger.balance(contract.cost_account_id) == 0


def test_a_queried_claim_waits_for_the_answer(sides, delivered, again):
    claim_id = compute(live_since_march(sides))
    with write():
        actions.query(claim_id, "We started two people", sides.finance)
    with pytest.raises(AlreadyChanged), write():
        actions.approve(claim_id, sides.contract_manager)
    with write():
        actions.answer(claim_id, "They started in April", sides.contract_manager)
    claim = again(Claim, claim_id)
    assert (claim.state, claim.answer) == (ClaimState.COMPUTED, "They started in April")
    with write():
        actions.approve(claim_id, sides.contract_manager)


def test_who_is_paid_does_not_approve_and_who_pays_does_not_query(sides, delivered, again):
    claim_id = compute(live_since_march(sides))
    for act in (
        lambda: actions.approve(claim_id, sides.finance),
        lambda: actions.approve(claim_id, sides.director),
        lambda: actions.query(claim_id, "Why?", sides.contract_manager),
    ):
        with pytest.raises(Refused), write():
            act()
    assert again(Claim, claim_id).state is ClaimState.COMPUTED


def test_a_claim_is_seen_by_its_two_sides_only(sides, delivered):
    claim_id = compute(make_live_contract())
    for by in (sides.finance, sides.contract_manager):
        with pytest.raises(NotYours):
            queries.claim(claim_id, by)


def test_a_claim_locks_areas_before_their_contract_like_whoever_changes_places(sides, delivered):
    contract = live_since_march(sides)
    with statements_sent() as sent:
        compute(contract)
    reads = [each for each in sent if each.startswith("SELECT")]
    first = [
        next(n for n, each in enumerate(reads) if f"FROM {t} " in each.replace("\n", " "))
        for t in ("contract_area", "contract")
    ]
    assert first == sorted(first)
