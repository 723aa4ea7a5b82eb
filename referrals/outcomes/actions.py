"""Recording where the person stands, as the caseworker and, if they wish, the person sees it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals.codes import ReferralState
from referrals.models import Referral, ReferralOutcome
from referrals.outcomes.models import Moment, OutcomePosition
from referrals.permissions import ReferralPermission
from referrals.queries import locked

# From the id of a chosen outcome to a position from 1 to 5.
Positions = Mapping[UUID, int]
NOT_SAID: Positions = MappingProxyType({})


def record_review(
    referral_id: UUID, positions: Positions, by: Acting, own: Positions = NOT_SAID
) -> None:
    """Record where the person stands on each outcome now. Raises NotYours, Refused, Refusal."""
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    if referral.state != ReferralState.ACTIVE:
        raise Refusal(_("Positions can be reviewed between the assessment and the end report."))
    add_positions(referral, Moment.REVIEW, positions, by, own)
    audit.record("referral:review", subject=referral, by=by)


def add_positions(
    referral: Referral,
    moment: Moment,
    positions: Positions,
    by: Acting,
    own: Positions = NOT_SAID,
) -> None:
    """Keep the caseworker's position on every outcome, and the person's own where they said one.

    Raises Refusal where an outcome is missing or belongs to another case.
    """
    outcomes = set(
        db.session.scalars(
            select(ReferralOutcome.id).where(
                ReferralOutcome.referral_id == referral.id, ReferralOutcome.dropped_at.is_(None)
            )
        )
    )
    if outcomes != set(positions) or not set(own) <= outcomes:
        raise Refusal(_("Give a position for every outcome of this case."))
    for outcome_id, position in positions.items():
        db.session.add(
            OutcomePosition(
                id=new_id(),
                referral_id=referral.id,
                outcome_id=outcome_id,
                moment=moment,
                position=position,
                own_position=own.get(outcome_id),
                by_id=by.person_id,
                at=clock.now(),
            )
        )
