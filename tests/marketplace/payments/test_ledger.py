"""The ledger's rules: nothing is lost, made, posted twice or changed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace import audit
from marketplace.audit import AuditEvent
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments import queries
from marketplace.payments.actions import Cause, open_account, post
from marketplace.payments.models import Account, AccountKind, Posting


@pytest.fixture
def accounts(app):
    with write():
        kinds = (AccountKind.COST, AccountKind.PAYABLE, AccountKind.PAID)
        return [open_account(kind).id for kind in kinds]


movements = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 2), st.integers(1, 10**13)), max_size=12
)


@given(movements=movements)
def test_whatever_is_posted_the_balances_sum_to_zero(accounts, movements):
    before = [queries.balance(account) for account in accounts]
    expected = list(before)
    with write():
        for debit, step, pence in movements:
            credit = (debit + step) % 3
            cause = Cause("test", uuid4())
            post(debit=accounts[debit], credit=accounts[credit], pence=pence, cause=cause, by=None)
            expected[debit] += pence
            expected[credit] -= pence
    after = [queries.balance(account) for account in accounts]
    assert after == expected
    assert sum(after) == 0


def test_one_cause_is_posted_once_and_the_rest_of_the_write_may_go_on(accounts):
    cost, payable, _paid = accounts
    cause = Cause("claim:approved", uuid4())
    with write():
        post(debit=cost, credit=payable, pence=700, cause=cause, by=None)
    with write():
        with pytest.raises(AlreadyChanged):
            post(debit=payable, credit=cost, pence=999, cause=cause, by=None)
        post(debit=cost, credit=payable, pence=5, cause=Cause("claim:approved", uuid4()), by=None)
    assert queries.balance(cost) == 705
    assert audit.verify().holds


@pytest.mark.parametrize("pence", [0, -1])
def test_only_positive_money_moves(accounts, pence):
    with pytest.raises(IntegrityError), write():
        post(
            debit=accounts[0],
            credit=accounts[1],
            pence=pence,
            cause=Cause("test", uuid4()),
            by=None,
        )


def test_money_moves_between_two_accounts(accounts):
    with pytest.raises(IntegrityError), write():
        post(
            debit=accounts[0],
            credit=accounts[0],
            pence=1,
            cause=Cause("test", uuid4()),
            by=None,
        )


@pytest.fixture
def posted(accounts):
    with write():
        cause = Cause("test", new_id())
        return post(debit=accounts[0], credit=accounts[1], pence=12_345, cause=cause, by=None).id


@pytest.mark.parametrize(
    "change",
    [
        update(Posting).values(pence=1),
        delete(Posting),
        # What an account counts decides what every posting says.
        update(Account).values(kind=AccountKind.PAID),
        update(Account).values(opened_at=func.now()),
        delete(Account).where(
            ~select(Posting).where(Posting.debit_account_id == Account.id).exists()
        ),
    ],
)
def test_what_the_ledger_says_is_never_changed_or_deleted(accounts, posted, change):
    with pytest.raises(DBAPIError, match="append-only"), write():
        db.session.execute(change)
    assert db.session.scalar(select(func.sum(Posting.pence))) == 12_345


@pytest.mark.parametrize("key", [("id",), ("cause_kind", "cause_id")])
def test_no_posting_takes_the_place_of_another(accounts, posted, key):
    """By its id, or by the cause that is posted once."""
    old = db.session.execute(select(Posting.__table__).where(Posting.id == posted)).one()
    other = {"id": new_id(), "cause_kind": "test", "cause_id": new_id(), "at": old.at}
    row = other | {name: getattr(old, name) for name in key}
    row |= {"debit_account_id": accounts[1], "credit_account_id": accounts[0], "pence": 1}
    replacing = insert(Posting).prefix_with("OR REPLACE", dialect="sqlite").values(row)
    with pytest.raises(IntegrityError), write():
        db.session.execute(replacing)
    assert db.session.scalar(select(func.sum(Posting.pence))) == 12_345


@pytest.mark.parametrize("table", [AuditEvent, Account, Posting])
def test_no_row_of_a_table_that_grows_is_replaced_by_itself(accounts, posted, table):
    of_table = table.__table__
    row = db.session.execute(select(of_table)).first()._asdict()
    replacing = insert(table).prefix_with("OR REPLACE", dialect="sqlite").values(row)
    with pytest.raises(IntegrityError), write():
        db.session.execute(replacing)


@pytest.mark.parametrize("table", [AuditEvent, Account, Posting])
def test_a_table_that_grows_is_never_emptied(accounts, posted, table):
    empties = f"DELETE FROM {table.__tablename__}"
    if db.engine.dialect.name == "postgresql":
        empties = f"TRUNCATE {table.__tablename__} CASCADE"
    with pytest.raises(DBAPIError, match="append-only"), write():
        db.session.execute(text(empties))
