"""Open an account, and post to the ledger."""

from __future__ import annotations

import time
from dataclasses import dataclass
from secrets import randbits
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments.models import Account, AccountKind, Posting


@dataclass(frozen=True)
class Cause:
    """Why money moves: one happening ("claim:approved") of one thing."""

    kind: str
    id: UUID


def open_account(kind: AccountKind) -> Account:
    """A new account; the caller keeps its key with the thing whose account it is."""
    account = Account(id=new_id(), kind=kind, opened_at=clock.now())
    db.session.add(account)
    db.session.flush()
    return account


def post(*, debit: UUID, credit: UUID, pence: int, cause: Cause, by: Acting | None) -> Posting:
    """Move `pence` (above 0) from the credited to the debited account, once for a cause.

    Raises AlreadyChanged where this cause has been posted before.
    """
    posting = Posting(
        id=_next_id(),
        debit_account_id=debit,
        credit_account_id=credit,
        pence=pence,
        cause_kind=cause.kind,
        cause_id=cause.id,
        at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(posting)
    except IntegrityError as error:
        if "cause" not in str(error.orig):
            raise
        raise AlreadyChanged(
            _("This money has already been posted. Nothing was posted again.")
        ) from error
    audit.record("ledger:posted", subject=posting, by=by, facts={"cause": cause.kind})
    return posting


def _next_id() -> UUID:
    """An identifier that sorts after the one before: postings of one moment stand in their order.

    A UUID of version 7 (RFC 9562, section 6.2, method 3).
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 10**6)
    fraction = (nanoseconds << 12) // 10**6
    return UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | randbits(62))
