"""Action plans in any state, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import write
from referrals.delivery.models import Method
from referrals.plans import actions, queries
from referrals.plans.models import Doer, Frequency
from referrals.plans.queries import Said
from tests.support import referrals

if TYPE_CHECKING:
    from tests.support.world import World


def said(outcome_id: UUID, words: str = "Fill it in together", **changed: object) -> Said:
    """An activity for this outcome of the need "accommodation"."""
    values = {
        "outcome_id": outcome_id,
        "kind_code": "accommodation-application",
        "words": words,
        "doer": Doer.BOTH,
        "frequency": Frequency.WEEKLY,
        "method": Method.VIDEO,
        "by_on": clock.today() + timedelta(days=30),
    }
    return Said(**(values | changed))  # type: ignore[arg-type]  # the values above, by name


def drafted(referral_id: UUID, by: Acting, sessions: int = 6) -> queries.Plan:
    """A version being written, with an activity for each outcome and so many sessions."""
    with write():
        actions.begin(referral_id, by)
        for outcome_id in referrals.outcome_ids(referral_id):
            actions.save_activity(referral_id, None, said(outcome_id), "", by)
        seen = str(read_draft(referral_id).plan.sessions or "")
        actions.set_sessions(referral_id, sessions, seen, by)
    return read_draft(referral_id)


def read_draft(referral_id: UUID) -> queries.Plan:
    """The version being written."""
    found = queries.draft(referral_id)
    assert found is not None, "no draft"
    return found


def planned(referral_id: UUID, by: Acting, sessions: int = 6) -> queries.Plan:
    """The plan in force, just sent."""
    found = drafted(referral_id, by, sessions)
    with write():
        actions.send(referral_id, found.seen, by)
    current = queries.current(referral_id)
    assert current is not None, "not sent"
    return current


def add(world: World) -> None:
    """A plan in force with a new version being written, and a case with its report."""
    caseworker, author = world.by("assigned"), world.by("author")
    referral_id = world.things["active case"]["referral_id"]
    planned(referral_id, caseworker)
    with write():
        actions.begin(referral_id, caseworker)
    activity = read_draft(referral_id).activities[0]
    world.things["planned case"] = {
        "referral_id": referral_id,
        "outcome_id": activity.outcome_id,
        "activity_id": activity.id,
        "number": 1,
    }
    area_id = world.things["service"]["contract_area_id"]
    done = referrals.completed(referrals.send(area_id, author), caseworker)
    world.things["reported case"] = {"referral_id": done.id}
