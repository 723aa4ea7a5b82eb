"""What this floor does, in the same transaction, when a notice is given, ends, or is taken back."""

from __future__ import annotations

from sqlalchemy import select

from lots.contracts.continuity import cases
from lots.contracts.continuity.models import ActKind, ContinuityAct
from marketplace import audit
from marketplace.acting import Acting
from marketplace.database import db
from referrals import waiting
from referrals.codes import HOLDING
from referrals.continuity import telling
from referrals.continuity.stops import cancel_sessions
from referrals.models import Referral


def notice_given(act: ContinuityAct, by: Acting | None) -> None:
    """List every open case with its practitioner, and tell everybody concerned.

    The areas are locked and stopped by then: whoever was sent a moment before is seen here, whoever
    comes later is refused.
    """
    areas = cases.areas_of(act)
    found = db.session.execute(
        select(Referral.contract_area_id, Referral.id, Referral.owner_id)
        .where(Referral.contract_area_id.in_(areas), Referral.state.in_(HOLDING))
        .order_by(Referral.id)
    )
    cases.list_open(act, [cases.OpenCase(*row) for row in found])
    if act.kind == ActKind.EMERGENCY:
        facts = {"sessions": cancel_sessions(areas)}
        audit.record("continuity_act:cancel_sessions", subject=act, by=by, facts=facts)
        telling.tell_caseworkers(areas, act)
    telling.tell_of_notice(act, areas)


def taken_effect(act: ContinuityAct, by: Acting | None) -> None:
    """Nobody waits on for a place of what has ended; a suspended service is waited for."""
    if act.kind != ActKind.SUSPENSION:
        waiting.end_waits(cases.areas_of(act))


def taken_back(act: ContinuityAct, by: Acting | None) -> None:
    """Cancelled, or resumed after a suspension: everybody who was told hears of this too.

    Not of areas that a suspension or a signed change goes on holding.
    """
    if act.notice_at is not None:
        telling.tell_goes_on(act, cases.let_go_by(act))


def goes_on_suspended(act: ContinuityAct, by: Acting | None) -> None:
    """A suspension stands again: the cases that ended meanwhile need no decision."""
    for case_ref in cases.refs_of(act):
        if db.session.get_one(Referral, case_ref).state not in HOLDING:
            cases.settle(case_ref)


def case_ended(referral: Referral, by: Acting | None) -> None:
    """A case that ends by itself counts as decided.

    Its area was locked before the case, so that a notice of this very moment has either written the
    row already, or finds the case ended.
    """
    if referral.placed_at is not None:
        cases.settle(referral.id)
