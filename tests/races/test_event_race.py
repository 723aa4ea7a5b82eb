"""One signed event delivered 1,000 times by 8 senders, and dealt with by several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from functools import partial
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from marketplace import clock
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.payments.hooks import dealing
from marketplace.payments.hooks.models import ReceivedEvent
from marketplace.payments.models import Posting
from marketplace.payments.payees.sending import Transfers
from marketplace.payments.paying.models import PaymentState, Rail
from marketplace.payments.paying.sending import claim
from marketplace.payments.queries import balance
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support import standin
from tests.support.paying import make_pair
from tests.support.stripes import connect, letter, signed

pytestmark = pytest.mark.race

DELIVERIES, SENDERS, DEALERS = 1_000, 8, 4


def counted(model: type, *wanted: object) -> int:
    """How many rows of a table fit."""
    return db.session.scalar(select(func.count()).select_from(model).where(*wanted)) or 0


def test_one_event_a_thousand_times_has_one_effect(race: Race, tmp_path: Path) -> None:
    with standin.running(tmp_path) as stand_in:
        at_stripe = connect(make_pair(), stand_in, pence=50_000)
        at_stripe.make_ready()
        payment = at_stripe.pair.owe(40_000)
        with write():
            claim(payment.id, Rail.STRIPE)
        sent = Transfers().send(at_stripe.payment(payment)).reference
        payload = letter("evt_thousand", "transfer.created", sent or "")
        headers = signed(payload, at_stripe.stripe.webhook_secret)
        address = f"{race.product.address}/payments/stripe/{at_stripe.body_id}/events"

        def deliver(sender: int) -> list[int]:
            with requests.Session() as session:
                times = range(sender, DELIVERIES, SENDERS)
                sends = partial(session.post, address, data=payload, headers=headers, timeout=120)
                return [sends().status_code for _time in times]

        with ThreadPoolExecutor(SENDERS) as pool:
            answers = [answer for each in pool.map(deliver, range(SENDERS)) for answer in each]
        assert answers == [200] * DELIVERIES

        def deal() -> int:
            with race.app.app_context():
                return dealing.deal(clock.now())

        dealt = at_once([partial(Context().run, deal) for _dealer in range(DEALERS)])
        race.look_again()
        own = ReceivedEvent.body_id == at_stripe.body_id
        assert counted(ReceivedEvent, own) == 1
        assert counted(ReceivedEvent, own, ReceivedEvent.handled_at.is_not(None)) == 1
        assert sum(dealt) <= 1  # the running product may have dealt with it before
        paid = at_stripe.payment(payment)
        assert (paid.state, paid.rail_reference) == (PaymentState.PAID, sent)
        assert counted(Posting, Posting.cause_id == payment.id) == 2
        assert balance(at_stripe.account().balance_account_id) == -40_000
        taken = (AuditEvent.action == "payment:pay", AuditEvent.subject_id == str(payment.id))
        assert counted(AuditEvent, *taken) == 1
        assert len(at_stripe.stripe.all("transfer")) == 1
