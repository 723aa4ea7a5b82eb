"""Limits on tries, counted in the database, so that they hold across processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from marketplace import clock
from marketplace.accounts.models import Throttle
from marketplace.database import changed, insert_into, observe
from marketplace.keyring import keyring


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of one kind for one key in each window (technical time)."""

    kind: str
    most: int
    window: timedelta


QUARTER = timedelta(minutes=15)
SIGN_IN_ACCOUNT = Limit("sign_in.account", 10, QUARTER)
SIGN_IN_ADDRESS = Limit("sign_in.address", 50, QUARTER)
SECOND_FACTOR = Limit("second_factor", 5, QUARTER)
LINK_ACCOUNT = Limit("link.account", 5, QUARTER)
LINK_ADDRESS = Limit("link.address", 20, QUARTER)
INVITATIONS = Limit("invitations", 20, timedelta(hours=1))
REGISTRATIONS = Limit("registrations", 10, timedelta(hours=1))
LOOK_UPS = Limit("look_ups", 20, timedelta(hours=1))
KEPT_FOR = timedelta(days=1)


class TooManyTries(Exception):
    """A limit is reached; `until` is the technical moment from which tries count anew."""

    def __init__(self, until: datetime):
        super().__init__()
        self.until = until


def count_try(limit: Limit, key: str) -> None:
    """Count one try. Raises TooManyTries where the limit was already reached."""
    seconds = int(limit.window.total_seconds())
    began = int(clock.technical_now().timestamp()) // seconds * seconds
    window_start = datetime.fromtimestamp(began, UTC)
    row = {
        "kind": limit.kind,
        "key_hash": keyring().lookup_hash("throttle", f"{limit.kind}:{key}"),
        "window_start": window_start,
        "count": 1,
    }
    with observe() as session:
        insert = insert_into(Throttle).values(**row)
        count = session.execute(
            insert.on_conflict_do_update(
                index_elements=["kind", "key_hash", "window_start"],
                set_={"count": Throttle.count + 1},
            ).returning(Throttle.count)
        ).scalar_one()
    if count > limit.most:
        raise TooManyTries(window_start + limit.window)


def forget_old(now: datetime) -> int:
    """Remove counts that no limit looks at any more; a job."""
    with observe() as session:
        old = delete(Throttle).where(Throttle.window_start < clock.technical_now() - KEPT_FOR)
        return changed(old, session)
