"""Nobody pays more than it promised, whatever the shares become; what comes back goes to whoever
paid it, and nothing is approved above the value."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lots.contracts.books.ceiling import AboveValue
from lots.contracts.books.funding import fallen_due, fundings_of, promise, promised_by, vat_on
from lots.contracts.books.models import Contribution
from lots.contracts.books.owing import came_back, owe
from lots.contracts.changes.models import ContractShare
from lots.contracts.changes.terms import by_shares, shares_of
from lots.contracts.claims import actions
from lots.contracts.claims.models import Claim, ClaimLine, ClaimState, LineKind
from lots.contracts.models import Contract, ContractState
from lots.contracts.partners.drawing import PartnerShare, add_partners
from lots.contracts.partners.models import PartnerDue
from marketplace import calendar, clock
from marketplace.calendar import months_later
from marketplace.database import db, new_id, write
from marketplace.payments.actions import Cause
from tests.support.contracts import make_live_contract
from tests.support.people import make_organisation, sign_in, written
from tests.support.seeds import repetitions


def contract_of(shared):
    return db.session.get_one(Contract, shared.id)


def owed(shared, net, month=None):
    cause = Cause("claim:approved", uuid4())
    with write():
        contract = contract_of(shared)
        facts = {"owed_from": clock.today(), "about": "October", "by": None, "month": month}
        owe(contract, cause, net=net, vat=vat_on(contract, net), **facts)
    return cause


def set_shares(shared, weights):
    """Other shares of the same value, as a signed change sets them."""
    with written():
        contract = contract_of(shared)
        organisations = list(shares_of(contract))
        parts = by_shares(dict(zip(organisations, weights, strict=True)), contract.value_pence)
        db.session.execute(delete(ContractShare).where(ContractShare.contract_id == contract.id))
        for key, pence in parts.items():
            row = ContractShare(contract_id=contract.id, organisation_id=key, pence=pence)
            db.session.add(row)
        db.session.flush()
        promise(contract, None)


def stands(shared):
    """(promised, fallen due) of each organisation that pays, in pence."""
    fundings = fundings_of(contract_of(shared))
    promised = promised_by([each.id for each in fundings.values()])
    fell_due = fallen_due(fundings)
    return {key: (promised.get(each.id, 0), fell_due[key]) for key, each in fundings.items()}


weights = st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any)
happenings = st.lists(st.one_of(st.integers(1, 12 * 1_000_00), weights), min_size=1, max_size=8)


@settings(max_examples=repetitions(15, 150))
@given(happened=happenings)
def test_a_promise_is_what_fell_due_and_the_share_of_now_of_what_is_left(shared, sides, happened):
    with written():  # each example begins with a signed rise, so that something is left
        contract_of(shared).value_pence += 36 * 1_000_00
        promise(contract_of(shared), None)
    for each in happened:
        if isinstance(each, int):
            owed(shared, each)
        else:
            set_shares(shared, each)
            _check_promises(shared)
        for key, (promised, fell_due) in stands(shared).items():
            assert key == sides.region.id or fell_due <= promised, "above its promise"


def _check_promises(shared):
    contract, now = contract_of(shared), stands(shared)
    due = sum(fell_due for _promised, fell_due in now.values())
    whole = contract.value_pence + vat_on(contract, contract.value_pence)
    left = by_shares(shares_of(contract), max(whole - due, 0))
    assert sum(promised for promised, _due in now.values()) == max(whole, due)
    for key, (promised, fell_due) in now.items():
        assert promised == fell_due + left.get(key, 0)


def test_what_is_above_a_promise_is_the_buyers(shared, sides):
    owed(shared, 36 * 1_000_00)
    cause = owed(shared, 100_00)
    assert {each.funding.organisation_id: each.pence for each in parts_of(cause)} == {
        sides.region.id: 120_00
    }


def parts_of(cause):
    return db.session.scalars(select(Contribution).where(Contribution.cause_id == cause.id)).all()


def test_money_that_comes_back_goes_to_whoever_paid_it(shared, sides):
    owed(shared, 1_000_00)
    set_shares(shared, (100, 0, 0))
    owed(shared, 1_000_00)
    back = Cause("grant:returned", uuid4())
    with write():
        came_back(contract_of(shared), back, 240_00, None)
    assert {each.funding.organisation_id: each.pence for each in parts_of(back)} == {
        sides.region.id: 180_00,
        shared.pcc.id: 36_00,
        shared.fund.id: 24_00,
    }


@pytest.fixture
def left_and_joined(shared):
    """Two partners promised a tenth each: one left on the 11th of June, one joined that day."""
    organisations = [make_organisation(name=name) for name in ("Lantern House", "Oak")]
    with written():
        contract = contract_of(shared)
        contract.starts_on = date(2026, 1, 10)
        shares = [
            PartnerShare(each.id, "Helps.", (), contract.value_pence // 10)
            for each in organisations
        ]
        left, joined = add_partners(contract, shares)
        left.removed_at = calendar.start_of(date(2026, 6, 11))
        joined.joined_on = date(2026, 6, 11)
        return left.id, joined.id


@pytest.mark.parametrize(
    ("month", "first", "second"),
    [
        (date(2026, 1, 1), 90_00, 0),
        (date(2026, 5, 1), 90_00, 0),
        (date(2026, 6, 1), 30_00, 60_00),
        (date(2026, 7, 1), 0, 90_00),
    ],
)
def test_a_partner_has_its_part_of_the_months_it_worked(
    shared, left_and_joined, month, first, second
):
    cause = owed(shared, 900_00, month)
    dues = db.session.scalars(select(PartnerDue).where(PartnerDue.cause_id == cause.id))
    found = {each.partner_id: each.pence for each in dues}
    assert tuple(found.get(each, 0) for each in left_and_joined) == (first, second)


def test_what_the_lead_gave_back_is_taken_off_whoever_was_owed_it(shared, left_and_joined):
    owed(shared, 900_00, date(2026, 5, 1))
    back = Cause("grant:returned", uuid4())
    with write():
        came_back(contract_of(shared), back, 90_00, None)
    (lowered,) = db.session.scalars(select(PartnerDue).where(PartnerDue.cause_id == back.id))
    assert (lowered.partner_id, lowered.pence) == (left_and_joined[0], -9_00)


@pytest.fixture
def above(sides):
    """A claim of £1,000 under a contract of which £200 is left; its id, and the contract's."""
    made = make_live_contract(sides.charity, buyer=sides.region)
    with written():
        contract = db.session.get_one(Contract, made.id)
        contract.value_pence = 1_200_00
        due = {"owed_from": clock.today(), "about": "October", "by": None}
        owe(contract, Cause("claim:approved", uuid4()), net=1_000_00, vat=0, **due)
        month = months_later(clock.today().replace(day=1), -1)
        last = clock.today() + timedelta(days=30)
        claim = Claim(
            id=new_id(),
            contract_id=made.id,
            month=month,
            computed_at=clock.now(),
            due_on=last,
            law_due_on=last,
        )
        facts = {"quantity": 1, "unit_pence": 1_000_00, "amount_pence": 1_000_00}
        line = ClaimLine(position=1, kind=LineKind.MONTHLY_FEE, month=month, **facts)
        claim.lines = [line]
        db.session.add(claim)
        db.session.flush()
        return claim.id, made.id


def test_no_claim_is_approved_above_the_value_before_a_change_is_signed(above, sides, client):
    claim_id, contract_id = above
    with pytest.raises(AboveValue, match="£2,000, and its value is £1,200: £800 too much"), write():
        actions.approve(claim_id, sides.contract_manager)
    sign_in(client, sides.people["contract_manager"])
    page = client.get(f"/claims/{claim_id}").text
    assert "Propose a change of the value" in page
    assert f"/claims/{claim_id}/approve" not in page
    answer = client.get(f"/claims/{claim_id}/approve")
    assert answer.status_code == 409 and "change of the value signed first" in answer.text
    many = client.submit(f"/claims/approve?claim={claim_id}", "Approve them")
    assert "above the contract’s value" in many.page.text
    assert db.session.get_one(Claim, claim_id).state == ClaimState.COMPUTED
    with written():
        db.session.get_one(Contract, contract_id).value_pence = 2_000_00
    with write():
        assert actions.approve(claim_id, sides.contract_manager).state == ClaimState.APPROVED


def test_once_no_change_can_be_signed_two_people_approve_what_is_above(above, sides, client):
    claim_id, contract_id = above
    with written():
        contract = db.session.get_one(Contract, contract_id)
        contract.state, contract.ending_at = ContractState.ENDING, clock.now()
    sign_in(client, sides.people["contract_manager"])
    assert "two people approve this claim" in client.get(f"/claims/{claim_id}").text
    with write():
        assert actions.approve(claim_id, sides.contract_manager).state == ClaimState.SECOND
    with write():
        assert actions.approve_second(claim_id, sides.director).state == ClaimState.APPROVED
