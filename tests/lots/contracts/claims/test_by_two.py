"""Claims above a limit, many at once, in advance, corrected; and what the screens say of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lots.contracts.claims import actions, advancing, computing, limits, queries
from lots.contracts.claims.models import Claim, ClaimedCase, ClaimState, LineKind
from lots.contracts.claims.queries import Shown
from lots.contracts.models import Contract
from lots.vocabulary import Paid, PriceBasis
from marketplace.acting import Role
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.permissions import Refused
from tests.support.claims import live_since_march, outcome, payment_of, priced, starts
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_person, sign_in
from tests.support.statements import statements_sent

MARCH, APRIL, MAY = (date(2027, month, 1) for month in (3, 4, 5))


def compute(contract, month=MARCH):
    with write():
        return computing.compute(contract.id, month).id


def lines_of(claim_id, by):
    found = queries.claim(claim_id, by).lines
    return [(x.kind, x.month.month, x.quantity, x.unit_pence) for x in found]


def a_large_claim(sides, price=10_000_01):
    return compute(live_since_march(sides, price_basis=PriceBasis.MONTHLY_FEE, price=price))


def test_above_the_limit_two_different_people_approve(sides, delivered, again):
    claim_id = a_large_claim(sides)
    with write():
        actions.approve(claim_id, sides.contract_manager)
    assert again(Claim, claim_id).state is ClaimState.SECOND
    with pytest.raises(Refused), write():
        actions.approve_second(claim_id, sides.contract_manager)
    with write():
        actions.approve_second(claim_id, sides.director)
    claim = again(Claim, claim_id)
    assert (claim.state, claim.approved_by_id) == (ClaimState.APPROVED, sides.director.person_id)
    assert payment_of(claim_id).pence == 10_000_01
    with pytest.raises(AlreadyChanged), write():
        actions.approve_second(claim_id, sides.director)
    with pytest.raises(IntegrityError), write():
        claim = db.session.get_one(Claim, claim_id)
        claim.approved_by_id = claim.first_approved_by_id


def test_the_second_person_sends_it_back_and_a_query_begins_anew(sides, delivered, again):
    claim_id = a_large_claim(sides)
    with write():
        actions.approve(claim_id, sides.contract_manager)
    with write():
        actions.send_back(claim_id, "The month is wrong", sides.director)
    claim = again(Claim, claim_id)
    assert (claim.state, claim.first_approved_by_id) == (ClaimState.COMPUTED, None)
    with write():
        actions.approve(claim_id, sides.contract_manager)
    with write():
        actions.query(claim_id, "It is too little", sides.finance)
    with write():
        actions.answer(claim_id, "It is right", sides.contract_manager)
    assert again(Claim, claim_id).first_approved_by_id is None


def test_a_buyer_sets_its_own_limit_but_not_who_is_bound_by_it(sides, delivered, again):
    with pytest.raises(Refused), write():
        limits.set_limit(10**9, sides.contract_manager)
    for pence, state in ((10**9, ClaimState.APPROVED), (0, ClaimState.SECOND)):
        with write():
            limits.set_limit(pence, sides.director)
        claim_id = a_large_claim(sides)
        with write():
            actions.approve(claim_id, sides.contract_manager)
        assert again(Claim, claim_id).state is state


def test_corrected_and_withdrawn_records_come_back_in_the_next_claim(sides, delivered):
    contract = live_since_march(sides)
    area, day = contract.areas[0].id, date(2027, 3, 12)
    priced(
        contract,
        (Paid.START, 10_000, {}),
        (Paid.START, 15_000, {"complexity": "high"}),
        (Paid.OUTCOME, 40_000, {"outcome_code": "job"}),
    )
    delivered[:] = [*starts(area, day, ["AA1", "BB2"], "low"), outcome(area, day, "AA1", "job")]
    first = compute(contract)
    assert lines_of(first, sides.finance) == [
        (LineKind.OUTCOME, 3, 1, 40_000),
        (LineKind.START, 3, 2, 10_000),
    ]
    # One is of high complexity after all, one outcome was withdrawn, one start comes late.
    delivered[:] = [
        *starts(area, day, ["AA1"], "low"),
        *starts(area, day, ["BB2"], "high"),
        *starts(area, day, ["CC3"], "medium"),
    ]
    second = compute(contract, APRIL)
    assert lines_of(second, sides.finance) == [
        (LineKind.OUTCOME, 3, -1, 40_000),
        (LineKind.START, 3, -1, 10_000),
        (LineKind.START, 3, 1, 10_000),
        (LineKind.START, 3, 1, 15_000),
        (LineKind.CARRIED, 5, 1, 25_000),
    ]
    claim = queries.claim(second, sides.finance)
    assert claim.total_pence == 0
    assert sorted(sum(queries.cases_of(claim).values(), [])) == ["AA1", "BB2", "BB2", "CC3"]
    third = compute(contract, MAY)  # what could not be taken off then
    assert lines_of(third, sides.finance)[0] == (LineKind.CARRIED, 5, -1, 25_000)


def test_the_database_lets_a_case_be_claimed_once_at_a_time(sides, delivered):
    contract = live_since_march(sides)
    delivered[:] = starts(contract.areas[0].id, date(2027, 3, 12), ["AA1"])
    compute(contract)
    with pytest.raises(IntegrityError), write():
        held = db.session.scalars(select(ClaimedCase)).one()
        again = {"contract_id": held.contract_id, "line_id": held.line_id}
        db.session.add(ClaimedCase(id=new_id(), kind=held.kind, reference="AA1", **again))


def test_the_minimum_is_added_each_quarter_and_comes_off_when_more_is_earned(sides, delivered):
    contract = live_since_march(sides, term_months=6)
    priced(contract, (Paid.START, 10_000, {}))
    with write():
        facts = {"guaranteed_pence": 60_000, "vat_percent": 20}
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**facts))
    totals = []
    for number in range(1, 7):
        if number == 4:
            day = date(2027, 6, 5)
            delivered[:] = starts(contract.areas[0].id, day, [f"AA{n}" for n in range(5)])
        claim_id = compute(contract, date(2027, 2 + number, 1))
        claim = queries.claim(claim_id, sides.finance)
        totals.append(claim.total_pence)
        assert claim.vat_pence == claim.total_pence // 5
    assert totals == [0, 0, 30_000, 50_000, 0, 0]
    held = [line for line in claim.lines if line.kind == LineKind.GUARANTEED]
    assert [line.amount_pence for line in held] == [-20_000]
    assert sum(totals) - 20_000 == 60_000  # and what is too much is taken over


def test_an_instalment_in_advance_is_claimed_when_its_month_begins(sides, delivered):
    contract = live_since_march(sides)
    rows = [(Paid.INSTALMENT, 50_000, {"valid_from": month}) for month in (MARCH, APRIL)]
    priced(contract, *rows)
    in_march = datetime(2027, 3, 11, tzinfo=UTC)
    assert advancing.next_advance(in_march) == datetime(2027, 3, 31, 23, tzinfo=UTC)
    assert [advancing.claim_in_advance(in_march) for _twice in range(2)] == [1, 0]
    assert advancing.claim_in_advance(datetime(2027, 4, 1, 1, tzinfo=UTC)) == 1
    found = db.session.execute(select(Claim.month, Claim.is_advance).order_by(Claim.month))
    assert found.all() == [(MARCH, True), (APRIL, True)]


def test_twelve_are_approved_on_one_page_and_one_that_was_faster_is_named(
    sides, delivered, client, again
):
    claims = [a_large_claim(sides, price=1_000_00 + n) for n in range(12)]
    large, other = a_large_claim(sides), compute(make_live_contract(), MARCH)
    sign_in(client, sides.people["contract_manager"])
    listed = client.get("/claims?show=approve&tick=all")
    assert listed.text.count("checked") >= 13
    chosen = "&".join(f"claim={each}" for each in (*claims, large, other, "x'"))
    shown = client.get(f"/claims/approve?{chosen}").text
    assert "Approve 13 claims" in shown and "1 of them is above £10,000" in shown
    with write():
        actions.approve(claims[0], sides.contract_manager)
    wanted = {"claim": [str(each) for each in (*claims, large, other)]}
    answer = client.submit(f"/claims/approve?{chosen}", "Approve them", **wanted)
    assert "11 claims are approved." in answer.page.text
    assert "waits for a second person" in answer.page.text
    assert again(Claim, large).state is ClaimState.SECOND
    assert again(Claim, other).state is ClaimState.COMPUTED
    assert "Tick the claims" in client.get("/claims/approve", follow_redirects=True).text


def test_lists_show_what_is_overdue_in_few_statements(sides, delivered, client, app):
    for number in range(3):
        a_large_claim(sides, price=1_000_00 + number)
    with write():
        db.session.execute(update(Claim).values(due_on=date(2020, 1, 1)))
    with app.test_request_context():
        assert queries.counts(sides.contract_manager)[Shown.OVERDUE] == 3
        with statements_sent() as sent:
            queries.nets_before(queries.listed(sides.contract_manager, Shown.OVERDUE).items)
    assert len(sent) == 3
    sign_in(client, sides.people["finance"])
    claim_id = db.session.scalar(select(Claim.id))
    assert "Overdue" in client.get("/claims").text
    told = client.submit(f"/claims/{claim_id}", "It is right")
    assert "The buyer sees that you have checked this claim" in told.page.text


def test_a_decision_maker_of_another_buyer_is_no_second_person(sides, delivered):
    claim_id = a_large_claim(sides)
    with write():
        actions.approve(claim_id, sides.contract_manager)
    stranger = acting_as(make_person(Role.DIRECTOR))
    with pytest.raises(Refused), write():
        actions.approve_second(claim_id, stranger)
