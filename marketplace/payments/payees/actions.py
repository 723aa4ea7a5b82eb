"""Want a provider's account, open it, and note what Stripe says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.payees import mails
from marketplace.payments.payees.lifecycle import OPEN, PAYEE, STEP_TO
from marketplace.payments.payees.models import PayeeAccount, PayeeState
from marketplace.payments.payees.permissions import PayeePermission
from marketplace.payments.paying.actions import payee_is_ready
from marketplace.permissions import NotYours, check


@dataclass(frozen=True)
class Reading:
    """What Stripe said of an account: `wants` are its names of what it still asks for."""

    state: PayeeState
    wants: list[str]
    begun_at: datetime


def want(body_id: UUID, payee_id: UUID, by: Acting | None) -> PayeeAccount | None:
    """Have this provider set up an account with this body, once; its people are told.

    None where the body does not pay through Stripe, or pays itself.
    """
    # Its row is the lock: two wishes at once are one.
    body = db.session.get(StripeAccount, body_id, with_for_update=True)
    if body is None or body_id == payee_id:
        return None
    wanted = select(PayeeAccount).where(
        PayeeAccount.body_id == body_id, PayeeAccount.payee_id == payee_id
    )
    account = db.session.scalars(wanted).one_or_none()
    if account is None:
        account = PayeeAccount(
            id=new_id(), body_id=body_id, payee_id=payee_id, wants=[], wanted_at=clock.now()
        )
        db.session.add(account)
        db.session.flush()
        audit.record("payee_account:wanted", subject=account, by=by)
        mails.tell_payees(account, "wanted")
    return account


def locked(account_id: UUID) -> PayeeAccount:
    """The account as it is now, locked. Raises NotYours where there is none."""
    account = db.session.get(PayeeAccount, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotYours(account_id)
    return account


def begin(account_id: UUID, by: Acting) -> PayeeAccount:
    """Note that Stripe is asked to open it, before it is asked. Raises Refused, AlreadyChanged."""
    account = locked(account_id)
    check(by, PayeePermission.SET_UP, account)
    PAYEE.expect(OPEN, account)
    # The first time counts: what came of any attempt is looked for from then on.
    account.asked_at = account.asked_at or clock.technical_now()
    account.opened_by_id = by.person_id
    return account


def opened(account_id: UUID, stripe_id: str, by: Acting) -> PayeeAccount:
    """Record that Stripe has opened it; told again, it changes nothing."""
    account = locked(account_id)
    if account.stripe_id != stripe_id:
        facts = {"stripe_id": stripe_id, "opened_at": clock.now()}
        PAYEE.take(OPEN, account, by, facts=facts)
    return account


def record(account_id: UUID, reading: Reading) -> bool:
    """Have the account follow what was read; False where another reading overlapped this one.

    Which of two overlapping readings is the newer nobody can say: then it is read again.
    """
    account = locked(account_id)
    if account.read_at is not None and account.read_at > reading.begun_at:
        return False
    account.read_at = clock.technical_now()
    account.wants = reading.wants
    if account.state != reading.state:
        _follow(account, reading.state)
    return True


def _follow(account: PayeeAccount, state: PayeeState) -> None:
    was_ready = account.state == PayeeState.READY
    facts: dict[str, Any] = {"ready_at": clock.now()} if state == PayeeState.READY else {}
    PAYEE.take(STEP_TO[state], account, None, facts=facts)
    if state == PayeeState.READY:
        payee_is_ready(account.body_id, account.payee_id)
        mails.tell_payees(account, "ready")
    elif was_ready or state == PayeeState.REFUSED:
        mails.tell_payees(account, "stopped")
