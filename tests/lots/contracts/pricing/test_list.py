"""The price list of a contract: what a claim is told in each month, through changes and raises."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lots.contracts.changes import actions, jobs
from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.changes.writing import rows_of
from lots.contracts.models import Contract
from lots.contracts.pricing.changing import set_prices
from lots.contracts.pricing.list import prices_in, year_begins
from lots.contracts.pricing.models import ContractPrice
from lots.models import LotOutcome
from lots.prices.arithmetic import Price
from lots.prices.models import LotBand
from lots.vocabulary import Paid, PaymentProfile, PriceBasis, Route
from marketplace import clock
from marketplace.calendar import months_later
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from tests.support.contracts import make_contract, make_live_contract
from tests.support.people import sign_in, written

HOME = "accommodation-1"
MIXTURE = {
    "price_basis": PriceBasis.MIXED,
    "instalment_percent": 25,
    "fee_percent": 40,
    "start_percent": 30,
    "outcome_percent": 5,
    "payment_profile": PaymentProfile.QUARTERLY_IN_ADVANCE,
    "starts_low": 5,
    "starts_high": 5,
    "factor_low": 50,
    "factor_high": 150,
    "term_months": 12,
    "value_net_pence": 120_000_00,
    "value_gross_pence": 300_000_00,
    "price": 120_000_00,
    "extension_months": 12,
    "extension_times": 1,
}


def mixture(make=make_contract, **facts):
    outcomes = [LotOutcome(outcome_code=HOME, paid_number=60)]
    bands = [LotBand(above=60, percent=50)]
    return make(outcomes=outcomes, bands=bands, **(MIXTURE | facts))


def month_of(contract, number=0):
    return months_later(contract.starts_on.replace(day=1), number)


def instalments(contract, months=24):
    listed = prices_in(contract, month_of(contract))
    found = {n: listed.instalment(month_of(contract, n)) for n in range(months)}
    return {number: pence for number, pence in found.items() if pence is not None}


def test_a_mixture_pays_for_each_thing_what_follows_from_one_price(app):
    contract = mixture(starts_on=clock.today() + timedelta(days=40))
    assert contract.value_pence == 120_000_00
    assert contract.monthly_fee_pence is contract.unit_price_pence is None
    listed = prices_in(contract, month_of(contract, 5))
    assert listed.fee() == 4_000_00
    # 60 starts a year at full price and 60 at half, on average the price of one: 90 times £400.
    assert listed.start("low", 60) == 200_00 and listed.start("high", 60) == 600_00
    assert listed.start("low", 61) == 100_00 and listed.start("high", 61) == 300_00
    assert listed.start("", 1) == 400_00
    assert listed.outcome(HOME) == 100_00
    assert listed.outcome("accommodation-2") is None
    assert instalments(contract) == {0: 7_500_00, 3: 7_500_00, 6: 7_500_00, 9: 7_500_00}
    assert "Each person who starts, high complexity, above 60 in a year: £300" in contract.text
    assert "of £7,500" in contract.text


def test_what_a_contract_does_not_pay_for_has_no_price(app):
    contract = make_contract(price_basis=PriceBasis.MONTHLY_FEE, price=100_00)
    listed = prices_in(contract, month_of(contract))
    assert listed.fee() == 100_00 and listed.pays(Paid.FEE)
    assert listed.start("low", 1) is listed.outcome(HOME) is None
    assert listed.instalment(month_of(contract)) is None
    # A month before the first has the first price: a service may begin early.
    assert prices_in(contract, date(2020, 1, 1)).fee() == 100_00


def test_a_price_rises_each_year_from_its_index_date_on(app):
    contract = make_contract(
        price_basis=PriceBasis.MONTHLY_FEE,
        price=1_000_00,
        index_points=250,
        index_after_months=6,
        vat_percent=20,
    )
    assert contract.indexed_from == month_of(contract, 6)
    found = [prices_in(contract, month_of(contract, n)).fee() for n in (0, 5, 6, 17, 18, 30)]
    assert found == [1_000_00, 1_000_00, 1_025_00, 1_025_00, 1_050_62, 1_076_89]
    fees = sum(prices_in(contract, month_of(contract, n)).fee() or 0 for n in range(36))
    # Each month is rounded down by itself, the whole once.
    assert fees <= contract.value_pence == 37_368_84 < fees + 36
    assert "2.5%" in contract.text and "20%" in contract.text


def test_bands_count_in_years_of_the_contract(app):
    contract = make_contract(starts_on=clock.today().replace(day=1) + timedelta(days=50))
    assert year_begins(contract, month_of(contract, 11)) == month_of(contract)
    assert year_begins(contract, month_of(contract, 12)) == month_of(contract, 12)


def test_a_grant_is_paid_by_its_schedule_alone(app):
    contract = make_contract(
        price_basis=PriceBasis.IN_ADVANCE,
        price=30_000_00,
        route=Route.GRANT,
        payment_profile=PaymentProfile.UP_FRONT,
    )
    assert contract.value_pence == 30_000_00
    assert instalments(contract) == {}


def test_one_price_stands_once_for_a_thing_and_a_month(app):
    contract = make_contract(price_basis=PriceBasis.MONTHLY_FEE, price=100_00)
    with pytest.raises(IntegrityError), written():
        row = {"contract_id": contract.id, "paid": Paid.FEE, "pence": 1}
        db.session.add(ContractPrice(id=new_id(), valid_from=month_of(contract), **row))
        db.session.flush()


def propose(contract, by, kind, day=None, **asked):
    with write():
        proposal = actions.Proposal(kind, asked, "It is needed.", day or clock.today())
        return actions.propose(contract.id, proposal, by).id


def sign(change_id, *people):
    for by in people:
        with write():
            seen = db.session.get_one(ContractChange, change_id).text_hash
            actions.sign(change_id, by.name, seen, by)


def again(contract):
    db.session.expire_all()
    return db.session.get_one(Contract, contract.id)


@pytest.fixture
def running(sides):
    """A mixture, live since 30 days ago."""
    return mixture(make_live_contract, provider=sides.charity, buyer=sides.region)


def test_a_new_value_moves_what_is_still_to_come_and_the_text_says_each_price(running, sides):
    first = months_later(clock.today().replace(day=1), 1)
    begun = first.month - month_of(running).month + 12 * (first.year - month_of(running).year)
    used = 120_000_00 * begun // 12
    value = used + (120_000_00 - used) * 2
    change_id = propose(running, sides.contract_manager, ChangeKind.VALUE, first, value_pence=value)
    said = {row.label: (row.before, row.after) for row in rows_of(changed(change_id))}
    assert said["Fee for each month"] == ("£4,000", "£8,000")
    assert said["Each person who starts, low complexity"] == ("£200", "£400")
    sign(change_id, sides.director, sides.trustee)
    with written():
        db.session.execute(update(ContractChange).values(effective_on=clock.today()))
    assert jobs.bring_in(clock.now()) == 1
    contract = again(running)
    assert prices_in(contract, months_later(first, -1)).fee() == 4_000_00
    assert prices_in(contract, first).fee() == 8_000_00
    assert prices_in(contract, first).start("high", 61) == 600_00
    assert sum(instalments(contract).values()) == value // 4


def changed(change_id):
    db.session.expire_all()
    return db.session.get_one(ContractChange, change_id)


def test_an_extension_adds_instalments_and_keeps_those_that_stand(running, sides):
    before = instalments(running)
    change_id = propose(running, sides.contract_manager, ChangeKind.EXTENSION, months=6)
    sign(change_id, sides.director, sides.trustee)
    after = instalments(again(running))
    assert {n: after[n] for n in before} == before
    assert {n: pence for n, pence in after.items() if n not in before} == {
        12: 7_500_00,
        15: 7_500_00,
    }
    assert again(running).value_pence == 180_000_00
    assert prices_in(again(running), month_of(running, 14)).fee() == 4_000_00


def test_a_value_below_what_was_paid_in_advance_is_refused(sides):
    contract = make_live_contract(
        sides.charity,
        buyer=sides.region,
        price_basis=PriceBasis.IN_ADVANCE,
        payment_profile=PaymentProfile.UP_FRONT,
        price=120_000_00,
        term_months=12,
    )
    with pytest.raises(Refusal, match="is paid in advance by"):
        propose(contract, sides.contract_manager, ChangeKind.VALUE, value_pence=100_000_00)


def test_the_form_of_a_new_value_asks_for_no_price_that_follows(client, running, sides):
    sign_in(client, sides.people["contract_manager"])
    page = client.show(f"/contracts/{running.id}/changes/new/value")
    assert "Value over the whole term" in page.text
    assert "Price for each month" not in page.text
    shown = client.show(f"/contracts/{running.id}").text
    assert "By the prices below" in shown and "high complexity, above 60 in a year" in shown


@pytest.mark.parametrize("signed", [1_300_00, 900_00])
def test_a_change_signed_late_pays_what_its_first_months_lack_with_the_next_one(app, signed):
    contract = make_contract(price_basis=PriceBasis.IN_ADVANCE, price=12_000_00, term_months=12)
    found = [Price(Paid.INSTALMENT, signed, month=number) for number in range(2, 12)]
    with written():
        set_prices(db.session.get_one(Contract, contract.id), found, month_of(contract, 4))
    stands = instalments(contract)
    assert [stands[number] for number in range(4)] == [1_000_00] * 4
    assert stands[4] == signed + 2 * (signed - 1_000_00)
    assert sum(stands.values()) == 2 * 1_000_00 + 10 * signed
