"""Recommending, deciding, and confirming an award after its standstill."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from bids.awards import queries, report
from bids.awards.cosigning import ask, must_be_cosigned
from bids.awards.figures import figures
from bids.awards.models import Award, AwardHappening, AwardOutcome
from bids.awards.queries import locked
from bids.awards.reviewing import must_be_reviewed
from bids.awards.summaries import send_summaries
from bids.evaluation import queries as evaluations
from bids.evaluation import standings
from bids.evaluation.lifecycle import (
    DECIDE,
    EVALUATION,
    RECOMMEND,
    SEND_BACK,
    SEND_BACK_UNRANKED,
)
from bids.evaluation.models import Evaluation, EvaluationState
from bids.evaluation.permissions import has_interest
from bids.lifecycle import BID, LOSE, WIN
from bids.models import Bid
from bids.partners.opening import shares_promised
from bids.permissions import BidPermission
from lots import lifecycle as lot_steps
from lots.contracts.actions import draw_up
from lots.lifecycle import LOT
from lots.models import Lot
from lots.permissions import DECIDERS
from lots.vocabulary import EndReason, Route
from marketplace import calendar, clock, events, outbox
from marketplace.accounts.models import Person
from marketplace.accounts.queries import people_with
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, check


def recommend(evaluation_id: UUID, bid_id: UUID | None, reasons: str, by: Acting) -> Award:
    """Send the decision-maker a recommendation: one of the ranked bids, or none.

    Raises Refusal for a bid before prices are open, or one that was set aside.
    """
    evaluation, lot = locked(evaluation_id)
    check(by, BidPermission.MANAGE, evaluation)
    if bid_id is not None and str(bid_id) not in _ranked_keys(evaluation):
        raise Refusal(_("Only a bid in the ranking can be recommended. Open the prices first."))
    if bid_id is not None:
        standings.compare_again(evaluation)
    EVALUATION.take(RECOMMEND, evaluation, by)
    LOT.take(lot_steps.RECOMMEND, lot, by)
    award = Award(
        id=new_id(),
        lot_id=lot.id,
        evaluation_id=evaluation.id,
        recommended_bid_id=bid_id,
        recommended_by_id=by.person_id,
        recommended_at=clock.now(),
        recommendation=reasons,
    )
    db.session.add(award)
    report.keep(award)
    _tell_deciders(award, lot)
    ask(award, lot)
    return award


def decide(
    evaluation_id: UUID, bid_id: UUID | None, reason: str, by: Acting, seen: str | None = None
) -> Award:
    """Award the lot to a ranked bid, or to none, and tell every bidder at the same moment.

    An officer has reviewed what they will read. `reason` is published; it is owed for a departure
    from the ranking, between bids sharing the first place, for a bidder that has won its limit,
    and for no award. A contract's standstill begins, a grant is awarded at once (domain, section
    6). `seen` is the hash of the report that the decider was shown, where it was on a page. Raises
    AlreadyChanged where somebody else decided first.
    """
    evaluation, lot = locked(evaluation_id)
    check(by, BidPermission.DECIDE, evaluation)
    EVALUATION.take(DECIDE, evaluation, by)
    award = queries.award_of(lot.id)
    if award is None:
        raise Refusal(_("There is no recommendation here, or it has been decided already."))
    if award.recommended_by_id == by.person_id:
        raise Refusal(_("You recommended this award, so somebody else must decide on it."))
    if seen is not None:
        report.must_be(award, seen)
    must_be_reviewed(award)
    standings.compare_again(evaluation)
    bids = evaluations.opened_bids(evaluation)
    award.decided_at = clock.now()
    award.decided_by_id = by.person_id
    award.published_reason = reason
    for name, number in figures(bids, len(standings.ranked(evaluation))).items():
        setattr(award, name, number)
    if bid_id is None:
        _no_award(award, lot, by)
    else:
        _award(award, lot, bid_id, by)
    _tell_bids(award, bids, by)
    send_summaries(award, bids)
    events.emit(AwardHappening.SUMMARIES_SENT, award, by)
    return award


def send_back(evaluation_id: UUID, by: Acting) -> None:
    """Take a recommendation back before its decision; the bids can be ranked and recommended anew.

    By whoever runs the evaluation or decides on it.
    """
    evaluation, lot = locked(evaluation_id)
    if not allowed(by, BidPermission.MANAGE, evaluation):
        check(by, BidPermission.DECIDE, evaluation)
    award = queries.waiting_award(evaluation)
    ranked = standings.ranked(evaluation)
    EVALUATION.take(SEND_BACK if ranked else SEND_BACK_UNRANKED, evaluation, by)
    LOT.take(lot_steps.SEND_BACK, lot, by)
    award.superseded_at = clock.now()
    db.session.flush()
    recommender = db.session.get_one(Person, award.recommended_by_id)
    if award.recommended_by_id != by.person_id:
        outbox.post(
            "bids/awards/mail/sent_back.txt",
            to=recommender.email,
            subject_id=award.id,
            facts={"evaluation_id": str(evaluation.id), "title": lot.title},
        )


def confirm_award(lot_id: UUID) -> None:
    """After the standstill: the lot is awarded and its contract drawn up, by the system itself."""
    lot = queries.locked_lot(lot_id)
    award = queries.award_of(lot_id)
    if award is None:
        return
    LOT.take(lot_steps.AWARD, lot, by=None, facts={"awarded_at": clock.now()})
    _draw_up(award, lot, None)


def _ranked_keys(evaluation: Evaluation) -> set[str]:
    if evaluation.state != EvaluationState.PRICED:
        return set()
    return {each.key for each in standings.ranked(evaluation)}


def _award(award: Award, lot: Lot, bid_id: UUID, by: Acting) -> None:
    places = {each.key: each for each in standings.ranked(award.evaluation)}
    place = places.get(str(bid_id))
    if place is None:
        raise Refusal(_("This bid is not in the ranking. Choose one that is."))
    must_be_cosigned(award, lot, bid_id)
    award.departs = place.place != 1
    if place.owes_reason and not award.published_reason:
        raise Refusal(
            _("Enter the reason for not simply following the ranking. It will be published.")
        )
    award.outcome, award.bid_id = AwardOutcome.AWARD, bid_id
    award.price_pence = int(evaluations.opened_bid(award.evaluation, bid_id).price_pence or 0)
    now = clock.now()
    if lot.route == Route.GRANT:
        LOT.take(lot_steps.AWARD_GRANT, lot, by, facts={"decided_at": now, "awarded_at": now})
        _draw_up(award, lot, by)
        return
    ends_on = calendar.standstill_end(calendar.day_of(now), lot.standstill_working_days)
    facts: dict[str, Any] = {"decided_at": now, "standstill_ends_on": ends_on}
    LOT.take(lot_steps.START_STANDSTILL, lot, by, facts=facts)


def _no_award(award: Award, lot: Lot, by: Acting) -> None:
    if not award.published_reason:
        raise Refusal(_("Enter the reason for not awarding the lot. It will be published."))
    award.outcome = AwardOutcome.NO_AWARD
    end_reason = EndReason.NO_SUITABLE_BID if award.bids else EndReason.NO_BIDS
    now = clock.now()
    facts = {"decided_at": now, "ended_at": now, "end_reason": end_reason}
    LOT.take(lot_steps.NO_AWARD, lot, by, facts=facts, reason=end_reason)


def _tell_bids(award: Award, bids: list[Bid], by: Acting) -> None:
    for bid in bids:
        if bid.id == award.bid_id:
            BID.take(WIN, bid, by)
        elif bid.state in LOSE.frm:
            BID.take(LOSE, bid, by)


def _draw_up(award: Award, lot: Lot, by: Acting | None) -> None:
    bid = db.session.get_one(Bid, award.bid_id)
    if bid.organisation_id is None or award.price_pence is None:
        raise ValueError("an awarded bid has been opened, and its price too")
    draw_up(lot, bid.organisation_id, award.price_pence, by, shares_promised(bid.id))


def _tell_deciders(award: Award, lot: Lot) -> None:
    for person in people_with(lot.lead_buyer_id, DECIDERS):
        if person.id != award.recommended_by_id and not has_interest(person.id, lot.id):
            outbox.post(
                "bids/mail/recommended.txt",
                to=person.email,
                subject_id=award.id,
                facts={"evaluation_id": str(award.evaluation_id), "title": lot.title},
            )
