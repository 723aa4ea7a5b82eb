"""Paying from the buyer's own bank: the file, what is recorded, and what comes back."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import select, true

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments.paying import actions, banks, outside
from marketplace.payments.paying.models import (
    BankDetails,
    Payment,
    PaymentState,
    Rail,
    ReturnReason,
)
from marketplace.payments.paying.rails import senders
from marketplace.payments.queries import balance
from marketplace.permissions import Refused
from tests.support.mails import mails_to
from tests.support.paying import FakeRail, give_bank_details, make_pair
from tests.support.people import acting_as, make_person


@pytest.fixture
def pair(app):
    """A buyer, and a provider that has said where it is paid."""
    made = make_pair(name="Elusen y Dyffryn – Dŵr")
    give_bank_details(made)
    return made


def again(payment: Payment) -> Payment:
    """As it is stored now."""
    return db.session.get_one(Payment, payment.id, populate_existing=True)


def test_a_file_for_the_bank_holds_each_payment_once_and_stays_the_same(pair):
    first, second = pair.owe(125_005), pair.owe(7)
    with write():
        made = outside.export([first.id, second.id], pair.manager)
    lines = list(csv.reader(StringIO(made.file)))
    assert lines[0][:3] == ["Sort code", "Account number", "Account name"]
    assert sorted(line[3] for line in lines[1:]) == ["0.07", "1250.05"]
    assert {tuple(line[:3]) for line in lines[1:]} == {("309430", "00733445", "Cyfle Cymru")}
    assert (made.payments, made.pence) == (2, 125_012)
    assert {again(each).state for each in (first, second)} == {PaymentState.EXPORTED}
    before = made.file
    give_bank_details(pair, "Somebody else")
    assert made.file == before
    with pytest.raises(AlreadyChanged), write():
        outside.export([second.id], pair.manager)


def test_nothing_of_a_file_is_made_where_one_payment_cannot_be_in_it(app, pair, monkeypatch):
    fine = pair.owe()
    with write():
        db.session.delete(db.session.get_one(BankDetails, pair.payee.id))
    with pytest.raises(Refusal, match="bank details"), write():
        outside.export([fine.id], pair.manager)
    assert again(fine).state == PaymentState.READY
    give_bank_details(pair)
    monkeypatch.setitem(senders(app), Rail.STRIPE, FakeRail(condition=true()))
    fine = pair.owe()
    with pytest.raises(Refusal, match="through Stripe by itself"), write():
        outside.export([fine.id], pair.manager)
    with pytest.raises(Refusal, match="through Stripe by itself"), write():
        outside.record([fine.id], clock.today(), "BACS 1", pair.manager)
    with write():
        outside.choose(fine.id, True, pair.manager)
        outside.export([fine.id], pair.manager)
    assert again(fine).state == PaymentState.EXPORTED


def test_many_are_recorded_at_once_with_one_reference_and_the_provider_is_told(pair):
    payments = [pair.owe(100 * each) for each in (1, 2, 3)]
    with write():
        outside.export([each.id for each in payments[:2]], pair.manager)
    with write():
        outside.record([each.id for each in payments], clock.today(), "BACS 17", pair.manager)
    for payment in map(again, payments):
        assert payment.state == PaymentState.PAID and payment.bank_reference == "BACS 17"
        assert payment.recorded_by_id == pair.manager.person_id
    assert balance(pair.payable_id) == 0 and balance(pair.paid_id) == -600
    told = mails_to(db.session.get_one(Person, pair.finance.person_id).email)
    assert sum(mail.template.endswith("/paid.txt") for mail in told) == 3
    with pytest.raises(AlreadyChanged), write():
        outside.record([payments[0].id], clock.today(), "BACS 17", pair.manager)


@pytest.mark.parametrize("days", [-400, 1])
def test_a_day_that_cannot_be_is_refused_and_nothing_is_recorded(pair, days):
    payment = pair.owe()
    with pytest.raises(Refusal, match="on that day"), write():
        outside.record([payment.id], clock.today() + timedelta(days=days), "X", pair.manager)
    assert again(payment).state == PaymentState.READY


def test_what_the_bank_did_not_take_is_to_be_paid_again(pair):
    payment = pair.owe()
    with write():
        outside.export([payment.id], pair.manager)
        outside.take_back([payment.id], pair.manager)
    back = again(payment)
    assert back.state == PaymentState.READY and back.export_id is None
    assert balance(pair.payable_id) == -payment.pence
    with write():
        outside.export([payment.id], pair.manager)


def test_what_was_recorded_by_mistake_is_owed_again(pair):
    payment = pair.owe(4_200)
    with write():
        outside.record([payment.id], clock.today(), "BACS 1", pair.manager)
        outside.record_return(payment.id, ReturnReason.MISTAKE, pair.manager)
    assert balance(pair.payable_id) == -4_200
    with write():
        fresh = actions.pay_again(payment.id, pair.manager)
        outside.record([fresh.id], clock.today(), "BACS 2", pair.manager)
    assert balance(pair.payable_id) == 0 and balance(pair.paid_id) == -4_200


def test_nobody_pays_for_another_organisation(pair):
    payment, stranger = pair.owe(), make_pair().manager
    for by in (stranger, pair.finance):
        for act in (
            lambda by=by: outside.export([payment.id], by),
            lambda by=by: outside.record([payment.id], clock.today(), "X", by),
            lambda by=by: outside.choose(payment.id, True, by),
            lambda by=by: actions.pay_again(payment.id, by),
        ):
            with pytest.raises(Refused), write():
                act()
    assert again(payment).state == PaymentState.READY


def test_bank_details_are_kept_encrypted_and_every_change_is_told_to_all_who_look_after_money(pair):
    others = [make_person(role, pair.payee) for role in (Role.FINANCE, Role.TRUSTEE)]
    with write():
        banks.set_details("O’Neill & Daughters", " 30 94–30 ", "733445", pair.finance)
    details = db.session.get_one(BankDetails, pair.payee.id)
    assert (details.sort_code, details.account_number) == ("309430", "00733445")
    raw = db.session.connection().exec_driver_sql("SELECT * FROM bank_details").all()
    assert "00733445" not in repr(raw) and "309430" not in repr(raw)
    for person in others:
        assert [mail.template.rpartition("/")[2] for mail in mails_to(person.email)] == [
            "bank_details.txt"
        ]
    noted = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "bank_details:set")
    ).all()
    assert noted and "733445" not in repr([event.details for event in noted])
    trustee = acting_as(others[1], pair.payee)
    with pytest.raises(Refused), write():
        banks.set_details("X", "309430", "00733445", trustee)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345a", "１２３４５６７", "12/34/56", "00-00-00"]
)
def test_a_sort_code_is_six_digits_and_not_noughts(typed):
    with pytest.raises(ValueError, match="sort code"):
        banks.sort_code_of(typed)


@pytest.mark.parametrize("typed", ["", "12345", "123456789", "1234567x", "IBAN GB33", "0000000"])
def test_an_account_number_is_six_to_eight_digits_and_not_noughts(typed):
    with pytest.raises(ValueError, match="account number"):
        banks.account_number_of(typed)


@pytest.mark.parametrize(
    "typed", ["", "=HYPERLINK(1)", "+A", "'A", '"A"', "A\nB", "A;B", "A=B", "<b>", "Ελλάς", "Łódź"]
)
def test_a_name_on_an_account_begins_no_formula_ends_no_line_and_can_be_written_by_banks(typed):
    with pytest.raises(ValueError, match="name"):
        banks.account_name_of(typed)


def test_names_reach_the_bank_in_letters_that_it_knows(pair):
    give_bank_details(pair, banks.account_name_of("Ty\u0302 Gobaith – O’Neill & D'Arcy (Môn)"))
    payment = pair.owe()
    with write():
        made = outside.export([payment.id], pair.manager)
    line = list(csv.reader(StringIO(made.file)))[1]
    assert line[2] == "Ty Gobaith - O'Neill & D'Arcy (Mon)" and line[5] == pair.payee.name
