"""Which steps of a lot are published, and as what.

Between the closing and the award notice nothing is published: no bidder, no number of bids. What
is told of a decision comes from the floor that knows it, in the same way.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from lots.competition.lifecycle import ANSWER
from lots.competition.models import Clarification
from lots.lifecycle import APPROVE, CANCEL, NO_AWARD, OPEN, PLAN, PUBLISH, TAKE_BACK
from lots.models import Lot
from lots.notices.lifecycle import ACCEPT, PLATFORM_DOWN
from lots.notices.models import Notice
from lots.notices.posting import last_notice
from lots.notices.vocabulary import NoticeKind
from lots.releases import awards
from lots.releases.models import Release
from lots.releases.numbering import to_number
from lots.releases.processes import process_of
from lots.releases.values import moment
from lots.releases.writing import release
from lots.vocabulary import LotState
from marketplace import events
from marketplace.acting import Acting
from marketplace.database import db


def planned(lot: Lot, by: Acting | None) -> None:
    """A lot is shown as planned, or its plan has changed."""
    tag = "planningUpdate" if process_of(lot).releases else "planning"
    pipeline = last_notice(lot.id, NoticeKind.PIPELINE)
    release(lot, [tag], notice=last_notice(lot.id, NoticeKind.PLANNED), notices=[pipeline])


def opened(lot: Lot, by: Acting | None) -> None:
    """A lot opens; the second of a competition updates its tender."""
    process = process_of(lot)
    tags = db.session.scalars(select(Release.tags).where(Release.process_id == process.id))
    tag = "tenderUpdate" if any("tender" in each for each in tags) else "tender"
    release(lot, [tag], notice=last_notice(lot.id, NoticeKind.OPENING))


def answered(clarification: Clarification, by: Acting | None) -> None:
    """A question is published with its answer; never who asked, nor when."""
    lot = db.session.get_one(Lot, clarification.lot_id)
    enquiry = {
        "id": f"{lot.reference}-Q{clarification.number}",
        "description": clarification.wording,
        "answer": clarification.answer,
        "dateAnswered": moment(clarification.answered_at),
        "relatedLot": lot.reference,
    }
    release(lot, ["tenderUpdate"], tender={"enquiries": [enquiry]})


def ended(lot: Lot, by: Acting | None) -> None:
    """A lot is cancelled, or ends without an award; an award already published falls with it."""
    number = awards.rounds(lot.id)
    fragment: dict[str, Any] = {}
    tags = ["tenderCancellation" if lot.state == LotState.CANCELLED else "tenderUpdate"]
    if number:
        tags += ["awardCancellation", "contractTermination"]
        fragment = cancelled_award(lot, number)
    reason = lot.end_reason.value if lot.end_reason else None
    end = {
        "id": f"{lot.reference}-end",
        "date": moment(lot.ended_at),
        "rationale": reason,
        "relatedLots": [lot.reference],
    }
    tender = {"finalStatusDate": moment(lot.ended_at), "amendments": [end]}
    release(lot, tags, fragment, tender=tender, notice=last_notice(lot.id, NoticeKind.ENDING))


def cancelled_award(lot: Lot, number: int) -> dict[str, Any]:
    """The sections that take an award and the contract that was to come of it back."""
    award, contract = awards.award_id(lot, number), awards.contract_id(lot, number)
    return {
        "awards": [{"id": award, "status": "cancelled", "relatedLots": [lot.reference]}],
        "contracts": [{"id": contract, "awardID": award, "status": "cancelled"}],
    }


def _may_be_public(notice: Notice, by: Acting | None) -> None:
    """What waited for the platform may follow now."""
    of = select(Release.process_id).where(Release.notice_id == notice.id)
    for process_id in db.session.scalars(of.distinct()):
        to_number(process_id)


def register(app: Flask) -> None:
    """Hear of every step that is published."""
    for step, handler in (
        (PLAN, planned),
        (APPROVE, planned),
        (TAKE_BACK, planned),
        (PUBLISH, opened),
        (OPEN, opened),
        (ANSWER, answered),
        (CANCEL, ended),
        (NO_AWARD, ended),
        (ACCEPT, _may_be_public),
        (PLATFORM_DOWN, _may_be_public),
    ):
        events.when(app, step, handler)
