"""Sending stopped at every point, and Stripe answering as badly as it can: each is paid once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from marketplace.audit import verify
from marketplace.database import db, write
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.models import Posting
from marketplace.payments.paying.models import Payment, PaymentState
from marketplace.payments.queries import balance
from marketplace.payments.reconciling import job, reading
from marketplace.payments.topping import asking
from tests.races.paying_lives import FAULTS, POINTS
from tests.support import seeds, standin
from tests.support.apps import make_app
from tests.support.databases import NewDatabase
from tests.support.paying import Pair, make_pair
from tests.support.standin import StripeBody
from tests.support.stripes import AtStripe, connect

pytestmark = pytest.mark.race

ROOT = Path(__file__).parents[2]
GIVEN = 10**9
# On each of both databases: 500 payments in all, with FULL=1.
PAYMENTS = seeds.repetitions(20, 250)


def test_every_payment_is_made_once_wherever_the_process_ends_and_whatever_stripe_answers(
    new_database: NewDatabase,
    session_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = seeds.chance()
    url = new_database("payments_killed")
    app = make_app(url, session_folder)
    with standin.running(tmp_path) as stand_in, app.app_context():
        pair = make_pair()
        at_stripe = connect(pair, stand_in, GIVEN)
        at_stripe.make_ready()
        body = at_stripe.stripe
        with write():
            owed = [pair.owe(chance.randint(1, 200_000)) for _each in range(PAYMENTS)]
        ids = {each.reference: each.id for each in owed}
        total = sum(each.pence for each in owed)
        db.session.remove()
        db.engine.dispose()
        plan = dealt([each.reference for each in owed], chance)
        lives = run(url, session_folder, tmp_path, plan)
        print(f"{lives} lives, troubles: {Counter(sum(plan.values(), []))}")
        assert lives > len(owed) // 4
        assert_paid_once(body, ids)
        assert_books_agree(body, pair, total)
        assert_reconciled(at_stripe, monkeypatch)
        db.session.remove()
        db.engine.dispose()


def dealt(references: list[str], chance: random.Random) -> dict[str, list[str]]:
    """Up to three troubles for each payment; every point and every fault comes up."""
    kinds = [*POINTS, *FAULTS]
    plan = {each: chance.choices(kinds, k=chance.randint(0, 3)) for each in references}
    for reference, kind in zip(references, kinds, strict=False):
        # What happens when it is asked needs a reason to ask.
        plan[reference] = ["answered", kind] if kind in ("before asking", "asked") else [kind]
    return plan


def run(url: str, instance: Path, folder: Path, plan: dict[str, list[str]]) -> int:
    """Processes one after the other until all is paid; returns how many there were."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.races.paying_lives", url, str(instance), str(folder)],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return int(ended.stdout.split()[-1])


def assert_paid_once(body: StripeBody, ids: dict[str, UUID]) -> None:
    """Exactly one transfer for each payment, of its amount, and the payment names it."""
    payments = {each.reference: each for each in db.session.scalars(select(Payment))}
    transfers = {each["transfer_group"]: each for each in body.all("transfer")}
    assert len(body.all("transfer")) == len(transfers) == len(payments) == len(ids)
    for reference, payment in payments.items():
        transfer = transfers[reference]
        assert payment.state == PaymentState.PAID
        assert transfer["amount"] == payment.pence
        assert transfer["id"] == payment.rail_reference
        assert transfer["metadata"] == {"payment": str(payment.id)}


def assert_books_agree(body: StripeBody, pair: Pair, total: int) -> None:
    """The ledger says what the stand-in's books say, each posting once."""
    books = db.session.get_one(StripeAccount, pair.payer.id)
    assert balance(books.balance_account_id) == body.balance() - GIVEN == -total
    assert balance(pair.payable_id) == 0 and balance(pair.paid_id) == -total
    posted = select(Posting.cause_kind, func.count()).group_by(Posting.cause_kind)
    counts = dict(db.session.execute(posted).all())
    assert counts["payment:paid"] == counts["payment:transferred"] == counts["test:owed"]
    assert verify().holds


def assert_reconciled(at_stripe: AtStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    """The daily comparison finds each movement on both sides, not even a young one missing."""
    monkeypatch.setattr(reading, "YOUNG", timedelta(0))
    for each in at_stripe.stripe.all("topup"):
        asking.handle(at_stripe.body_id, each["id"], None)
    compared = job.compare(at_stripe.body_id)
    assert compared.differences == 0
    assert compared.moved == PAYMENTS + 1
    assert compared.pence_here == compared.pence_there
