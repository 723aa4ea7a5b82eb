"""Days to pay: by buyer and in all, late ones that are not paid among them, few ones left out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from lots.contracts.books.owing import owe
from lots.contracts.claims.computing import compute
from lots.contracts.models import Contract, ContractArea
from lots.market.days_to_pay import days_to_pay
from lots.vocabulary import PriceBasis
from marketplace import calendar
from marketplace.database import db, new_id, write
from marketplace.payments.actions import Cause
from marketplace.payments.paying.models import Payment, PaymentState, ReturnReason
from tests.support.contracts import make_live_contract

MONDAY = date(2026, 6, 1)
ON = date(2026, 7, 31)


def paid_after(contract, *days):
    """A payment owed from a Monday for each of these, made so many days later; None: not at all."""
    with write():
        held = db.session.get_one(Contract, contract.id)
        for taken in days:
            payment = owe(
                held,
                Cause("test", new_id()),
                net=100,
                vat=0,
                owed_from=MONDAY,
                about="",
                by=None,
            )
            assert payment is not None
            if taken is not None:
                payment.state = PaymentState.PAID
                payment.paid_on = MONDAY + timedelta(days=taken)
                noon = datetime.combine(payment.paid_on, time(12), ZoneInfo("Europe/London"))
                payment.paid_at = noon


def test_medians_and_shares_by_buyer_and_in_all(app):
    first, second = make_live_contract(), make_live_contract()
    paid_after(first, 1, 7, 8, 30, 31, None)
    paid_after(second, 2, 2, 2)
    told = days_to_pay(ON)
    names = {row is None for row in told["buyers"].values()}
    assert names == {True, False}  # three payments are too few to show
    (of_first,) = [row for row in told["buyers"].values() if row]
    assert of_first == {
        "payments": 6,
        "median_days": 8,
        "within_30_days": 4 / 6,
        "within_5_working_days": 2 / 6,
        "late_and_unpaid": 1,
    }
    assert (told["all"]["payments"], told["all"]["median_days"]) == (9, 4.5)
    assert told["partners"] is None


def test_a_payment_counts_as_late_from_its_last_day_on_until_it_was_made(app):
    paid_after(make_live_contract(), 1, 1, 1, 1, 45)
    in_time = days_to_pay(MONDAY + timedelta(days=29))
    assert in_time["all"] is None  # four were made, the fifth is not late yet
    late = days_to_pay(MONDAY + timedelta(days=40))["all"]
    assert (late["payments"], late["late_and_unpaid"], late["within_30_days"]) == (5, 1, 0.8)
    after = days_to_pay(ON)["all"]
    assert (after["payments"], after["late_and_unpaid"], after["within_30_days"]) == (5, 0, 0.8)
    assert days_to_pay(date(2028, 1, 1))["all"] is None


def test_what_nobody_approves_or_pays_again_counts_as_late(app):
    contract = make_live_contract(price_basis=PriceBasis.MONTHLY_FEE, price=100)
    paid_after(contract, 1, 1, 1, 1)
    with write():
        claim = compute(contract.id, MONDAY)
        assert claim is not None
        claim.due_on = claim.law_due_on = ON - timedelta(days=1)
    told = days_to_pay(ON)["all"]
    assert (told["payments"], told["late_and_unpaid"], told["within_30_days"]) == (5, 1, 0.8)
    assert days_to_pay(ON - timedelta(days=1))["all"] is None  # its last day has not passed
    paid_after(contract, 2)
    with write():
        payment = db.session.scalars(select(Payment).order_by(Payment.paid_on.desc())).first()
        payment.state, payment.returned_at = PaymentState.RETURNED, payment.paid_at
        payment.return_reason = ReturnReason.SENT_BACK
    told = days_to_pay(ON)["all"]
    assert (told["payments"], told["late_and_unpaid"]) == (6, 2)


def test_the_market_report_shows_it_and_gives_it_as_data(client):
    paid_after(make_live_contract(), 1, 2, 3, 4, 5)
    with write():
        today = date(2026, 6, 20)
        for model in (Contract, ContractArea):
            db.session.execute(update(model).values(starts_on=MONDAY, ends_on=ON))
        db.session.execute(update(Contract).values(live_at=calendar.start_of(MONDAY)))
    page = client.get(f"/market?on={today}").text
    assert "Days to pay" in page and "within 30 days, as the law asks" in page
    told = client.get(f"/open-data/market.json?on={today}").json["days_to_pay"]
    assert told["all"]["median_days"] == 3
    assert "days_to_pay" in client.get(f"/open-data/market.csv?on={today}").text
