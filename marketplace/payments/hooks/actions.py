"""Store an event once, and note that it is dealt with."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import changed, db, insert_into
from marketplace.jobs import pause_after
from marketplace.organisations.models import Organisation
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.hooks.models import ReceivedEvent
from marketplace.payments.hooks.verifying import Told
from marketplace.permissions import check

# Longer than dealing with one may take.
CLAIMED_FOR = timedelta(minutes=5)
# After a quarter of an hour of trying somebody is told; after about three days, as long as Stripe
# itself goes on, it is left to them.
ATTEMPTS_TOLD = 5
MOST_ATTEMPTS = 72
# Stripe sends an event again for three days at most.
KEPT_FOR = timedelta(days=90)


def is_known(body_id: UUID, event_id: str) -> bool:
    """Whether this event was stored before."""
    return db.session.get(ReceivedEvent, (body_id, event_id)) is not None


def store(body_id: UUID, told: Told) -> bool:
    """Store the event to be dealt with; False where it was stored before."""
    now = clock.technical_now()
    new = insert_into(ReceivedEvent).values(
        body_id=body_id,
        id=told.id,
        kind=told.kind,
        object_id=told.object_id,
        account_id=told.account_id,
        received_at=now,
        attempts=0,
        try_at=now,
    )
    stored = new.on_conflict_do_nothing().returning(ReceivedEvent.id)
    return db.session.scalar(stored) is not None


def claim(body_id: UUID, event_id: str) -> bool:
    """Make an event this process's for a while; False where it is another's, or dealt with."""
    now = clock.technical_now()
    mine = (
        update(ReceivedEvent)
        .where(
            *_named(body_id, event_id),
            ReceivedEvent.handled_at.is_(None),
            ReceivedEvent.try_at <= now,
        )
        .values(attempts=ReceivedEvent.attempts + 1, try_at=now + CLAIMED_FOR)
        .execution_options(synchronize_session=False)
    )
    return changed(mine) == 1


def handled(body_id: UUID, event_id: str) -> None:
    """Note that it is dealt with."""
    _note(body_id, event_id, handled_at=clock.technical_now(), failure=None)


def failed(body_id: UUID, event_id: str, failure: str) -> None:
    """Note the name of what went wrong; it is tried again later, `MOST_ATTEMPTS` times in all."""
    attempts = db.session.scalar(select(ReceivedEvent.attempts).where(*_named(body_id, event_id)))
    pause = pause_after(attempts or 1)
    _note(body_id, event_id, failure=failure[:80], try_at=clock.technical_now() + pause)


def try_again(body_id: UUID, by: Acting) -> None:
    """Have everything of a body that could not be dealt with be tried anew. Raises Refused."""
    account = _checked(body_id, by)
    db.session.execute(
        update(ReceivedEvent)
        .where(*stuck(body_id))
        .values(attempts=0, try_at=clock.technical_now())
        .execution_options(synchronize_session=False)
    )
    audit.record("stripe_events:tried_again", subject=account, by=by)


def set_aside(body_id: UUID, by: Acting) -> None:
    """Leave what was given up for good; its failure stays on the record. Raises Refused."""
    account = _checked(body_id, by)
    db.session.execute(
        update(ReceivedEvent)
        .where(*stuck(body_id), ReceivedEvent.attempts >= ATTEMPTS_TOLD)
        .values(handled_at=clock.technical_now())
        .execution_options(synchronize_session=False)
    )
    audit.record("stripe_events:set_aside", subject=account, by=by)


def _checked(body_id: UUID, by: Acting) -> Organisation:
    account = db.session.get_one(StripeAccount, body_id)
    check(by, StripePermission.DEAL, account)
    return account.organisation


def stuck(body_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """What of a body's failed, or ended its process again and again, and is not dealt with."""
    went_wrong = or_(ReceivedEvent.failure.is_not(None), ReceivedEvent.attempts >= ATTEMPTS_TOLD)
    return (ReceivedEvent.body_id == body_id, ReceivedEvent.handled_at.is_(None), went_wrong)


def _note(body_id: UUID, event_id: str, **values: object) -> None:
    db.session.execute(
        update(ReceivedEvent)
        .where(*_named(body_id, event_id))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _named(body_id: UUID, event_id: str) -> tuple[ColumnElement[bool], ...]:
    return (ReceivedEvent.body_id == body_id, ReceivedEvent.id == event_id)


def forget_old() -> int:
    """Remove events that were dealt with and that Stripe will never send again."""
    return changed(delete(ReceivedEvent).where(_is_old()))


def any_old() -> bool:
    """Whether there is something to forget."""
    return bool(db.session.scalar(select(exists().where(_is_old()))))


def _is_old() -> ColumnElement[bool]:
    return ReceivedEvent.handled_at < clock.technical_now() - KEPT_FOR
