"""The demonstration's action plans: most in time, a few late, some with a second version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.demonstration.world import on_the_day
from referrals.delivery.models import Method
from referrals.plans import actions, queries
from referrals.plans.kinds import OTHER, offered
from referrals.plans.models import Doer, Frequency
from referrals.plans.queries import Said

if TYPE_CHECKING:
    from referrals.demonstration.work import Told

# Days after sending; a late plan came well after the five working days.
PLANNED, PLANNED_LATE, AGAIN = 10, 21, 40
SESSIONS, MORE_SESSIONS = 6, 8
DOERS = (Doer.BOTH, Doer.PERSON, Doer.CASEWORKER)
HOW_OFTEN = (Frequency.WEEKLY, Frequency.ONCE, Frequency.FORTNIGHTLY)
WORDS = "Start with the papers that are missing."
COMMENT = "Thank you. Mornings are hard for them; the afternoon works better."
ANSWER = "Noted: all sessions are in the afternoon from now on."


def tell_plan(told: Told, outcomes: Sequence[UUID], caseworker: Acting) -> None:
    """The plan for a case that was assessed, as far as its days have come."""
    sent_at = told.after(PLANNED_LATE if told.number % 9 == 4 else PLANNED)
    if sent_at >= clock.judged_now():
        return
    with on_the_day(sent_at):
        actions.begin(told.referral_id, caseworker)
        for at, outcome_id in enumerate(outcomes):
            _add(told, outcome_id, told.number + at, caseworker)
        actions.set_sessions(told.referral_id, SESSIONS, "", caseworker)
        _send(told, caseworker)
    again = told.after(AGAIN)
    if told.number % 4 == 1 and again < clock.judged_now():
        with on_the_day(again):
            actions.comment(told.referral_id, COMMENT, told.practitioner)
            actions.comment(told.referral_id, ANSWER, caseworker)
            actions.begin(told.referral_id, caseworker)
            actions.set_sessions(told.referral_id, MORE_SESSIONS, str(SESSIONS), caseworker)
            _add(told, outcomes[0], told.number, caseworker, words=WORDS, other=True)
            _send(told, caseworker)


def _add(
    told: Told,
    outcome_id: UUID,
    number: int,
    caseworker: Acting,
    *,
    words: str | None = None,
    other: bool = False,
) -> None:
    today = calendar.day_of(clock.now())
    need = queries.chosen_outcomes(told.referral_id)[outcome_id]
    kinds = offered([need], today)
    said = Said(
        outcome_id,
        OTHER if other or not kinds else kinds[number % len(kinds)].code,
        words or (None if kinds else WORDS),
        DOERS[number % len(DOERS)],
        HOW_OFTEN[number % len(HOW_OFTEN)],
        Method.IN_PERSON_OFFICE,
        today + timedelta(days=28),
    )
    actions.save_activity(told.referral_id, None, said, "", caseworker)


def _send(told: Told, caseworker: Acting) -> None:
    db.session.flush()
    found = queries.draft(told.referral_id)
    assert found is not None, "begun above"
    actions.send(told.referral_id, found.seen, caseworker)
