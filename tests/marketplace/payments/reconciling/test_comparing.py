"""The daily comparison with Stripe: whatever differs is found, whatever agrees is not."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.accounts.models import Person, PersonState
from marketplace.acting import Role
from marketplace.database import db, new_id
from marketplace.payments.actions import Cause, post
from marketplace.payments.paying import sending
from marketplace.payments.reconciling import actions, job, reading
from marketplace.payments.reconciling.models import Mismatch, MismatchKind, MismatchState
from marketplace.permissions import Refused
from tests.support.people import make_person, written
from tests.support.reconciling import (
    forget,
    found,
    later,
    moved_days_before,
    planted,
    settled_invoice,
)
from tests.support.stripes import AtStripe


def explained(at_stripe: AtStripe) -> None:
    """The body's manager says where the only difference comes from."""
    mismatch_id = db.session.scalars(select(Mismatch.id)).one()
    with written():
        actions.explain(mismatch_id, "Sent back to our bank.", at_stripe.pair.manager)


def transfers(at_stripe: AtStripe) -> list[dict[str, Any]]:
    return at_stripe.stripe.all("transfer")


def test_books_that_agree_are_clean(paid):
    assert found(paid) == []
    kept = job.compare(paid.body_id)
    assert kept.pence_here == kept.pence_there == 100_000 - 42_345
    assert (kept.moved, kept.differences) == (3, 0)


def test_books_that_move_while_they_are_read_are_read_again(paid, monkeypatch):
    def moving(*given):
        rows = list(real(*given))
        paid.pair.owe(500)
        sending.send_due(clock.now())
        return rows

    real = reading.here
    monkeypatch.setattr(reading, "here", moving)
    with pytest.raises(job.StillMoving):
        job.compare(paid.body_id)
    monkeypatch.setattr(reading, "here", real)
    assert found(paid) == []


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
    forget(paid, "po_somebody")
    assert found(paid) == []
    assert db.session.scalars(select(Mismatch.state)).all() == [MismatchState.SETTLED]


def test_an_explanation_stands_until_the_amount_changes(paid):
    planted(paid, "payout", -700, "po_somebody")
    found(paid)
    explained(paid)
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


def test_a_movement_of_this_minute_is_no_difference_yet(at_stripe, monkeypatch):
    planted(at_stripe, "payout", -700, "po_somebody")
    assert found(at_stripe) == []
    later(monkeypatch)
    assert found(at_stripe) == [(MismatchKind.NOT_HERE, 0, -700)]


def test_each_difference_has_an_owner_from_the_beginning(paid):
    """Those who pay for the body share them; who has left hands them on."""
    other = make_person(Role.CONTRACT_MANAGER, paid.pair.payer)
    for number in range(4):
        planted(paid, "payout", -700, f"po_{number}")
    found(paid)
    owners = Counter(db.session.scalars(select(Mismatch.owner_id)))
    assert owners == {paid.pair.manager.person_id: 2, other.id: 2}
    with written():
        db.session.get_one(Person, other.id).state = PersonState.CLOSED
    found(paid)
    assert set(db.session.scalars(select(Mismatch.owner_id))) == {paid.pair.manager.person_id}


def test_a_debit_that_was_made_before_the_books_compared_begin_is_found_again(
    at_stripe, monkeypatch
):
    """It could be used, and was posted here, days after Stripe moved it; also weeks later."""
    invoice = settled_invoice(at_stripe)
    days = timedelta(days=6)
    moved_days_before(at_stripe, invoice.charge_reference, days)
    for later_days in (1, 35, 42, 50):
        with monkeypatch.context() as patched:
            later(patched, timedelta(days=later_days))
            assert found(at_stripe) == [], later_days


def test_what_is_open_is_looked_for_until_it_is_gone_however_old(paid, monkeypatch):
    planted(paid, "payout", -700, "po_somebody")
    assert found(paid) == [(MismatchKind.NOT_HERE, 0, -700)]
    later(monkeypatch, timedelta(days=60))
    assert found(paid) == [(MismatchKind.NOT_HERE, 0, -700)]
    forget(paid, "po_somebody")
    assert found(paid) == []


def test_what_was_explained_is_no_difference_of_the_balance_when_it_is_old(paid, monkeypatch):
    planted(paid, "payout", -700, "po_somebody")
    found(paid)
    explained(paid)
    later(monkeypatch, timedelta(days=60))
    assert found(paid) == []


def test_an_explained_balance_stays_explained_while_money_moves(paid, monkeypatch):
    """What was explained is how far both are apart; and it is gone when they are not."""
    held = job.held_at_stripe
    with monkeypatch.context() as patched:
        patched.setattr(job, "held_at_stripe", lambda body_id: held(body_id) - 5)
        found(paid)
        explained(paid)
        paid.pair.owe(1_000)
        sending.send_due(clock.now())
        later(patched)
        assert found(paid) == []
        patched.setattr(job, "held_at_stripe", lambda body_id: held(body_id) - 6)
        assert [kind for kind, _here, _there in found(paid)] == [MismatchKind.BALANCE]
        later(patched, timedelta(days=60))
    later(monkeypatch, timedelta(days=60))
    assert found(paid) == []


def test_the_job_compares_each_body_once_a_day(paid):
    assert job.compare_all(clock.now()) >= 1
    assert job.compare_all(clock.now()) == 0
