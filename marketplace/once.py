"""Forms that make something new: sent twice, they make it once.

The page carries a key of its own; the write that the form asks for uses the key up, so that a
double press or a repeated request finds it used, however close together they come.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace import clock
from marketplace.database import changed, classified, db, insert_into, write
from marketplace.lifecycle import Refusal

KEY = re.compile(r"[0-9a-f]{32}")
KEPT_FOR = timedelta(days=2)


class AlreadySent(Refusal):
    """The form was sent before; whoever pressed twice finds what the first press did."""


class UsedKey(db.Model):
    """The key of a form that was sent; kept longer than any session lives (technical time)."""

    __tablename__ = "used_key"
    __privacy__ = classified(none="key used_at")
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


def use_up(key: str | None) -> None:
    """Use a form's key up inside the write it asks for.

    Raises AlreadySent where the key was used before, Refusal where the page did not carry one.
    """
    if not KEY.fullmatch(key or ""):
        raise Refusal(_("The page was incomplete. Go back, reload it and send it again."))
    used = insert_into(UsedKey).values(key=key, used_at=clock.technical_now())
    if db.session.scalar(used.on_conflict_do_nothing().returning(UsedKey.key)) is None:
        raise AlreadySent(_("This form has already been sent. Nothing was done a second time."))


def forget_old(now: datetime) -> int:
    """The job: remove keys that no page can still carry; returns how many."""
    old = UsedKey.used_at < clock.technical_now() - KEPT_FOR
    if db.session.scalar(select(UsedKey.key).where(old).limit(1)) is None:
        return 0
    with write():
        return changed(delete(UsedKey).where(old))
