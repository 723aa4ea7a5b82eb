"""What comes of the demonstration's referrals: answered, assessed, met with, and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.models import Contract
from lots.models import Lot
from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day
from referrals.answering import actions
from referrals.answering.assigning import assign
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.delivery import actions as delivery
from referrals.delivery import sessions
from referrals.delivery.models import Method
from referrals.demonstration.data import ASSESSED, NEXT_STEPS, QUERY, REPORT, Tells
from referrals.demonstration.plans import tell_plan
from referrals.demonstration.sessions import meet, venue_of
from referrals.ending import actions as ending
from referrals.ending.models import Achievement
from referrals.models import Referral, ReferralOutcome
from referrals.outcomes import actions as outcomes_said

# Days after sending.
ANSWERED, ASSESSED_AFTER, CONCLUDED, REPORTED = 1, 7, 63, 66
SESSION_EVERY, SESSIONS = 7, 4
# Whoever was sent longer ago than this and only accepted has been forgotten by the provider.
FORGOTTEN = 20


@dataclass(frozen=True)
class Told:
    """One sent referral, and how far its story goes."""

    referral_id: UUID
    tells: Tells
    sent_on: date
    number: int
    practitioner: Acting
    lot: Lot

    def after(self, days: int, at: time = time(11, 5)) -> datetime:
        """A moment on the first working day so many days after sending."""
        day = self.sent_on + timedelta(days=days)
        return moment_of(calendar.next_working_day(day, calendar.ENGLAND_AND_WALES), at)

    @property
    def provider(self) -> str:
        """The key of the organisation that delivers."""
        of_lot = select(Contract.provider_id).where(Contract.lot_id == self.lot.id)
        return key_of(db.session.scalars(of_lot).one())


def tell_work(told: Told) -> None:
    """Go on with a referral from its sending; one on the waiting list stays there."""
    referral = db.session.get_one(Referral, told.referral_id)
    if told.tells is Tells.SENT or referral.state == ReferralState.WAITING:
        return
    if told.tells in (Tells.QUERY, Tells.DECLINED, Tells.WITHDRAWN):
        _turn_back(told)
        return
    caseworker = acting_for(told.provider, Role.CASEWORKER)
    with on_the_day(told.after(ANSWERED)):
        if referral.is_restricted:
            manager = acting_for(told.provider, Role.SERVICE_MANAGER)
            assign(told.referral_id, caseworker.person_id, manager)
        actions.accept(told.referral_id, caseworker)
    if told.tells is Tells.ACCEPTED:
        _arrange_first(told, caseworker)
        return
    _deliver(told, caseworker)
    if told.tells in (Tells.CONCLUDING, Tells.COMPLETED):
        with on_the_day(told.after(CONCLUDED)):
            ending.conclude(told.referral_id, caseworker)
    if told.tells is Tells.COMPLETED:
        _report(told, caseworker)
    if told.tells is Tells.ENDED_EARLY:
        with on_the_day(told.after(CONCLUDED)):
            actions.end_early(told.referral_id, EndReason.MOVED, "", told.practitioner)


def _turn_back(told: Told) -> None:
    manager = acting_for(told.provider, Role.SERVICE_MANAGER)
    with on_the_day(told.after(ANSWERED)):
        if told.tells is Tells.QUERY:
            actions.query(told.referral_id, QUERY, manager)
        elif told.tells is Tells.DECLINED:
            actions.decline(told.referral_id, DeclineReason.NEED_NOT_MET_HERE, manager)
        else:
            reason = EndReason.RETURNED_TO_CUSTODY
            actions.withdraw(told.referral_id, reason, "", told.practitioner)


def _arrange_first(told: Told, caseworker: Acting) -> None:
    today = clock.today()
    if (today - told.sent_on).days > FORGOTTEN:
        return
    with on_the_day(told.after(ANSWERED, time(15, 30))):
        day = calendar.next_working_day(today + timedelta(days=2), calendar.ENGLAND_AND_WALES)
        starts_at = moment_of(day, time(10, 0))
        venue = venue_of(told.referral_id, 0)
        sessions.arrange_session(told.referral_id, starts_at, venue, caseworker)


def _outcomes(told: Told) -> list[UUID]:
    of_referral = select(ReferralOutcome.id).where(ReferralOutcome.referral_id == told.referral_id)
    return list(db.session.scalars(of_referral.order_by(ReferralOutcome.position)))


def _deliver(told: Told, caseworker: Acting) -> None:
    outcomes, assessed = _outcomes(told), told.after(ASSESSED_AFTER)
    start = {each: 1 + (told.number + at) % 2 for at, each in enumerate(outcomes)}
    with on_the_day(assessed):
        held_on = calendar.day_of(clock.now())
        delivery.record_assessment(
            told.referral_id,
            held_on,
            Method.IN_PERSON_OFFICE,
            ASSESSED,
            start,
            caseworker,
            _own(told, start),
        )
    tell_plan(told, outcomes, caseworker)
    for number in range(1, SESSIONS + 1):
        _meet(told, number, caseworker)
    review = told.after(ASSESSED_AFTER + SESSION_EVERY * SESSIONS)
    if review < clock.judged_now():
        with on_the_day(review):
            reviewed = {each: min(position + 1, 5) for each, position in start.items()}
            outcomes_said.record_review(
                told.referral_id, reviewed, caseworker, _own(told, reviewed)
            )


def _meet(told: Told, number: int, caseworker: Acting) -> None:
    """A session each week, arranged up to a week ahead of now."""
    starts_at = told.after(ASSESSED_AFTER + SESSION_EVERY * number, time(14, 0))
    if starts_at <= clock.judged_now() + timedelta(days=SESSION_EVERY):
        meet(told.referral_id, told.number, number, starts_at, caseworker)


def _report(told: Told, caseworker: Acting) -> None:
    results = []
    for at, outcome_id in enumerate(_outcomes(told)):
        position = 3 + (told.number + at) % 3
        achieved = Achievement.ACHIEVED if position > 3 else Achievement.PARTLY
        comment = "Holding, with a plan for bad days." if position > 3 else "Under way."
        own = _own(told, {outcome_id: position}).get(outcome_id)
        results.append(
            ending.OutcomeResult(outcome_id, achieved, comment, position, NEXT_STEPS, own)
        )
    # Two in three say how they rate the service.
    rating = 2 + told.number % 4 if told.number % 3 else None
    with on_the_day(told.after(REPORTED)):
        ending.send_report(told.referral_id, REPORT, results, caseworker, rating)


def _own(told: Told, positions: dict[UUID, int]) -> dict[UUID, int]:
    """Where the person says they are: most wish to, and see it a little differently."""
    if told.number % 4 == 3:
        return {}
    return {
        outcome: max(position - 1, 1) if told.number % 3 == 0 else position
        for outcome, position in positions.items()
    }
