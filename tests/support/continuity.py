"""Open cases of a service, notices given, and decisions on them, for tests and journeys."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lots.contracts.continuity import actions, completing
from lots.contracts.continuity.actions import Notice
from lots.contracts.continuity.models import ActKind, ActReason, ContinuityAct, Decision
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from referrals.continuity import actions as deciding
from referrals.continuity.actions import Choice
from referrals.models import Referral
from tests.support import referrals
from tests.support.contracts import make_live_contract
from tests.support.people import written

if TYPE_CHECKING:
    from tests.support.world import World

SOON = 30


def open_cases(
    contract_area_id: UUID, practitioners: list[Acting], caseworker: Acting, count: int
) -> list[Referral]:
    """So many cases that hold a place, each sent by the next practitioner, at different points.

    In turn: just sent, accepted, and being delivered. The area needs that many free places.
    """
    further = cycle(
        [
            lambda each: each,
            lambda each: referrals.accepted(each, caseworker),
            lambda each: referrals.started(each, caseworker),
        ]
    )
    return [
        go_on(referrals.send(contract_area_id, by))
        for _number, by, go_on in zip(range(count), cycle(practitioners), further, strict=False)
    ]


def give_notice(
    contract_id: UUID,
    by: Acting,
    kind: ActKind = ActKind.AREA_LOSS,
    contract_area_id: UUID | None = None,
    days: int = SOON,
    reason: ActReason = ActReason.REORGANISED,
) -> ContinuityAct:
    """Notice by a contract manager, to take effect in so many days; an ending is only proposed."""
    day = clock.today() + timedelta(days=days)
    with written():
        act = actions.propose(contract_id, Notice(kind, reason, day, contract_area_id), by)
        return _let_go(act.id)


def end_contract(contract_id: UUID, manager: Acting, director: Acting, days: int = SOON) -> Any:
    """Notice that a contract ends, proposed and confirmed."""
    act = give_notice(contract_id, manager, ActKind.ENDING, days=days)
    with written():
        actions.confirm(act.id, director)
        return _let_go(act.id)


def decide(referral_id: UUID, by: Acting, decision: Decision, target: UUID | None = None) -> UUID:
    """One decision on one case; where it goes on."""
    with written():
        return deciding.decide([referral_id], Choice(decision, target), by)[0]


def days_pass(days: int) -> None:
    """Let business time run, and what is due by then come about."""
    with written():
        clock.set_offset(clock.offset_seconds() + days * 86400)
    completing.bring_about(clock.now())


def again(act_id: UUID) -> ContinuityAct:
    """The act as it is stored now, let go of by the session."""
    db.session.expire_all()
    return _let_go(act_id)


def _let_go(act_id: UUID) -> ContinuityAct:
    db.session.flush()
    act = db.session.get_one(ContinuityAct, act_id, populate_existing=True)
    db.session.expunge(act)
    return act


def add_to(world: World) -> None:
    """A notice with a case to decide, one restricted, one waiting and one moved; two more acts."""
    provider, region = world.people["trustee"][1], world.people["director"][1]
    manager, author, worker = (
        world.by(each) for each in ("contract manager", "author", "assigned")
    )
    going = make_live_contract(provider, buyer=region, places=3, service_code="accommodation")
    area_id = going.areas[0].id
    elsewhere = make_live_contract(provider, buyer=region, places=5, service_code="accommodation")
    moved, kept = open_cases(area_id, [author], worker, 2)
    named = {"restricted": {"is_restricted": "yes", "named": world.people["named"][0].email}}
    hidden = referrals.send(area_id, author, referrals.finished_answers() | named)
    waits = referrals.send(area_id, author)
    act = give_notice(going.id, manager, ActKind.SUSPENSION)
    goes_on = decide(moved.id, author, Decision.TRANSFER, elsewhere.areas[0].id)
    ending = give_notice(elsewhere.id, manager, ActKind.ENDING)
    paused = make_live_contract(provider, buyer=region)
    suspended = give_notice(paused.id, manager, ActKind.SUSPENSION, days=0)
    with written():
        completing.take_effect(suspended.id)
    world.things |= {
        "notice": {"act_id": act.id},
        "proposed ending": {"act_id": ending.id},
        "suspension": {"act_id": suspended.id},
        "case to decide": {"referral_id": kept.id},
        "restricted case to decide": {"referral_id": hidden.id},
        "waiting case": {"referral_id": waits.id},
        "moved case": {"referral_id": goes_on},
    }
