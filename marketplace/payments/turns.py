"""One thing after the other with a service far away: who does not answer holds up nobody else."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Flask, current_app

from marketplace import clock
from marketplace.lifecycle import Refusal

# A body whose service is silent so often in a row is left alone until the next round.
MOST_UNCLEAR = 3
# After this much technical time the other jobs have their turn; the next round goes on.
LONGEST = timedelta(seconds=45)
Thing = TypeVar("Thing")
log = logging.getLogger(__name__)


class Went(StrEnum):
    """How it went: done, not to be had (somebody else was faster), or no clear answer came."""

    DONE = "done"
    NOTHING = "nothing"
    UNCLEAR = "unclear"


def _never(error: Exception) -> bool:
    return False


def in_turn(
    due: Iterable[tuple[Thing, UUID]],
    deal: Callable[[Thing], Went],
    is_unclear: Callable[[Exception], bool] = _never,
) -> int:
    """Deal with each (thing, body whose account it goes through) once; how many were done.

    Bodies that were silent come last, also in later rounds, where each is tried once until it
    answers. What fails is logged and stops no other; `is_unclear` says which failures mean that
    the service did not answer. Outside any write: `deal` opens its own.
    """
    silent: Counter[UUID] = current_app.extensions["silent_bodies"]
    waiting = sorted(due, key=lambda each: silent[each[1]])
    ends, tried, done = clock.technical_now() + LONGEST, set[UUID](), 0
    while waiting and clock.technical_now() < ends:
        thing, body_id = waiting.pop(0)
        if body_id in tried and silent[body_id] >= MOST_UNCLEAR:
            continue
        tried.add(body_id)
        went = _alone(thing, deal, is_unclear)
        if went == Went.UNCLEAR:
            silent[body_id] += 1
            waiting.sort(key=lambda each: silent[each[1]])
        elif went == Went.DONE:
            silent.pop(body_id, None)
            done += 1
    return done


def _alone(
    thing: Thing, deal: Callable[[Thing], Went], is_unclear: Callable[[Exception], bool]
) -> Went:
    try:
        return deal(thing)
    except Refusal:
        return Went.NOTHING
    except Exception as error:
        log.exception("not dealt with", extra={"subject": str(thing)})
        return Went.UNCLEAR if is_unclear(error) else Went.NOTHING


def register(app: Flask) -> None:
    """Let this process remember which bodies were silent, and how often in a row."""
    app.extensions["silent_bodies"] = Counter()
