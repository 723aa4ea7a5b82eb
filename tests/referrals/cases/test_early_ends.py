"""An early end: proposed by the provider, agreed or refused by the practitioner, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused
from referrals.answering import actions as answering
from referrals.codes import EndReason, ReferralState
from referrals.early_ends import actions
from referrals.early_ends.models import EarlyEndProposal, ProposalState
from referrals.early_ends.queries import open_proposal
from referrals.ending import actions as ending
from referrals.teams import actions as teams
from tests.support.mails import mails_to
from tests.support.people import sign_in
from tests.support.referrals import accepted, again, concluding, send, started

WHY = "Has found a flat alone, and works full time now."


@pytest.fixture
def proposed(house):
    """A case being delivered whose caseworker has just proposed to end it."""
    referral = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    with write():
        actions.propose(referral.id, EndReason.COMPLETED_EARLY, WHY, house.by.caseworker)
    return referral


def state_of(referral):
    db.session.expire_all()
    return db.session.scalars(
        select(EarlyEndProposal.state).where(EarlyEndProposal.referral_id == referral.id)
    ).all()


class Undone(Exception):
    """Takes a write back, so that everybody tries the same proposal."""


YES, REFUSED, HIDDEN, STANDS = "yes", "refused", "hidden", "stands against it"
# Reviewed by hand: who may do what with the proposal that the caseworker has made.
EXPECTED = {
    "practitioner": {"agree": YES, "disagree": YES, "take_back": REFUSED, "propose": REFUSED},
    "colleague": {"agree": YES, "disagree": YES, "take_back": REFUSED, "propose": REFUSED},
    "team_manager": dict.fromkeys(("agree", "disagree", "take_back", "propose"), HIDDEN),
    "caseworker": {"agree": REFUSED, "disagree": REFUSED, "take_back": YES, "propose": STANDS},
    "manager": {"agree": REFUSED, "disagree": REFUSED, "take_back": REFUSED, "propose": STANDS},
    "rival": dict.fromkeys(("agree", "disagree", "take_back", "propose"), HIDDEN),
    "stranger": dict.fromkeys(("agree", "disagree", "take_back", "propose"), HIDDEN),
    "prison_practitioner": dict.fromkeys(("agree", "disagree", "take_back", "propose"), HIDDEN),
}


def test_who_may_do_what_with_a_proposal(house, proposed):
    # A colleague of the case's team; the team manager here is another team's.
    with write():
        member = teams.choose("east-kent", house.by.colleague)
        teams.confirm(member.id, "east-kent", house.by.team_manager)
    proposal_id = open_proposal(proposed.id).id
    for name, expected in EXPECTED.items():
        by = getattr(house.by, name)
        ways = {
            "agree": lambda by=by: actions.agree(proposed.id, proposal_id, by),
            "disagree": lambda by=by: actions.disagree(proposed.id, proposal_id, "No", by),
            "take_back": lambda by=by: actions.take_back(proposed.id, proposal_id, by),
            "propose": lambda by=by: actions.propose(proposed.id, EndReason.MOVED, "x", by),
        }
        answers = {verb: tried(way) for verb, way in ways.items()}
        assert answers == expected, name
    assert state_of(proposed) == [ProposalState.OPEN]


def tried(way):
    try:
        with write():
            way()
            raise Undone
    except Undone:
        return YES
    except Refused:
        return REFUSED
    except NotYours:
        return HIDDEN
    except Refusal:
        return STANDS


def test_agreeing_ends_the_case_for_the_reason_and_gives_the_place_back(house, proposed, reserved):
    proposal = open_proposal(proposed.id).id
    with write():
        actions.agree(proposed.id, proposal, house.by.practitioner)
    ended = again(proposed.id)
    assert ended.state == ReferralState.ENDED_EARLY
    assert ended.end_reason == EndReason.COMPLETED_EARLY and reserved() == 0
    assert state_of(proposed) == [ProposalState.AGREED]
    # A second press, a colleague's late answer, the maker's change of mind: one effect, told so.
    for late in (
        lambda: actions.agree(proposed.id, proposal, house.by.practitioner),
        lambda: actions.disagree(proposed.id, proposal, "No", house.by.practitioner),
        lambda: actions.take_back(proposed.id, proposal, house.by.caseworker),
    ):
        with pytest.raises(AlreadyChanged), write():
            late()
    assert state_of(proposed) == [ProposalState.AGREED] and reserved() == 0


def test_before_the_assessment_agreeing_withdraws(house, reserved):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    with write():
        actions.propose(referral.id, EndReason.NOT_ENGAGED, WHY, house.by.manager)
    with write():
        actions.agree(referral.id, open_proposal(referral.id).id, house.by.practitioner)
    assert again(referral.id).state == ReferralState.WITHDRAWN and reserved() == 0


def test_disagreeing_keeps_the_case_going_and_another_proposal_can_follow(house, proposed):
    with write():
        actions.disagree(
            proposed.id, open_proposal(proposed.id).id, "Not yet", house.by.practitioner
        )
    assert again(proposed.id).state == ReferralState.ACTIVE
    told = [mail.template for mail in mails_to(house.people["caseworker"].email)]
    assert told[-1] == "referrals/mail/early_ends/refused.txt"
    with write():
        actions.propose(proposed.id, EndReason.MOVED, "Now in Leeds", house.by.caseworker)
    assert sorted(state_of(proposed)) == [ProposalState.OPEN, ProposalState.REFUSED]


@pytest.mark.parametrize("way", ["ended", "concluded"])
def test_a_proposal_lapses_when_the_case_goes_another_way(house, proposed, way):
    with write():
        if way == "ended":
            answering.end_early(proposed.id, EndReason.MOVED, "", house.by.practitioner)
        else:
            ending.conclude(proposed.id, house.by.caseworker)
    assert state_of(proposed) == [ProposalState.LAPSED]


@pytest.mark.parametrize("state", [lambda referral, by: referral, concluding])
def test_it_is_proposed_only_while_the_case_is_worked_on(house, state):
    referral = state(send(house.area_id, house.by.practitioner), house.by.caseworker)
    with pytest.raises(Refusal, match="from the acceptance"), write():
        actions.propose(referral.id, EndReason.MOVED, "x", house.by.caseworker)


def test_on_screen_both_sides_see_it_until_it_is_answered(house, client):
    referral = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    url = f"/cases/{referral.id}"
    sign_in(client, house.people["caseworker"])
    page = client.submit(f"{url}/propose-end", fields={"reason": "moved"}).page
    assert "Say what the practitioner should know" in page.text
    page = client.submit(f"{url}/propose-end", fields={"reason": "moved", "why": WHY}).page
    assert "has not answered yet" in page.text and WHY in page.text
    late = client.get(f"{url}/propose-end")
    assert late.status_code == 409 and "proposed already" in late.get_data(as_text=True)
    sign_in(client, house.people["practitioner"])
    assert "1 proposal to end a case early" in client.show("/").text
    page = client.show(url)
    assert "proposes to end this case early" in page.text
    answer = page.links()["Answer the proposal"]
    page = client.submit(answer, fields={"reason": "disagree"}).page
    assert "Say why the case should go on" in page.text
    stale = client.show(answer)
    page = client.submit(answer, fields={"reason": "disagree", "answer": "He is back."}).page
    assert "did not agree" in page.text and "He is back." in page.text
    too_late = client.submit(stale, fields={"reason": "disagree", "answer": "Typed at length"})
    assert too_late.status_code == 409 and "Typed at length" in too_late.page.text


def test_why_a_case_ends_stands_on_the_case_and_not_in_the_audit(house):
    case = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    with write():
        proposal = actions.propose(case.id, EndReason.DIED, "His sister rang", house.by.caseworker)
    with write():
        actions.agree(case.id, proposal.id, house.by.practitioner)
    assert again(case.id).end_reason == EndReason.DIED
    kept = db.session.scalars(
        select(AuditEvent.details).where(AuditEvent.action.startswith("referral"))
    ).all()
    assert kept and "died" not in str(kept)
