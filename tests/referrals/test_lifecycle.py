"""Every state of a referral against every step: taken where the table says so, else refused."""

from __future__ import annotations

import pytest

from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged
from referrals.answering import actions
from referrals.codes import (
    ENDED,
    HOLDING,
    OPEN,
    REFERRAL_STATES,
    DeclineReason,
    EndReason,
    ReferralState,
)
from referrals.lifecycle import REFERRAL
from referrals.models import Referral
from tests.support.referrals import accepted, again, completed, concluding, send, started

# Reviewed by hand against section 8 of the domain; not computed from the table under test.
ALLOWED = {
    "place": {"waiting"},
    "accept": {"sent"},
    "query": {"sent"},
    "reply": {"query"},
    "decline": {"sent", "query"},
    "start": {"accepted"},
    "conclude": {"active"},
    "complete": {"concluding"},
    "withdraw": {"waiting", "sent", "query", "accepted"},
    "end_wait": {"waiting"},
    "end_early": {"active", "concluding"},
}
FACTS = {
    "decline": {"decline_reason": DeclineReason.NO_STAFF, "ended_at": True},
    "complete": {"ended_at": True},
    "withdraw": {"end_reason": EndReason.MOVED, "ended_at": True},
    "end_early": {"end_reason": EndReason.MOVED, "ended_at": True},
    "end_wait": {"end_reason": EndReason.SERVICE_ENDED, "ended_at": True},
    "place": {"placed_at": True},
}


def bring(house, state):
    """A referral in this state, brought there by the product's own actions."""
    by, caseworker = house.by.practitioner, house.by.caseworker
    if state == ReferralState.WAITING:
        for _ in range(2):
            send(house.area_id, by)
    referral = send(house.area_id, by)
    ways = {
        ReferralState.ACCEPTED: lambda: accepted(referral, caseworker),
        ReferralState.ACTIVE: lambda: started(referral, caseworker),
        ReferralState.CONCLUDING: lambda: concluding(referral, caseworker),
        ReferralState.COMPLETED: lambda: completed(referral, caseworker),
        ReferralState.QUERY: lambda: actions.query(referral.id, "?", caseworker),
        ReferralState.DECLINED: lambda: actions.decline(
            referral.id, DeclineReason.NO_STAFF, caseworker
        ),
        ReferralState.WITHDRAWN: lambda: actions.withdraw(referral.id, EndReason.MOVED, "", by),
    }
    with write():
        if state == ReferralState.ENDED_EARLY:
            started(referral, caseworker)
            actions.end_early(referral.id, EndReason.MOVED, "", by)
        elif state in ways:
            ways[state]()
    return again(referral.id)


def test_the_states_are_all_of_them_open_or_ended():
    assert set(REFERRAL_STATES) == set(ReferralState) == set(OPEN) | set(ENDED)
    assert set(HOLDING) == set(OPEN) - {ReferralState.WAITING}
    assert {step.name for step in REFERRAL.steps} == set(ALLOWED)


@pytest.mark.parametrize("state", list(ReferralState))
def test_every_step_from_this_state(house, state):
    referral = bring(house, state)
    assert referral.state == state
    for step in REFERRAL.steps:
        facts = {
            name: clock.now() if value is True else value
            for name, value in FACTS.get(step.name, {}).items()
        }
        try:
            with write():
                thing = db.session.get_one(Referral, referral.id)
                if state in ALLOWED[step.name]:
                    REFERRAL.take(step, thing, by=None, facts=facts)
                    assert thing.state == step.to
                    raise Undone
                with pytest.raises(AlreadyChanged, match="Nothing was done a second time"):
                    REFERRAL.take(step, thing, by=None, facts=facts)
        except Undone:
            pass
        assert again(referral.id).state == state


class Undone(Exception):
    """Takes a write back, so that the next step starts from the same state."""
