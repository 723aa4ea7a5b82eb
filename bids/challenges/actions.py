"""Challenging an award, and answering: judged and done under the lot's lock."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.awards.models import Award
from bids.awards.queries import award_of, locked_lot
from bids.awards.standstill import close, end_pause, pause
from bids.challenges import queries, telling
from bids.challenges.lifecycle import CHALLENGE, DISMISS, END, UPHOLD
from bids.challenges.models import Challenge, Outcome
from bids.challenges.permissions import ChallengePermission
from bids.challenges.reopening import reopen
from bids.evaluation import queries as evaluations
from bids.queries import own_bid
from lots.actions import cancel
from lots.models import Lot
from lots.vocabulary import EndReason, LotState
from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, check
from marketplace.web.filters import shown_date


def challenge(bid_id: UUID, reason: str, by: Acting) -> Challenge:
    """A bidder challenges the award; the standstill is paused in the same moment.

    Judged by the database's clock under the lot's lock: until the end of the last day. Raises
    Refusal after it, for the winner, and while an earlier challenge of the bidder stands.
    """
    bid = own_bid(bid_id, by)
    lot = locked_lot(bid.lot_id)
    check(by, ChallengePermission.RAISE, bid)
    now = clock.judged_now()
    award = queries.challengeable(lot, now)
    if award is None or bid.organisation_id is None:
        raise _too_late()
    if award.bid_id == bid.id:
        raise Refusal(_("Your bid won, so there is nothing to challenge."))
    if queries.waits_for_answer(bid.id):
        raise AlreadyChanged(_("You have challenged this award already. The buyer will answer."))
    made = Challenge(
        id=new_id(), bid_id=bid.id, raised_by_id=by.person_id, received_at=now, reason=reason
    )
    return _received(made, lot, award, calendar.day_of(now), by)


def record_letter(
    evaluation_id: UUID,
    bid_id: UUID | None,
    sender: str,
    reason: str,
    received_on: date,
    by: Acting,
) -> Challenge:
    """An officer records a challenge that came by letter; its day counts, not the recording's.

    Raises Refusal for a day outside the standstill, and once the award is confirmed.
    """
    evaluation = evaluations.get(evaluation_id)
    lot = locked_lot(evaluation.lot_id)
    check(by, ChallengePermission.RECORD, evaluation)
    award = award_of(lot.id)
    if queries.is_confirmed(lot):
        raise Refusal(confirmed_already())
    if lot.state != LotState.STANDSTILL or award is None or award.decided_at is None:
        raise _too_late()
    problem = outside(award, lot, received_on)
    if problem:
        raise Refusal(problem)
    if bid_id is not None:
        evaluations.opened_bid(evaluation, bid_id)
        if bid_id == award.bid_id:
            raise Refusal(_("This bid won. Choose who challenges the award."))
        if queries.waits_for_answer(bid_id):
            raise AlreadyChanged(_("A challenge of this bidder waits for its answer already."))
    made = Challenge(
        id=new_id(),
        bid_id=bid_id,
        recorded_by_id=by.person_id,
        sender=sender,
        received_at=calendar.start_of(received_on),
        reason=reason,
    )
    return _received(made, lot, award, received_on, by)


def outside(award: Award, lot: Lot, day: date) -> str | None:
    """Why a letter that arrived on this day pauses nothing; None where it does."""
    if award.decided_at is None or day < calendar.day_of(award.decided_at):
        return _("The day must not be before the decision.")
    if day > clock.today():
        return _("The day must be today or in the past.")
    if lot.standstill_ends_on is not None and day > lot.standstill_ends_on:
        return _(
            "The standstill ended on %(day)s, so a letter that arrived later cannot pause it. "
            "Answer it in writing.",
            day=shown_date(lot.standstill_ends_on),
        )
    return None


def confirmed_already() -> str:
    """What an officer does with a letter that was not recorded before the award was confirmed."""
    return _(
        "The award is confirmed, so a letter can no longer be recorded here. If it arrived before "
        "the end of the standstill, do not sign the contract: tell the decision-maker and your "
        "legal adviser today, and answer the letter in writing."
    )


def _too_late() -> Refusal:
    return Refusal(
        _(
            "This award cannot be challenged here: its standstill is over, or there is none. "
            "Write to the buyer, whose address is on the lot’s page."
        )
    )


def _received(made: Challenge, lot: Lot, award: Award, day: date, by: Acting) -> Challenge:
    was_paused = lot.standstill_paused_at is not None
    # `pause` writes the challenge's own row of days; the lot itself is paused once.
    made.pause_id = pause(lot, award, day, by).id
    made.lot_id, made.award_id = lot.id, award.id
    db.session.add(made)
    db.session.flush()
    audit.record("challenge:received", subject=made, by=by)
    telling.received(made, lot, award, paused_now=not was_paused)
    return made


def dismiss(challenge_id: UUID, answer: str, by: Acting) -> bool:
    """Answer a challenge without changing the award; says whether the standstill runs on.

    It runs on from the next working day with the days left, unless another challenge stands.
    """
    challenge, lot = _locked(challenge_id)
    CHALLENGE.take(DISMISS, challenge, by, facts=_answered(Outcome.DISMISSED, answer, by))
    runs_on = end_pause(lot, challenge.award, challenge.pause, by)
    telling.dismissed(challenge, lot, runs_on=runs_on)
    return runs_on


def uphold(
    challenge_id: UUID,
    outcome: Outcome,
    answer: str,
    by: Acting,
    end_reason: EndReason | None = None,
    end_note: str = "",
) -> None:
    """Take the award back: to moderation, to the ranking, or with the lot (`end_…`, published).

    Other challenges of the award end with it; every bidder is told. Raises Refusal where the
    challenger was set aside and only the ranking would be looked at again.
    """
    challenge, lot = _locked(challenge_id)
    CHALLENGE.take(UPHOLD, challenge, by, facts=_answered(outcome, answer, by))
    # The award is gone, so nothing runs on.
    close(challenge.pause)
    if outcome is Outcome.CANCELLED:
        _cancel(lot, end_reason, end_note, by)
    else:
        end_standing(challenge.award, by)
        reopen(challenge, lot, outcome, by)
    telling.upheld(challenge)


def _cancel(lot: Lot, end_reason: EndReason | None, note: str, by: Acting) -> None:
    """With the lot end its award, its bids and every other challenge (`bids.endings`)."""
    if end_reason is None:
        raise Refusal(_("Select why the lot is cancelled."))
    cancel(lot, end_reason, by, note)


def end_standing(award: Award, by: Acting | None) -> None:
    """End every challenge that waits for an answer, with the award it was about."""
    for each in queries.standing(award.id):
        CHALLENGE.take(END, each, by)
        close(each.pause)
        telling.ended(each)


def _answered(outcome: Outcome, answer: str, by: Acting) -> dict[str, object]:
    return {
        "outcome": outcome,
        "answer": answer,
        "answered_at": clock.now(),
        "answered_by_id": by.person_id,
    }


def _locked(challenge_id: UUID) -> tuple[Challenge, Lot]:
    """The lot first, then its challenge, both read afresh."""
    lot_id = db.session.scalar(select(Challenge.lot_id).where(Challenge.id == challenge_id))
    if lot_id is None:
        raise NotYours(challenge_id)
    lot = locked_lot(lot_id)
    held = select(Challenge).where(Challenge.id == challenge_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one(), lot
