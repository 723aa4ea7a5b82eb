"""Jobs: brooms that sweep everything due by business time, in one process at a time.

A sweep run twice, or not at all for a day, changes nothing: each effect claims itself in its own
transaction. The lease is a row, the same on both databases; it runs out by the technical clock.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from apscheduler.schedulers.base import BaseScheduler
from flask import Flask, current_app
from sqlalchemy import String, insert, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from marketplace import clock
from marketplace.database import changed, classified, db, observe, write
from marketplace.lifecycle import Refusal

LEASE = timedelta(seconds=60)
LATE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# Pauses double so often at most: no number of attempts is too large to be reckoned with.
MOST_DOUBLINGS = 20
log = logging.getLogger(__name__)
# An id, or the few that together say what is due.
Item = TypeVar("Item")


class JobLease(db.Model):
    """Who leads the jobs, until when, and when the last round ended (technical time)."""

    __tablename__ = "job_lease"
    __privacy__ = classified(none="id holder held_until beat_at")
    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    held_until: Mapped[datetime]
    beat_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Job:
    """`sweep(now)` does what is due and counts its effects; `next_due(after)` says when next.

    `next_due` returns the earliest business moment after `after` at which the sweep will find
    something, None where nothing is in sight; the demonstration clock stops at each.
    """

    name: str
    sweep: Callable[[datetime], int]
    next_due: Callable[[datetime], datetime | None]
    last: bool = False


def nothing_in_sight(after: datetime) -> datetime | None:
    """For jobs that follow other jobs and have no moment of their own."""
    return None


def register(
    app: Flask,
    name: str,
    sweep: Callable[[datetime], int],
    next_due: Callable[[datetime], datetime | None] = nothing_in_sight,
    *,
    last: bool = False,
) -> None:
    """Add a job to the application's round: as they are registered, the `last` ones at the end."""
    round_of_jobs = app.extensions["jobs"]
    round_of_jobs.append(Job(name, sweep, next_due, last))
    round_of_jobs.sort(key=lambda job: job.last)


def each_alone(items: Sequence[Item], act: Callable[[Item], object]) -> int:
    """Do this to each in a write of its own; how many were done.

    An act that found nothing to do says False. What is refused was changed by somebody else a
    moment before; what fails is logged and found again by the next round. Neither stops another.
    """
    done = 0
    for each in items:
        try:
            with write():
                done += act(each) is not False
        except Refusal:
            continue
        except Exception:
            log.exception("job failed for one", extra={"subject": str(each)})
    return done


def batch_after_batch(due: Callable[[], Sequence[Item]], act: Callable[[Item], object]) -> int:
    """Do each alone, then what is due after it, until nothing of a batch could be done."""
    done = 0
    while taken := each_alone(due(), act):
        done += taken
    return done


def pause_after(
    attempts: int, first: timedelta = FIRST_PAUSE, longest: timedelta = LONGEST_PAUSE
) -> timedelta:
    """How long to wait after so many attempts: `first`, then twice as long each time, `longest`."""
    doublings = min(max(attempts - 1, 0), MOST_DOUBLINGS)
    return min(first * 2**doublings, longest)


def sweep_all(app: Flask) -> dict[str, int]:
    """Run every job once at the present business moment; a failing job never stops the others."""
    done = {}
    for job in app.extensions["jobs"]:
        with app.app_context():
            try:
                done[job.name] = job.sweep(clock.now())
            except Exception:
                log.exception("job failed", extra={"job": job.name})
                done[job.name] = -1
    return done


def next_due(after: datetime) -> datetime | None:
    """The earliest moment after `after` at which any job has something to do."""
    moments = [job.next_due(after) for job in current_app.extensions["jobs"]]
    return min((moment for moment in moments if moment is not None), default=None)


def tick(app: Flask) -> bool:
    """One round of all jobs where this process holds the lease; says whether it did."""
    holder = app.extensions["job_holder"]
    with app.app_context():
        if not _take_lease(holder):
            return False
    sweep_all(app)
    with app.app_context(), observe() as session:
        session.execute(
            update(JobLease)
            .where(JobLease.id == 1, JobLease.holder == holder)
            .values(beat_at=clock.technical_now())
        )
    return True


def _take_lease(holder: str) -> bool:
    now = clock.technical_now()
    with observe() as session:
        free = or_(JobLease.holder == holder, JobLease.held_until < now)
        claim = (
            update(JobLease)
            .where(JobLease.id == 1, free)
            .values(holder=holder, held_until=now + LEASE)
        )
        if changed(claim, session):
            return True
        if session.get(JobLease, 1) is None:
            session.execute(insert(JobLease).values(id=1, holder=holder, held_until=now + LEASE))
            return True
    return False


def heartbeat() -> datetime | None:
    """When the last round ended, by the technical clock; None before the first."""
    lease = db.session.get(JobLease, 1)
    return lease.beat_at if lease else None


def late() -> bool:
    """Whether the jobs have been silent for more than five minutes."""
    beat = heartbeat()
    return beat is None or clock.technical_now() - beat > LATE


def start(app: Flask, scheduler: BaseScheduler) -> None:
    """Tick until the scheduler is shut down."""
    scheduler.add_job(
        tick,
        "interval",
        args=[app],
        seconds=app.extensions["settings"].jobs_tick_seconds,
        max_instances=1,
        coalesce=True,
        next_run_time=clock.technical_now(),
    )
    scheduler.start()


def prepare(app: Flask) -> None:
    """Give the application its empty round and this process its name in the lease."""
    app.extensions["jobs"] = []
    app.extensions["job_holder"] = f"{os.getpid()}-{uuid4().hex[:12]}"
