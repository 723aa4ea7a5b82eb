"""What a case-management system must be able to do for us, and which one is configured."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from flask import Flask, current_app

LOOK_UP_SECONDS = 3.0
DELIVERY_SECONDS = 10.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Person:
    """What a system knows of a person; None where it does not."""

    crn: str
    name: str
    date_of_birth: date | None = None
    sex: str | None = None
    language: str | None = None
    phone: str | None = None
    email: str | None = None


class CaseSystem(Protocol):
    """A case-management system.

    Every method may raise anything, and may be slow: nobody waits for it. Whatever is recorded
    with a key that was seen before changes nothing.
    """

    def look_up(self, crn: str) -> Person | None:
        """The person of this CRN or prison number; None where it knows nobody."""

    def record_referral(self, key: str, facts: dict[str, Any]) -> None:
        """Record a referral, or a later state of it."""

    def record_attendance(self, key: str, facts: dict[str, Any]) -> None:
        """Record what came of a session."""


def case_system(app: Flask | None = None) -> CaseSystem | None:
    """The system that is configured; None where everything is typed by hand."""
    return (app or current_app).extensions["case_system"]


def in_time(seconds: float, asks: Any, *values: Any) -> Any:
    """What `asks(*values)` returns. Raises what it raises, TimeoutError where it is too slow."""
    # One that hangs is left behind: joining it would have the practitioner wait after all.
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="case-system")
    try:
        return pool.submit(asks, *values).result(timeout=seconds)
    except TookTooLong as error:
        raise TimeoutError("the case-management system did not answer in time") from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def look_up(crn: str) -> Person | None:
    """The person as the system knows them; None where it does not, is away, slow or not there.

    Called outside any write.
    """
    system = case_system()
    if system is None:
        return None
    try:
        return in_time(LOOK_UP_SECONDS, system.look_up, crn)
    except Exception as error:
        log.warning("look-up failed", extra={"kind": type(error).__name__})
        return None
