"""Somebody in prison: from when they are given a place, and from when the work is counted.

Domain, section 8: a place is taken from the later of sending and so many days before release, the
days named by the lot. Whose release date is not known is treated as in the community (decision
0033).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import insert, select

from lots.vocabulary import CustodyClocks
from marketplace import calendar
from marketplace.database import db, tables
from referrals import clocks
from referrals.codes import Whereabouts
from referrals.eligibility import Offer
from referrals.models import ClockKind, MessageKind, Referral, ReferralClock, ReferralMessage

WORK = (ClockKind.CONTACT, ClockKind.ASSESSMENT)


def release_of(referral: Referral) -> date | None:
    """The expected release of somebody in prison; None in the community or where not known."""
    if referral.whereabouts != Whereabouts.CUSTODY or not referral.release_on:
        return None
    return date.fromisoformat(referral.release_on)


def reserve_from(release_on: date | None, offered: Offer, today: date) -> date | None:
    """The first day on which a place is given; None where it may be given today."""
    if release_on is None or offered.custody_days is None:
        return None
    first = release_on - timedelta(days=offered.custody_days)
    return first if first > today else None


def work_from(release_on: date | None, offered: Offer, placed_on: date) -> date:
    """The day from which the first meeting and the assessment are counted."""
    if release_on is None or offered.custody_clocks != CustodyClocks.AT_RELEASE:
        return placed_on
    return max(release_on, placed_on)


def insert_clocks(
    referral_id: UUID, release_on: date | None, offered: Offer, placed_on: date
) -> None:
    """Start the clocks of a place given on `placed_on`; one statement.

    The provider answers within its time in every case.
    """
    answer = clocks.rows(referral_id, (ClockKind.RESPONSE,), placed_on)
    work = clocks.rows(referral_id, WORK, work_from(release_on, offered, placed_on))
    tables().execute(insert(ReferralClock.__table__), answer + work)


def move_clocks(referral: Referral, offered: Offer) -> None:
    """Count the work from the release as it is expected now, where it is counted from there.

    The days on which a question was open stay added; one still open is added by its reply.
    """
    if referral.placed_at is None or offered.custody_clocks != CustodyClocks.AT_RELEASE:
        return
    starts = work_from(release_of(referral), offered, calendar.day_of(referral.placed_at))
    running = select(ReferralClock).where(
        ReferralClock.referral_id == referral.id,
        ReferralClock.kind.in_(WORK),
        ReferralClock.stopped_on.is_(None),
    )
    pauses = list(_answered(referral.id))
    for each in db.session.scalars(running):
        each.started_on, each.due_on = starts, clocks.due(each.kind, starts)
        for asked_on, answered_on in pauses:
            each.due_on = clocks.moved(each, asked_on, answered_on)
    db.session.flush()
    clocks.note_next(referral.id)


def _answered(referral_id: UUID) -> Iterator[tuple[date, date]]:
    messages = db.session.execute(
        select(ReferralMessage.kind, ReferralMessage.at)
        .where(ReferralMessage.referral_id == referral_id)
        .order_by(ReferralMessage.at)
    )
    asked_on: date | None = None
    for kind, at in messages:
        if kind == MessageKind.QUERY:
            asked_on = calendar.day_of(at)
        elif asked_on is not None:
            yield asked_on, calendar.day_of(at)
            asked_on = None
