"""Open an account, and post to the ledger."""

from __future__ import annotations

from dataclasses import dataclass
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
        id=new_id(),
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
