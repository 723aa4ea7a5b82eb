"""A statement adds up: each period begins with what the one before it ended with."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from marketplace import calendar, clock
from marketplace.database import db, new_id, write
from marketplace.payments import statements
from marketplace.payments.actions import Cause, open_account, post
from marketplace.payments.models import GROWS_BY_CREDIT, Account, AccountKind, Posting
from marketplace.payments.statements import Period

FIRST, DAYS = date(2026, 10, 20), 12
KINDS = (AccountKind.COST, AccountKind.PAYABLE, AccountKind.PAID, AccountKind.COST)


@pytest.fixture
def accounts(app):
    with write():
        return [open_account(kind).id for kind in KINDS]


def posted(accounts, debit, step, pence, day):
    """A posting of one second before midnight in London, also where the clock goes back."""
    after = calendar.start_of(FIRST + timedelta(days=day + 1))
    return Posting(
        id=new_id(),
        debit_account_id=accounts[debit],
        credit_account_id=accounts[(debit + step) % len(accounts)],
        pence=pence,
        cause_kind="test",
        cause_id=uuid4(),
        at=after - timedelta(seconds=1),
    )


movements = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(1, 3), st.integers(1, 10**13), st.integers(0, DAYS - 1)
    ),
    max_size=15,
)


@given(moved=movements, cut=st.integers(0, DAYS), own=st.sets(st.integers(0, 3), min_size=1))
def test_two_periods_add_up_to_the_whole(accounts, moved, cut, own):
    with write():
        # What earlier examples posted stays, append-only: these accounts are this example's own.
        mine = [open_account(kind).id for kind in KINDS]
        db.session.add_all([posted(mine, *each) for each in moved])
    ids = select(Account.id).where(Account.id.in_([mine[each] for each in own]))
    last = FIRST + timedelta(days=DAYS - 1)
    middle = FIRST + timedelta(days=cut - 1)
    before, after = Period(FIRST, middle), Period(middle + timedelta(days=1), last)
    sums = [statements.totals(ids, each) for each in (before, after, Period(FIRST, last))]
    for kind, whole in sums[2].items():
        assert whole.opening == 0
        assert whole.closing == _expected(moved, own, kind)
        second = sums[1][kind]
        assert second.closing == whole.closing
        first = sums[0].get(kind)
        assert second.opening == (first.closing if first else 0)
        assert second.added + (first.added if first else 0) == whole.added
    touching = [each for each in moved if each[0] in own or (each[0] + each[1]) % len(KINDS) in own]
    shown = [statements.all_movements(ids, each) for each in (before, after)]
    assert sorted(row.pence for rows in shown for row in rows) == sorted(m[2] for m in touching)
    assert statements.movements(ids, Period(FIRST, last)).total == len(touching)
    closing = statements.closings(ids, Period(FIRST, last))
    assert sum(pence for kind, pence in closing.values() if kind == AccountKind.COST) == sum(
        total.closing for kind, total in sums[2].items() if kind == AccountKind.COST
    )


def _expected(moved, own, kind):
    pence = 0
    for debit, step, amount, _day in moved:
        credit = (debit + step) % len(KINDS)
        pence += amount * (debit in own and KINDS[debit] == kind)
        pence -= amount * (credit in own and KINDS[credit] == kind)
    return -pence if kind in GROWS_BY_CREDIT else pence


def test_rows_of_one_moment_stand_in_the_order_of_their_posting(accounts):
    with write():
        for pence in range(1, 41):
            cause = Cause("test", uuid4())
            post(debit=accounts[0], credit=accounts[1], pence=pence, cause=cause, by=None)
    own = select(Account.id).where(Account.id == accounts[0])
    today = Period(clock.today(), clock.today())
    assert [each.pence for each in statements.all_movements(own, today)] == list(range(1, 41))
    latest = statements.movements(own, today).items
    assert [each.pence for each in latest] == list(range(40, 40 - len(latest), -1))
