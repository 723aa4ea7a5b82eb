"""What is published of a decision, and when: from the moment every bidder has its summary."""

from __future__ import annotations

from typing import Any

from flask import Flask

from bids.awards.models import Award, AwardHappening, AwardOutcome
from bids.awards.queries import award_of
from bids.published import fragments
from lots.lifecycle import AWARD, PAUSE_STANDSTILL, REOPEN, RESUME_STANDSTILL
from lots.models import Lot
from lots.notices.posting import post
from lots.notices.vocabulary import NoticeKind
from lots.releases import awards
from lots.releases import parties as organisations
from lots.releases.handlers import cancelled_award
from lots.releases.processes import process_of
from lots.releases.values import ERASED, moment
from lots.releases.writing import release
from marketplace import clock, events
from marketplace.acting import Acting
from marketplace.database import db


def decided(award: Award, by: Acting | None) -> None:
    """The summaries are out: the award notice and its release follow, in the same transaction."""
    if award.outcome != AwardOutcome.AWARD:
        return
    lot = db.session.get_one(Lot, award.lot_id)
    number = awards.rounds(lot.id) + 1
    chosen = fragments.winner(award)
    notice = post(
        lot,
        NoticeKind.AWARD,
        {
            "supplier": chosen.name,
            "decided_at": award.decided_at,
            "summaries_sent_at": award.summaries_sent_at,
            "standstill_ends_on": lot.standstill_ends_on,
            "bids": award.bids,
            "final_stage_bids": award.final_stage_bids,
            "sme_bids": award.sme_bids,
            "vcse_bids": award.vcse_bids,
            "reason": award.published_reason,
        },
    )
    sections = fragments.decided(award, lot, number)
    parts = [(chosen, organisations.SUPPLIER)]
    release(lot, ["award", "contract"], sections, parts=parts, notice=notice)


def standstill_moved(lot: Lot, by: Acting | None) -> None:
    """The standstill is paused by a challenge, or runs on: its end is open, or another day."""
    award = award_of(lot.id)
    if award is None:
        return
    paused = lot.standstill_paused_at is not None
    period = fragments.standstill(award, lot) or {}
    if paused:
        period["endDate"] = ERASED
    told = "Standstill paused" if paused else "Standstill runs on"
    _update(lot, award, told, {"standstillPeriod": period})


def confirmed(lot: Lot, by: Acting | None) -> None:
    """The standstill has ended: the award stands, and its contract is drawn up."""
    award = award_of(lot.id)
    if award is not None:
        _update(lot, award, "Standstill over", {})


def _update(lot: Lot, award: Award, told: str, more: dict[str, Any]) -> None:
    number = awards.rounds(lot.id)
    chosen = fragments.winner(award)
    award_id = awards.award_id(lot, number)
    amendment = {
        # A standstill may be paused more than once: no two amendments share an id.
        "id": f"{award_id}-{process_of(lot).releases + 1}",
        "date": moment(clock.now()),
        "description": told,
        "relatedLots": [lot.reference],
    }
    section = {
        "id": award_id,
        "amendments": [amendment],
        "status": "pending",
        "suppliers": [organisations.reference(chosen)],
        "relatedLots": [lot.reference],
        **more,
    }
    parts = [(chosen, organisations.SUPPLIER)]
    release(lot, ["awardUpdate"], {"awards": [section]}, parts=parts)


def reopened(lot: Lot, by: Acting | None) -> None:
    """The award is taken back and the bids are evaluated again."""
    number = awards.rounds(lot.id)
    if number:
        release(lot, ["awardCancellation", "contractTermination"], cancelled_award(lot, number))


def register(app: Flask) -> None:
    """Hear of every step of a decision that is published."""
    events.when(app, AwardHappening.SUMMARIES_SENT, decided)
    events.when(app, PAUSE_STANDSTILL, standstill_moved)
    events.when(app, RESUME_STANDSTILL, standstill_moved)
    events.when(app, AWARD, confirmed)
    events.when(app, REOPEN, reopened)
