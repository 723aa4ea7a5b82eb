"""Ask for a top-up, and note what Stripe says of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.payments.actions import Cause, post
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import PAYERS, StripePermission
from marketplace.payments.paying.actions import money_came
from marketplace.payments.paying.mails import tell
from marketplace.payments.topping.lifecycle import (
    ARRIVE,
    COME,
    FAIL,
    GIVE_UP,
    TAKE_BACK,
    TOP_UP,
)
from marketplace.payments.topping.models import TopUp, TopUpState
from marketplace.permissions import NotYours, check


@dataclass(frozen=True)
class Reading:
    """What Stripe says of one top-up; `our_id` stands on it where we asked for it."""

    reference: str
    our_id: UUID | None
    pence: int
    status: str
    expected_on: date | None


def ask(body_id: UUID, pence: int, by: Acting) -> TopUp:
    """Intend to move `pence` (above 0) from the body's bank; a job asks Stripe for it.

    Raises NotYours, Refused.
    """
    body = db.session.get(StripeAccount, body_id, with_for_update=True)
    if body is None:
        raise NotYours(body_id)
    check(by, StripePermission.TOP_UP, body)
    top_up = TopUp(
        id=new_id(),
        body_id=body_id,
        pence=pence,
        state=TopUpState.ASKED,
        idempotency_key=uuid4().hex,
        try_at=clock.technical_now(),
        asked_by_id=by.person_id,
        asked_at=clock.now(),
        noted_at=clock.technical_now(),
    )
    db.session.add(top_up)
    db.session.flush()
    audit.record("top_up:asked", subject=top_up, by=by)
    return top_up


def locked(top_up_id: UUID) -> TopUp:
    """The top-up as it is now, locked."""
    return db.session.get_one(TopUp, top_up_id, with_for_update=True, populate_existing=True)


def refused(top_up_id: UUID) -> None:
    """Record that Stripe refused to begin it, or does not know it; nothing was moved."""
    top_up = locked(top_up_id)
    if top_up.state in (TopUpState.ASKED, TopUpState.UNCLEAR):
        _fail(top_up)


def give_up(top_up: TopUp) -> None:
    """Ask no more for the locked top-up: nobody counts on it, its people are told."""
    TOP_UP.take(GIVE_UP, top_up, None)
    _tell(top_up, "unclear")


def record(body_id: UUID, reading: Reading) -> None:
    """Have the body's top-up follow what Stripe says; in any order, and many times.

    One that was begun at Stripe itself is known from now on.
    """
    # The lock of the body: a top-up that nobody knew yet is made once.
    db.session.get_one(StripeAccount, body_id, with_for_update=True)
    top_up = _known(body_id, reading) or _begun_elsewhere(body_id, reading)
    top_up.rail_reference = reading.reference
    top_up.expected_on = reading.expected_on
    if reading.status == "pending":
        if top_up.state in COME.frm:
            TOP_UP.take(COME, top_up, None)
    elif reading.status in ("failed", "canceled"):
        if top_up.state in FAIL.frm:
            _fail(top_up)
    else:
        _arrive(top_up)
        if reading.status == "reversed":
            _take_back(top_up)


def _known(body_id: UUID, reading: Reading) -> TopUp | None:
    named = or_(TopUp.rail_reference == reading.reference, TopUp.id == reading.our_id)
    found = select(TopUp).where(TopUp.body_id == body_id, named).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def _begun_elsewhere(body_id: UUID, reading: Reading) -> TopUp:
    top_up = TopUp(
        id=new_id(),
        body_id=body_id,
        pence=reading.pence,
        state=TopUpState.COMING,
        rail_reference=reading.reference,
        asked_at=clock.now(),
        noted_at=clock.technical_now(),
    )
    db.session.add(top_up)
    db.session.flush()
    audit.record("top_up:found", subject=top_up, by=None)
    return top_up


def _arrive(top_up: TopUp) -> None:
    if top_up.state not in ARRIVE.frm:
        return
    facts = {"arrived_at": clock.now(), "try_at": None}
    TOP_UP.take(ARRIVE, top_up, None, facts=facts)
    body = top_up.body
    _post(top_up, "arrived", debit=body.balance_account_id, credit=body.moved_account_id)
    money_came(top_up.body_id)


def _take_back(top_up: TopUp) -> None:
    if top_up.state not in TAKE_BACK.frm:
        return
    TOP_UP.take(TAKE_BACK, top_up, None)
    body = top_up.body
    _post(top_up, "taken_back", debit=body.moved_account_id, credit=body.balance_account_id)
    _tell(top_up, "taken_back")


def _post(top_up: TopUp, what: str, debit: UUID, credit: UUID) -> None:
    cause = Cause(f"top_up:{what}", top_up.id)
    post(debit=debit, credit=credit, pence=top_up.pence, cause=cause, by=None)


def _fail(top_up: TopUp) -> None:
    TOP_UP.take(FAIL, top_up, None, facts={"try_at": None})
    _tell(top_up, "failed")


def _tell(top_up: TopUp, template: str) -> None:
    template = f"marketplace/payments/topping/mail/{template}.txt"
    tell(top_up.body_id, PAYERS, template, top_up.id, {"body_id": str(top_up.body_id)})
