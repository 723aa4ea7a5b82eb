"""A case goes on with another provider: a place is taken there and given back here, together.

What was typed once is carried over; the earlier case keeps its history and ends as transferred,
and the new one names it, so that whoever goes on can read what was done.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select

from lots.contracts import places
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id, tables
from marketplace.lifecycle import Refusal
from marketplace.references import referral_reference
from referrals import clocks, custody, notices
from referrals.codes import EndReason, ReferralState
from referrals.eligibility import Offer
from referrals.lifecycle import END_EARLY, REFERRAL, WITHDRAW
from referrals.models import NamedPerson, Referral, ReferralNeed, ReferralOutcome
from referrals.options import fits

# What belongs to one provider's part of a case; everything else is carried over.
_OF_ONE_PART = (
    "id",
    "reference",
    "send_key",
    "state",
    "contract_area_id",
    "provider_id",
    "service_code",
    "continues_id",
    "batch_id",
    "copied_from_id",
    "settled_at",
    "sent_at",
    "placed_at",
    "accepted_at",
    "started_at",
    "concluding_at",
    "ended_at",
    "decline_reason",
    "end_reason",
    "end_comment",
    "reserve_from",
    "next_due_on",
    "ends_soon_on",
    "is_indexed",
)


def move(referral: Referral, target: UUID, by: Acting, area_code: str | None = None) -> UUID:
    """Have another service go on with a case; the id of the case there.

    The case and both areas are locked by the caller; `area_code` is where somebody moves to who
    leaves the area. Raises Refusal where the service does not fit, or its last place was taken a
    moment ago.
    """
    offered = fits(referral, target, area_code)
    if offered is None or not places.reserve(target):
        raise Refusal(_("This service has no place free for this case any more. Choose another."))
    new = _row(referral, offered)
    tables().execute(insert(Referral.__table__), new)
    _copy_details(referral.id, new["id"])
    _end(referral, by)
    facts = {"to": new["state"], "contract_area": target, "continues": referral.id}
    audit.record("referral:continue", subject=Referral(id=new["id"]), by=by, facts=facts)
    today = clock.today()
    custody.insert_clocks(new["id"], custody.release_of(referral), offered, today)
    clocks.note_next(new["id"])
    notices.tell_of_new(new["id"], new["reference"], offered.provider_email, offered.provider_id)
    return new["id"]


def _row(referral: Referral, offered: Offer) -> dict[str, Any]:
    now = clock.now()
    carried = {
        column.key: getattr(referral, column.key)
        for column in Referral.__table__.columns
        if column.key not in _OF_ONE_PART
    }
    return carried | {
        "id": new_id(),
        "reference": _fresh_reference(offered.service_code),
        "send_key": str(new_id()),
        "state": ReferralState.SENT,
        "contract_area_id": offered.contract_area_id,
        "provider_id": offered.provider_id,
        "service_code": offered.service_code,
        "continues_id": referral.id,
        "sent_at": now,
        "placed_at": now,
    }


def _fresh_reference(service_code: str) -> str:
    while True:
        reference = referral_reference(service_code)
        if not db.session.scalar(select(Referral.id).where(Referral.reference == reference)):
            return reference


def _copy_details(old_id: UUID, new: UUID) -> None:
    """The needs, the outcomes, and who is named for a restricted case."""
    for model in (ReferralNeed, ReferralOutcome, NamedPerson):
        table: Any = model.__table__
        found = db.session.scalars(select(model).where(table.c.referral_id == old_id)).all()
        rows = [
            {column.key: getattr(each, column.key) for column in table.columns}
            | {"id": new_id(), "referral_id": new}
            for each in found
        ]
        if rows:
            tables().execute(insert(table), rows)


def _end(referral: Referral, by: Acting) -> None:
    held_place = referral.state != ReferralState.WAITING
    step = END_EARLY if referral.state in END_EARLY.frm else WITHDRAW
    facts = {"end_reason": EndReason.TRANSFERRED, "ended_at": clock.now()}
    REFERRAL.take(step, referral, by, facts=facts)
    clocks.end(referral.id, clock.today())
    if held_place:
        notices.tell_provider("continuity/moved", referral)
        places.release(referral.contract_area_id, by)
