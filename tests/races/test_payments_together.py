"""Several people pay the same payments in the same moment: each is in one file, and paid once."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.audit import verify
from marketplace.database import db
from marketplace.payments.paying.models import Payment, PaymentExport, PaymentState
from marketplace.payments.queries import balance
from tests.races.conftest import Race, Visitor
from tests.races.together import at_once
from tests.support.paying import Pair, give_bank_details, make_pair
from tests.support.people import make_person

pytestmark = pytest.mark.race

MANAGERS = 4


def managers(race: Race, pair: Pair) -> list[Visitor]:
    """Contract managers of one buyer, each at a browser of their own."""
    first = db.session.get_one(Person, pair.manager.person_id)
    others = [make_person(Role.CONTRACT_MANAGER, pair.payer) for _each in range(MANAGERS - 1)]
    return [race.visitor(person) for person in (first, *others)]


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

    today = clock.today()
    typed = {
        "paid_on-day": [str(today.day)],
        "paid_on-month": [str(today.month)],
        "paid_on-year": [str(today.year)],
        "bank_reference": ["BACS 1"],
        "payments": [str(each) for each in db.session.scalars(select(Payment.id).where(of_payer))],
    }
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
