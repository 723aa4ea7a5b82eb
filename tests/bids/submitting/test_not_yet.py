"""A qualification that was pending at closing is decided before the compliance check ends."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bids.compliance import actions as compliance
from bids.compliance.queries import grounds
from bids.evaluation import queries as evaluations
from bids.models import BidState, SetAsideGround
from bids.opening import actions as opening
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.qualification.assessing import decide_application
from marketplace.qualification.models import Application, ApplicationState
from tests.support.bids import bid_as_stored, bidder, closed_competition, opened_competition
from tests.support.people import acting_as, make_person
from tests.support.qualification import qualify

REASON = "Say who leads on safeguarding."


@pytest.fixture
def pending(app):
    """An organisation whose application waits with an assessor."""
    organisation, _person = bidder(qualified=False)
    qualify(organisation, state=ApplicationState.IN_ASSESSMENT)
    return organisation


@pytest.fixture
def qualified(app):
    organisation, _person = bidder()
    return organisation


def decide(organisation, reasons):
    """The framework team decides on each of the organisation's applications."""
    manager = make_person(Role.FRAMEWORK_MANAGER)
    theirs = (
        Application.organisation_id == organisation.id,
        Application.state == ApplicationState.IN_ASSESSMENT,
    )
    application_ids = db.session.scalars(select(Application.id).where(*theirs)).all()
    with write():
        db.session.execute(update(Application).where(*theirs).values(assessor_id=manager.id))
    for application_id in application_ids:
        with write():
            decide_application(application_id, reasons, acting_as(manager))


def open_bids(competition):
    for person in (competition.officer, competition.director):
        with write():
            opening.confirm_opening(competition.lot.id, competition.acting(person))
    competition.evaluation_id = evaluations.evaluation_of(competition.lot.id).id


def test_not_yet_sets_the_opened_bid_aside_with_reasons_in_the_same_moment(pending, qualified):
    competition = opened_competition(bidders=(pending, qualified))
    theirs, others = competition.bids
    assert bid_as_stored(theirs).state is BidState.OPENED
    decide(pending, REASON)
    bid = bid_as_stored(theirs)
    assert (bid.state, bid.ground) == (BidState.SET_ASIDE, SetAsideGround.NOT_QUALIFIED)
    assert "not yet" in bid.ground_reason
    # What the framework team wrote to the applicant is not the buyer's to read.
    assert REASON not in bid.ground_reason
    assert bid_as_stored(others).state is BidState.OPENED
    events = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_id == str(theirs))
    ).all()
    assert "bid:set_aside" in events


def test_yes_lets_the_bid_pass(pending, qualified):
    competition = opened_competition(bidders=(pending, qualified))
    decide(pending, None)
    with write():
        compliance.pass_bid(
            competition.evaluation_id, competition.bids[0], competition.acting(competition.officer)
        )
    assert bid_as_stored(competition.bids[0]).state is BidState.COMPLIANT


def test_a_sealed_bid_waits_and_is_set_aside_by_its_opening(pending, qualified):
    competition = closed_competition(bidders=(pending, qualified))
    decide(pending, REASON)
    assert bid_as_stored(competition.bids[0]).state is BidState.SUBMITTED
    open_bids(competition)
    bid = bid_as_stored(competition.bids[0])
    assert (bid.state, bid.ground) == (BidState.SET_ASIDE, SetAsideGround.NOT_QUALIFIED)
    assert bid_as_stored(competition.bids[1]).state is BidState.OPENED


def test_who_was_told_not_yet_and_applied_again_is_still_pending(pending, qualified):
    competition = closed_competition(bidders=(pending, qualified))
    decide(pending, REASON)
    qualify(pending, state=ApplicationState.SUBMITTED)
    open_bids(competition)
    assert bid_as_stored(competition.bids[0]).state is BidState.OPENED


def test_the_check_cannot_end_while_a_qualification_is_pending(pending, qualified):
    competition = opened_competition(bidders=(pending, qualified))
    officer = competition.acting(competition.officer)
    bid_id = competition.bids[0]
    with pytest.raises(Refusal, match="not qualified"), write():
        compliance.pass_bid(competition.evaluation_id, bid_id, officer)
    with pytest.raises(Refusal), write():
        compliance.set_aside(
            competition.evaluation_id,
            bid_id,
            SetAsideGround.NOT_QUALIFIED,
            "We did not want to wait.",
            officer,
        )
    evaluation = evaluations.get(competition.evaluation_id)
    assert SetAsideGround.NOT_QUALIFIED not in grounds(evaluation, bid_as_stored(bid_id))
    decide(pending, REASON)
    assert bid_as_stored(bid_id).state is BidState.SET_ASIDE


def test_bids_for_other_services_and_of_the_qualified_are_left_alone(qualified):
    competition = opened_competition(bidders=(qualified, bidder()[0]))
    # For something else than this lot asks for.
    qualify(qualified, "finance-benefit-debt", state=ApplicationState.IN_ASSESSMENT)
    decide(qualified, REASON)
    assert bid_as_stored(competition.bids[0]).state is BidState.OPENED
