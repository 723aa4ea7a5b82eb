"""Partners in a contract: promised beside paid, stated by the lead and answered by the partner."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from lots.contracts.books.owing import owe
from lots.contracts.models import Contract
from lots.contracts.partners import actions, queries, waiting
from lots.contracts.partners.drawing import PartnerShare, add_partners
from lots.contracts.partners.models import ContractPartner, PartnerPayment, PaymentState
from lots.contracts.partners.places import fitted
from lots.contracts.partners.speed import partner_days
from lots.contracts.partners.statement import months_of, to_state
from marketplace import calendar, clock
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.calendar import months_later
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments.actions import Cause
from marketplace.permissions import NotYours, Refused
from tests.support.contracts import make_live_contract
from tests.support.people import (
    acting_as,
    give_role,
    make_organisation,
    make_person,
    sign_in,
    written,
)


@pytest.fixture
def led(sides):
    """A contract live for nine months with one partner that is promised a tenth."""
    contract = make_live_contract(sides.charity, buyer=sides.region)
    organisation = make_organisation(name="Lantern House")
    first = months_later(clock.today().replace(day=1), -9)
    with written():
        db.session.execute(
            update(Contract).values(starts_on=first, live_at=calendar.start_of(first))
        )
        held = db.session.get_one(Contract, contract.id)
        share = PartnerShare(organisation.id, "Finds homes.", ("K:kent",), held.value_pence // 10)
        partner_id = add_partners(held, [share])[0].id
    by = acting_as(make_person(Role.FINANCE, organisation))
    return SimpleNamespace(contract=held, partner_id=partner_id, by=by, first=first)


def state(led, sides, month, pence=100_00):
    with write():
        return actions.state_payment(led.partner_id, month, pence, sides.finance).id


def standing(led):
    db.session.expire_all()
    (found,) = queries.standings_of(db.session.get_one(Contract, led.contract.id))
    return found


def test_only_what_the_partner_confirms_counts_as_paid(led, sides):
    first = state(led, sides, led.first)
    assert [item.text for item in _waits(led.by)] == [
        f"Say whether you were paid for {led.first:%B %Y} under {led.contract.reference}"
    ]
    assert standing(led).paid_pence == 0
    with write():
        actions.confirm(first, 100_00, led.by)
    found = standing(led)
    assert found.paid_pence == 100_00
    assert found.promised_percent == Decimal("10.0")
    with pytest.raises(AlreadyChanged):
        state(led, sides, led.first, 90_00)
    second = state(led, sides, months_later(led.first, 1))
    with write():
        actions.dispute(second, 100_00, "Half came.", led.by)
    assert state(led, sides, months_later(led.first, 1), 50_00) == second
    with pytest.raises(Refusal, match="corrected"), write():
        actions.confirm(second, 100_00, led.by)
    with pytest.raises(Refusal, match="corrected"), write():
        actions.dispute(second, 100_00, "No.", led.by)
    with write():
        actions.confirm(second, 50_00, led.by)
    assert standing(led).paid_pence == 150_00


def _waits(by):
    with current_app.test_request_context():
        return waiting.to_confirm(by)


def test_a_promise_unpaid_for_two_whole_quarters_is_marked(led, sides):
    assert standing(led).unpaid
    start, after = queries.two_quarters_before(clock.today())
    payment = state(led, sides, months_later(after, -1))
    assert standing(led).unpaid, "stated is not paid"
    with write():
        actions.confirm(payment, 100_00, led.by)
    assert not standing(led).unpaid
    with written():
        db.session.execute(update(ContractPartner).values(joined_on=start + timedelta(days=1)))
        db.session.execute(update(PartnerPayment).values(pence=0))
    assert not standing(led).unpaid, "it has not been there for two quarters"


def test_the_lead_states_and_only_the_partner_answers(led, sides):
    stranger = acting_as(make_person(Role.FINANCE, make_organisation(name="Oak")))
    for by in (sides.contract_manager, led.by, stranger):
        with pytest.raises(Refused), write():
            actions.state_payment(led.partner_id, led.first, 1, by)
    payment = state(led, sides, led.first)
    for by in (sides.finance, stranger):
        with pytest.raises(Refused), write():
            actions.confirm(payment, 100_00, by)
        with pytest.raises(Refused), write():
            actions.dispute(payment, 100_00, "No.", by)
        with pytest.raises(NotYours):
            queries.own_partner(led.partner_id, by)
    ahead = months_later(clock.today().replace(day=1), 1)
    for month in (months_later(led.first, -1), ahead, led.first + timedelta(days=1)):
        with pytest.raises(Refusal, match="took part"):
            state(led, sides, month)
    assert db.session.scalar(select(PartnerPayment.state)) is PaymentState.STATED


def test_who_has_stated_a_payment_does_not_confirm_it_for_the_partner(led, sides):
    payment = state(led, sides, led.first)
    partner = db.session.get_one(ContractPartner, led.partner_id).organisation
    lead = db.session.get_one(Person, sides.finance.person_id)
    with written():
        give_role(lead, partner, Role.FINANCE)
    with pytest.raises(Refusal, match="Somebody else of the partner"), write():
        actions.confirm(payment, 100_00, acting_as(lead, partner))
    with write():
        actions.confirm(payment, 100_00, led.by)


@given(st.lists(st.integers(0, 500), max_size=8), st.integers(0, 1000))
def test_partners_places_fit_into_the_area_and_none_rises(held, places):
    found = fitted(held, places)
    assert sum(found) <= max(places, 0)
    assert all(0 <= new <= old for new, old in zip(found, held, strict=True))
    assert found == held or sum(held) > places


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_two_quarters_are_six_whole_months_that_are_over(day):
    first, after = queries.two_quarters_before(day)
    assert months_later(first, 6) == after <= day < months_later(after, 3)
    assert first.day == 1 and first.month in (1, 4, 7, 10)


def test_a_partner_is_owed_its_share_month_by_month_and_how_fast_it_was_paid_is_known(led, sides):
    month = months_later(clock.today().replace(day=1), -1)
    with write():
        contract = db.session.get_one(Contract, led.contract.id)
        facts = {"vat": 0, "owed_from": clock.today(), "about": "x", "by": None, "month": month}
        owe(contract, Cause("claim:approved", uuid4()), net=1_000_07, **facts)
    found = standing(led)
    assert found.owed_pence == 100_01, "a tenth, the odd pence to the larger remainder"
    assert to_state(sides.finance, 5)[0][1:] == (month, 100_01)
    paid_on = clock.today()
    with pytest.raises(Refusal, match="once it has been made"), write():
        actions.state_payment(led.partner_id, month, 1, sides.finance, paid_on + timedelta(days=1))
    with write():
        payment = actions.state_payment(led.partner_id, month, 60_00, sides.finance, paid_on).id
    assert to_state(sides.finance, 5) == []
    (row,) = months_of([found.partner])
    assert (row.owed, row.missing) == (100_01, 100_01), "stated is not paid"
    assert partner_days(paid_on, paid_on, False) == []
    with write():
        actions.confirm(payment, 60_00, led.by)
    (row,) = months_of([standing(led).partner])
    assert row.missing == 40_01
    assert [each.days for each in partner_days(paid_on, paid_on, False)] == [0]


def test_what_the_partner_disputes_waits_for_its_lead_again(led, sides):
    month = months_later(clock.today().replace(day=1), -1)
    with write():
        contract = db.session.get_one(Contract, led.contract.id)
        facts = {"vat": 0, "owed_from": clock.today(), "about": "x", "by": None, "month": month}
        owe(contract, Cause("claim:approved", uuid4()), net=1_000_00, **facts)
    payment = state(led, sides, month)
    with write():
        actions.dispute(payment, 100_00, "Half came.", led.by)
    assert to_state(sides.finance, 5)[0][1:] == (month, 100_00)


@pytest.mark.parametrize("typed", ["9" * 5_000, "²", "-1", ""])
def test_an_amount_that_nobody_saw_is_answered_not_an_error(led, sides, client, typed):
    payment_id = state(led, sides, led.first)
    person = db.session.get_one(Person, led.by.person_id)
    sign_in(client, person)
    for url, button, more in (
        (
            f"/contracts/as-partner/{led.partner_id}",
            f"Yes, we were paid this {led.first:%B %Y}",
            {},
        ),
        (f"/contracts/as-partner/payments/{payment_id}/dispute", None, {"why": "Half came."}),
    ):
        answer = client.submit(url, button, {"pence": typed} | more)
        assert answer.status_code == 409
        assert "The lead has corrected this amount" in answer.page.text
    assert db.session.get_one(PartnerPayment, payment_id).state is PaymentState.STATED
