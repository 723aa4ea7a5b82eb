"""What is owed is posted once and shared out to the penny; each funder's part has its own life."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from lots.contracts.books import contributions
from lots.contracts.books.funding import fundings_of, promise, promised_by, vat_on
from lots.contracts.books.models import (
    ContractFunding,
    Contribution,
    ContributionState,
    FundingPromise,
)
from lots.contracts.books.owing import came_back, owe
from lots.contracts.changes.models import ContractShare
from lots.contracts.models import Contract
from lots.contracts.partners.drawing import PartnerShare, add_partners
from lots.contracts.partners.models import ContractPartner, PartnerDue
from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments.actions import Cause
from marketplace.payments.models import Posting
from marketplace.payments.paying.models import Payment
from marketplace.payments.queries import balance
from tests.support.people import make_organisation, written
from tests.support.seeds import repetitions

State = ContributionState


def owed(shared, net, vat=0, cause=None):
    with write():
        contract = db.session.get_one(Contract, shared.id)
        cause = cause or Cause("claim:approved", uuid4())
        facts = {"net": net, "vat": vat, "owed_from": clock.today(), "about": "October"}
        return owe(contract, cause, **facts, by=None), cause


def parts_of(cause):
    found = select(Contribution).where(Contribution.cause_id == cause.id)
    return {each.funding.organisation_id: each for each in db.session.scalars(found)}


def stands(shared, organisation):
    """Pence promised, due, received and taken back of one funder, as the ledger has them."""
    funding = fundings_of(db.session.get_one(Contract, shared.id))[organisation.id]
    accounts = (
        funding.commitment_account_id,
        funding.due_account_id,
        funding.received_account_id,
        funding.disputed_account_id,
    )
    return tuple(balance(each) for each in accounts)


def test_each_funder_promises_its_share_with_vat_and_a_changed_share_moves_it(shared, sides):
    whole = 36 * 1_200_00
    assert stands(shared, shared.pcc) == (whole * 30 // 100, 0, 0, 0)
    count = db.session.scalar(select(func.count(Posting.id)))
    with write():
        contract = db.session.get_one(Contract, shared.id)
        promise(contract, None)
    assert db.session.scalar(select(func.count(Posting.id))) == count, "twice changes nothing"
    with written():
        shares = update(ContractShare).where(ContractShare.contract_id == shared.id)
        db.session.execute(
            shares.where(ContractShare.organisation_id == shared.fund.id).values(pence=0)
        )
        promise(db.session.get_one(Contract, shared.id), None)
    assert stands(shared, shared.fund)[0] == 0
    assert stands(shared, shared.pcc)[0] == whole * 30 // 80
    contract = db.session.get_one(Contract, shared.id)
    assert -balance(contract.funded_account_id) == whole
    fundings = fundings_of(contract).values()
    assert sum(promised_by([each.id for each in fundings]).values()) == whole


def test_what_is_owed_is_posted_once_and_the_buyers_own_part_needs_no_invoice(shared, sides):
    payment, cause = owed(shared, 1_000_01, 200_00)
    contract = db.session.get_one(Contract, shared.id)
    assert balance(contract.cost_account_id) == 1_000_01
    assert balance(contract.vat_account_id) == 200_00
    assert -balance(contract.payable_account_id) == payment.pence == 1_200_01
    parts = parts_of(cause)
    assert {part.pence for part in parts.values()} == {600_01, 360_00, 240_00}
    assert parts[sides.region.id].state is State.RECEIVED
    assert parts[shared.pcc.id].state is parts[shared.fund.id].state is State.DUE
    with pytest.raises(AlreadyChanged):
        owed(shared, 1_000_01, 200_00, cause)
    assert balance(contract.cost_account_id) == 1_000_01
    assert db.session.scalar(select(func.count(Payment.id))) == 1


def test_nothing_is_owed_for_nothing_and_never_less(shared):
    assert owed(shared, 0)[0] is None
    for net, vat in ((-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="less than nothing"):
            owed(shared, net, vat)
    assert db.session.scalar(select(func.count(Contribution.id))) == 0


def test_a_contract_of_before_the_books_gets_them_when_it_first_owes(sides, live):
    with written():
        held = db.session.get_one(Contract, live.id)
        held.vat_account_id = held.funded_account_id = None
    owed(live, 500_00, 100_00)
    contract = db.session.get_one(Contract, live.id)
    assert balance(contract.vat_account_id) == 100_00
    (funding,) = fundings_of(contract).values()
    assert funding.organisation_id == sides.region.id
    assert balance(funding.received_account_id) == 600_00


STEPS = {
    "receive": (contributions.receive, (State.DUE, State.INVOICED)),
    "take_back": (contributions.take_back, (State.RECEIVED,)),
    "reinstate": (contributions.reinstate, (State.DISPUTED,)),
    "ask_again": (contributions.ask_again, (State.DISPUTED,)),
}
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("owe"), st.integers(1, 10**10), st.integers(0, 10**9)),
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=repetitions(15, 150))
@given(happened=happenings, weights=st.lists(st.integers(0, 10**9), min_size=3, max_size=3))
def test_whatever_happens_the_parts_add_up_and_the_ledger_says_what_the_states_say(
    shared, sides, happened, weights
):
    with written():
        shares = select(ContractShare).where(ContractShare.contract_id == shared.id)
        for row, pence in zip(db.session.scalars(shares), weights, strict=True):
            row.pence = pence
    for name, first, second in happened:
        if name == "owe":
            payment, cause = owed(shared, first, second)
            assert sum(part.pence for part in parts_of(cause).values()) == payment.pence
        else:
            _try(shared, name, first)
    _check(shared)


def _try(shared, name, number):
    """Take a step with one of the contributions: done from its own states only, once."""
    act, states = STEPS[name]
    rows = db.session.scalars(select(Contribution).order_by(Contribution.due_at, Contribution.id))
    row = dict(enumerate(rows)).get(number)
    if row is None:
        return
    # A bank takes one payment back once: what came back from it after all is not taken again.
    if row.state in states and not _was_posted(row, name):
        with write():
            act(db.session.get_one(Contribution, row.id), None)
    else:
        with pytest.raises(AlreadyChanged), write():
            act(db.session.get_one(Contribution, row.id), None)


def _was_posted(row, name):
    kind = {"take_back": "contribution:taken_back"}.get(name)
    wanted = select(Posting.id).where(Posting.cause_kind == kind, Posting.cause_id == row.id)
    return db.session.scalar(wanted) is not None


def _check(shared):
    by_funding: dict = {}
    for row in db.session.scalars(select(Contribution)):
        by_funding.setdefault(row.funding_id, Counter())[row.state] += row.pence
    contract = db.session.get_one(Contract, shared.id)
    whole = balance(contract.cost_account_id) + balance(contract.vat_account_id)
    assert whole == -balance(contract.payable_account_id)
    parts = 0
    for funding in db.session.scalars(select(ContractFunding)):
        sums = by_funding.get(funding.id, Counter())
        assert balance(funding.due_account_id) == sums[State.DUE] + sums[State.INVOICED]
        assert balance(funding.received_account_id) == sums[State.RECEIVED]
        assert balance(funding.disputed_account_id) == sums[State.DISPUTED]
        first_rounds = select(func.sum(Contribution.pence)).where(
            Contribution.funding_id == funding.id, Contribution.round == 1
        )
        owed_part = int(db.session.scalar(first_rounds) or 0)
        promises = select(func.sum(FundingPromise.pence)).where(
            FundingPromise.funding_id == funding.id
        )
        promised = int(db.session.scalar(promises) or 0)
        assert balance(funding.commitment_account_id) == promised - owed_part
        parts += owed_part
    assert parts == whole


def test_unspent_money_goes_back_to_everybody_who_paid(shared, sides):
    _payment, cause = owed(shared, 1_000_00)
    with write():
        for part in parts_of(cause).values():
            if part.state is State.DUE:
                contributions.receive(part, None)
    back = Cause("grant:returned", uuid4())
    with write():
        came_back(db.session.get_one(Contract, shared.id), back, 100_01, None)
    parts = parts_of(back)
    assert sum(part.pence for part in parts.values()) == 100_01
    assert parts[sides.region.id].state is State.GIVEN_BACK
    part = parts[shared.pcc.id]
    assert (part.pence, part.state) == (30_00, State.TO_GIVE_BACK)
    assert stands(shared, shared.pcc)[1:3] == (-30_00, 300_00)
    with write():
        contributions.give_back(db.session.get_one(Contribution, part.id), None)
    assert stands(shared, shared.pcc)[1:3] == (0, 270_00)
    assert balance(db.session.get_one(Contract, shared.id).cost_account_id) == 899_99
    with pytest.raises(AlreadyChanged), write():
        contributions.give_back(db.session.get_one(Contribution, part.id), None)
    with pytest.raises(AlreadyChanged), write():
        came_back(db.session.get_one(Contract, shared.id), back, 100_01, None)


@settings(max_examples=repetitions(20, 100))
@given(
    net=st.integers(1, 10**11),
    promised=st.lists(st.integers(0, 2 * 10**9), min_size=1, max_size=4),
)
def test_partners_are_owed_their_promised_share_and_together_never_more_than_came(
    shared, net, promised
):
    with written():
        held = db.session.get_one(Contract, shared.id)
        db.session.execute(update(ContractPartner).values(removed_at=clock.now()))
        share = [PartnerShare(make_organisation().id, "Helps.", (), each) for each in promised]
        add_partners(held, share)
    _payment, cause = owed(shared, net)
    dues = db.session.scalars(select(PartnerDue).where(PartnerDue.cause_id == cause.id)).all()
    whole = max(36 * 1_000_00, sum(promised))
    assert sum(each.pence for each in dues) <= net
    by_partner = {each.partner_id: each.pence for each in dues}
    for partner in db.session.scalars(
        select(ContractPartner).where(ContractPartner.removed_at.is_(None))
    ):
        exact = net * partner.promised_pence / whole
        assert abs(by_partner.get(partner.id, 0) - exact) <= 1 + exact * 1e-9


@pytest.mark.parametrize(("net", "percent", "vat"), [(1, 20, 0), (3, 20, 1), (2_50, 5, 13)])
def test_vat_is_rounded_half_up(shared, net, percent, vat):
    contract = db.session.get_one(Contract, shared.id)
    with written():
        contract.vat_percent = percent
        assert vat_on(contract, net) == vat
