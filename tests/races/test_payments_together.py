"""Several people pay the same payments in the same moment: each is in one file, and paid once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from contextvars import Context
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import false, func, select, true

from lots.contracts.claims import actions as claiming
from lots.contracts.claims import computing
from lots.contracts.claims.models import Claim, ClaimState
from lots.contracts.models import Contract
from lots.releases.models import Release
from lots.vocabulary import PriceBasis
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.audit import verify
from marketplace.calendar import months_later
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.payments.paying import actions as paying
from marketplace.payments.paying import outside, sending
from marketplace.payments.paying.models import Payment, PaymentExport, PaymentState, Rail
from marketplace.payments.paying.rails import senders
from marketplace.payments.queries import balance
from tests.races.conftest import Race, Visitor
from tests.races.together import at_once
from tests.support.claims import payment_of
from tests.support.contracts import make_live_contract
from tests.support.paying import FakeRail, Pair, give_bank_details, give_stripe_books, make_pair
from tests.support.people import acting_as, make_organisation, make_person

pytestmark = pytest.mark.race

MANAGERS = 4
# Of each of two contracts in each of two batches.
MONTHS = 6
RACED = 8


def managers(race: Race, pair: Pair) -> list[Visitor]:
    """Contract managers of one buyer, each at a browser of their own."""
    first = db.session.get_one(Person, pair.manager.person_id)
    others = [make_person(Role.CONTRACT_MANAGER, pair.payer) for _each in range(MANAGERS - 1)]
    return [race.visitor(person) for person in (first, *others)]


def paid_today(payment_ids: Sequence[UUID]) -> dict[str, Any]:
    """What is typed to record these as paid today."""
    today = clock.today()
    return {
        "paid_on-day": [str(today.day)],
        "paid_on-month": [str(today.month)],
        "paid_on-year": [str(today.year)],
        "bank_reference": ["BACS 1"],
        "payments": [str(each) for each in payment_ids],
    }


def approved_claims(contract: Contract, first: int, by: Acting) -> list[UUID]:
    """The payments of approved claims of so many months of a contract, from the `first` one on."""
    made = []
    for offset in range(first, first + MONTHS):
        with write():
            claim = computing.compute(contract.id, months_later(contract.starts_on, offset))
            assert claim is not None
            claiming.approve(claim.id, by)
            made.append(payment_of(claim.id).id)
    return made


def test_files_and_records_made_at_once_hold_each_payment_once(race: Race) -> None:
    pair = make_pair()
    give_bank_details(pair)
    for pence in (100, 200, 300):
        pair.owe(pence)
    visitors = managers(race, pair)
    of_payer = Payment.payer_id == pair.payer.id

    forms = [each.form_at("/payments/export", "Make the file") for each in visitors]
    answers = at_once([partial(who.post, *form) for who, form in zip(visitors, forms, strict=True)])
    race.look_again()
    assert {answer.status_code for answer in answers} <= {200, 409}
    files = select(func.count()).where(PaymentExport.payer_id == pair.payer.id)
    assert db.session.scalar(files) == 1

    typed = paid_today(db.session.scalars(select(Payment.id).where(of_payer)).all())
    forms = [each.form_at("/payments/record", "Record as paid") for each in visitors]
    answers = at_once(
        [
            partial(who.post, action, values | typed)
            for who, (action, values) in zip(visitors, forms, strict=True)
        ]
    )
    race.look_again()
    assert {answer.status_code for answer in answers} <= {200, 409}
    states = db.session.scalars(select(Payment.state).where(of_payer)).all()
    assert states == [PaymentState.PAID] * 3
    assert balance(pair.payable_id) == 0 and balance(pair.paid_id) == -600
    assert verify().holds


def test_two_people_record_crossed_batches_of_two_contracts(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first batch begins with one contract, the second with the other: neither is refused."""
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    fee = {"buyer": region, "price_basis": PriceBasis.MONTHLY_FEE, "price": 1_000_00}
    one, other = make_live_contract(**fee), make_live_contract(**fee)
    people = [make_person(Role.CONTRACT_MANAGER, region) for _each in range(2)]
    by = acting_as(people[0], region)
    # Payments are locked by their ids: here in the order in which they are made.
    fresh = iter(range(uuid4().int >> 16 << 16, 1 << 128))
    with monkeypatch.context() as patch:
        patch.setattr(paying, "new_id", lambda: UUID(int=next(fresh)))
        batches = [
            approved_claims(one, 0, by) + approved_claims(other, 0, by),
            approved_claims(other, MONTHS, by) + approved_claims(one, MONTHS, by),
        ]

    visitors = [race.visitor(person) for person in people]
    forms = [each.form_at("/payments/record", "Record as paid") for each in visitors]
    answers = at_once(
        [
            partial(who.post, action, values | paid_today(batch))
            for who, (action, values), batch in zip(visitors, forms, batches, strict=True)
        ]
    )
    race.look_again()
    assert [answer.status_code for answer in answers] == [200, 200]
    contracts = (one.id, other.id)
    states = db.session.scalars(select(Claim.state).where(Claim.contract_id.in_(contracts))).all()
    assert states == [ClaimState.PAID] * 4 * MONTHS
    told = select(Release.body).where(Release.contract_id.in_(contracts))
    transactions = [
        transaction["id"]
        for body in db.session.scalars(told)
        for transaction in body["contracts"][0]["implementation"]["transactions"]
    ]
    assert len(transactions) == len(set(transactions)) == 4 * MONTHS
    assert verify().holds


def test_what_is_given_to_the_bank_while_it_is_sent_goes_one_way(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half was owed before the provider was ready, and is the bank's; half is raced for."""
    rail = FakeRail(condition=false())
    monkeypatch.setitem(senders(race.app), Rail.STRIPE, rail)
    pair = make_pair()
    give_bank_details(pair)
    give_stripe_books(pair)
    before = [pair.owe().id for _each in range(RACED)]
    rail.condition = true()
    raced = [pair.owe().id for _each in range(RACED)]

    def give_to_the_bank() -> None:
        with race.app.app_context():
            for payment_id in (*before, *raced):
                with suppress(Refusal), write():
                    if payment_id in raced:
                        outside.choose(payment_id, True, pair.manager)
                    outside.export([payment_id], pair.manager)

    def send() -> None:
        with race.app.app_context():
            for payment_id in reversed((*before, *raced)):
                sending.send(payment_id, Rail.STRIPE, rail)

    at_once([partial(Context().run, each) for each in (give_to_the_bank, send, send)])
    race.look_again()
    of_payer = Payment.payer_id == pair.payer.id
    went = {each.id: each for each in db.session.scalars(select(Payment).where(of_payer))}
    assert {went[each].state for each in before} == {PaymentState.EXPORTED}
    for payment_id in raced:
        is_sent = went[payment_id].idempotency_key in rail.transfers
        assert went[payment_id].state == (PaymentState.PAID if is_sent else PaymentState.EXPORTED)
        assert (went[payment_id].export_id is None) == is_sent
    files = select(func.count()).where(PaymentExport.payer_id == pair.payer.id)
    assert db.session.scalar(files) + len(rail.transfers) == 2 * RACED
    assert verify().holds
