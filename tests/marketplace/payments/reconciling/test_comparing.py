"""The daily comparison with Stripe: whatever differs is found, whatever agrees is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.database import db, new_id
from marketplace.payments.actions import Cause, post
from marketplace.payments.paying import sending
from marketplace.payments.reconciling import actions, job
from marketplace.payments.reconciling.models import Mismatch, MismatchKind, MismatchState
from marketplace.payments.reconciling.reading import YOUNG
from marketplace.payments.standin.money import move
from marketplace.payments.standin.store import now as stripe_now
from marketplace.permissions import Refused
from tests.support.people import written
from tests.support.stripes import AtStripe

OLD = int(YOUNG.total_seconds()) * 3


@pytest.fixture
def paid(at_stripe: AtStripe, monkeypatch) -> AtStripe:
    """A body with money at Stripe, from which two payments have gone out, some hours ago."""
    at_stripe.make_ready()
    at_stripe.stripe.give(100_000)
    at_stripe.hear(*at_stripe.events())
    read_top_ups(at_stripe)
    for pence in (30_000, 12_345):
        at_stripe.pair.owe(pence)
    sending.send_due(clock.now())
    later(monkeypatch)
    return at_stripe


def read_top_ups(at_stripe: AtStripe) -> None:
    """What was given is known here as a top-up that began at Stripe."""
    from marketplace.payments.topping import asking

    for each in at_stripe.stripe.all("topup"):
        asking.handle(at_stripe.body_id, each["id"], None)


def later(monkeypatch) -> None:
    """All moments of the clocks are some hours later."""
    real, business = clock.technical_now, clock.now
    monkeypatch.setattr(clock, "technical_now", lambda: real() + timedelta(seconds=OLD))
    monkeypatch.setattr(clock, "now", lambda: business() + timedelta(seconds=OLD))


def found(at_stripe: AtStripe) -> list[tuple[MismatchKind, int, int]]:
    """What stands open after a comparison."""
    job.compare(at_stripe.body_id)
    rows = select(Mismatch).where(Mismatch.state == MismatchState.OPEN)
    return sorted(
        (each.kind, each.pence_here, each.pence_there) for each in db.session.scalars(rows)
    )


def planted(at_stripe: AtStripe, kind: str, pence: int, source: str) -> None:
    """A movement written straight into Stripe's books."""
    with at_stripe.stand_in.store.write() as books:
        move(books, at_stripe.stripe.id, "", kind, pence, source)


def transfers(at_stripe: AtStripe) -> list[dict[str, Any]]:
    return at_stripe.stripe.all("transfer")


def test_books_that_agree_are_clean(paid):
    assert found(paid) == []
    kept = job.compare(paid.body_id)
    assert kept.pence_here == kept.pence_there == 100_000 - 42_345
    assert (kept.moved, kept.differences) == (3, 0)


def test_money_that_moved_at_stripe_alone_is_found(paid):
    planted(paid, "payout", -700, "po_somebody")
    assert found(paid) == [(MismatchKind.NOT_HERE, 0, -700)]


def test_money_that_moved_here_alone_is_found(paid, monkeypatch):
    account = paid.account()
    with written():
        cause = Cause("top_up:arrived", new_id())
        post(
            debit=account.balance_account_id,
            credit=account.moved_account_id,
            pence=900,
            cause=cause,
            by=None,
        )
    # Not yet: it is younger than an hour, and Stripe may tell of it later.
    assert found(paid) == []
    later(monkeypatch)
    assert found(paid) == [(MismatchKind.NOT_THERE, 900, 0)]


def test_a_transfer_that_stripe_made_twice_is_found(paid):
    twice = transfers(paid)[0]
    planted(paid, "transfer", -twice["amount"], twice["id"])
    assert found(paid) == [(MismatchKind.TWICE, -twice["amount"], -2 * twice["amount"])]


def test_another_amount_is_found(paid):
    with paid.stand_in.store.write() as books:
        moved = books.find(paid.stripe.id, "", "balance_transaction", type="transfer")[0]
        books.save(moved | {"amount": moved["amount"] - 1, "net": moved["net"] - 1})
    assert [kind for kind, _here, _there in found(paid)] == [MismatchKind.AMOUNT]


def test_a_balance_that_no_movement_explains_is_found(paid, monkeypatch):
    held = job.held_at_stripe(paid.body_id)
    monkeypatch.setattr(job, "held_at_stripe", lambda _body_id: held - 5)
    assert [kind for kind, _here, _there in found(paid)] == [MismatchKind.BALANCE]


def test_found_twice_it_is_one_and_gone_it_is_settled(paid):
    planted(paid, "payout", -700, "po_somebody")
    assert found(paid) == found(paid) == [(MismatchKind.NOT_HERE, 0, -700)]
    with paid.stand_in.store.write() as books:
        gone = books.find(paid.stripe.id, "", "balance_transaction", source="po_somebody")[0]
        books.remove(gone["id"])
    assert found(paid) == []
    assert db.session.scalars(select(Mismatch.state)).all() == [MismatchState.SETTLED]


def test_an_explanation_stands_until_the_amount_changes(paid):
    planted(paid, "payout", -700, "po_somebody")
    found(paid)
    mismatch_id = db.session.scalars(select(Mismatch.id)).one()
    payer = paid.pair.manager
    with written():
        actions.explain(mismatch_id, "Sent back to our bank.", payer)
    assert found(paid) == []
    planted(paid, "payout", -1, "po_somebody")
    assert found(paid) == [(MismatchKind.NOT_HERE, 0, -701)]


def test_nobody_else_clears_it_up(paid):
    planted(paid, "payout", -700, "po_somebody")
    found(paid)
    mismatch_id = db.session.scalars(select(Mismatch.id)).one()
    stranger = paid.pair.finance
    with pytest.raises(Refused), written():
        actions.explain(mismatch_id, "Nothing.", stranger)
    with pytest.raises(Refused), written():
        actions.take_on(mismatch_id, stranger)


def test_a_movement_of_this_minute_is_no_difference_yet(at_stripe):
    planted(at_stripe, "payout", -700, "po_somebody")
    assert stripe_now()
    assert found(at_stripe) == []


def test_the_job_compares_each_body_once_a_day(paid):
    assert job.compare_all(clock.now()) >= 1
    assert job.compare_all(clock.now()) == 0
