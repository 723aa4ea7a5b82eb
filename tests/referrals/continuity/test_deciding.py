"""One case's decision: who takes it, where the case can go, and what goes along."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import delete, func, select

from lots.contracts import places
from lots.contracts.continuity.models import ContinuityCase, Decision
from marketplace import clock
from marketplace.accounts.models import Membership, SignInSession
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused
from referrals.answering import actions as case_actions
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.continuity import actions
from referrals.continuity.queries import to_decide_by
from referrals.models import NamedPerson, Referral, ReferralNeed, ReferralOutcome
from referrals.options import options_for
from referrals.permissions import TABLE, ReferralPermission
from tests.support.continuity import decide, give_notice, open_cases
from tests.support.contracts import make_live_contract
from tests.support.people import sign_in
from tests.support.referrals import again, completed, finished_answers, send, started


@pytest.fixture
def case(house):
    """A case being delivered in Kent, which is leaving its contract."""
    referral = started(send(house.kent, house.by.practitioner), house.by.caseworker)
    give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    return referral


def test_a_moved_case_takes_its_place_with_it_and_keeps_its_history(house, case):
    goes_on = again(decide(case.id, house.by.practitioner, Decision.TRANSFER, house.elsewhere))
    before = again(case.id)
    assert (house.area(house.kent).reserved, house.area(house.elsewhere).reserved) == (0, 1)
    assert (before.state, before.end_reason) == (
        ReferralState.ENDED_EARLY,
        EndReason.TRANSFERRED,
    )
    assert before.started_at is not None and goes_on.started_at is None
    assert goes_on.state == ReferralState.SENT
    assert goes_on.continues_id == case.id and goes_on.reference != case.reference
    for typed in ("crn", "name", "risk", "aims", "complete_by", "practitioner_email", "rar_days"):
        assert getattr(goes_on, typed) == getattr(before, typed)
    for model in (ReferralNeed, ReferralOutcome):
        counted = select(func.count()).select_from(model).where(model.referral_id == goes_on.id)
        assert db.session.scalar(counted)
    row = db.session.scalars(select(ContinuityCase)).one()
    assert (row.decision, row.target_contract_area_id) == (Decision.TRANSFER, house.elsewhere)


def test_the_last_place_there_goes_once_and_nothing_is_half_done(house):
    author = house.by.practitioner
    three = open_cases(house.kent, [author], house.by.caseworker, 3)
    give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    choice = actions.Choice(Decision.TRANSFER, house.elsewhere)
    with pytest.raises(Refusal, match="no place free"), write():
        actions.decide([each.id for each in three], choice, author)
    assert (house.area(house.kent).reserved, house.area(house.elsewhere).reserved) == (3, 0)
    with write():
        assert len(actions.decide([each.id for each in three[:2]], choice, author)) == 2
    assert (house.area(house.kent).reserved, house.area(house.elsewhere).reserved) == (1, 2)


def test_only_services_that_fit_with_a_free_place_are_offered(house, case):
    make_live_contract(house.neighbour, area_codes=("sussex",))
    make_live_contract(house.neighbour, service_code="ete")
    full = make_live_contract(house.neighbour, places=1).areas[0].id
    with write():
        places.reserve(full)
    womens = make_live_contract(house.neighbour, service_code="womens-services", cohort="women")
    offered = [each.id for each in options_for(again(case.id))]
    assert offered == [house.elsewhere, womens.areas[0].id]
    man = send(house.elsewhere, house.by.practitioner, finished_answers(sex={"sex": "male"}))
    assert womens.areas[0].id not in [each.id for each in options_for(again(man.id))]
    with pytest.raises(Refusal, match="Choose another"):
        decide(case.id, house.by.practitioner, Decision.TRANSFER, house.sussex)


def test_who_decides(house, case):
    with pytest.raises(Refused):
        decide(case.id, house.by.colleague, Decision.RUN_OFF)
    with pytest.raises(NotYours):
        decide(case.id, house.by.neighbour, Decision.RUN_OFF)
    with pytest.raises(Refused):
        decide(case.id, house.by.caseworker, Decision.RUN_OFF)
    decide(case.id, house.by.team_manager, Decision.RUN_OFF)
    assert db.session.scalars(select(ContinuityCase.decided_by_id)).one() == (
        house.by.team_manager.person_id
    )


def test_every_role_and_relation_to_a_case(app):
    """Only the practitioner's side decides: the author, or a team manager for them."""
    own, other, person = new_id(), new_id(), new_id()
    for role, organisation, is_author, restricted in product(
        Role, (own, other), (True, False), (True, False)
    ):
        by = Acting(person, "", organisation, "", OrganisationKind.REGION, "K", frozenset({role}))
        referral = Referral(
            organisation_id=own,
            owner_id=person if is_author else new_id(),
            is_restricted=restricted,
        )
        rule = TABLE[ReferralPermission.DECIDE]
        may = role in rule.roles and rule.when is not None and rule.when(by, referral)
        probation = role in ("practitioner", "prison_practitioner", "team_manager")
        steps_in = is_author or role == "team_manager"
        assert may == (probation and organisation == own and steps_in), (role, is_author)


def test_however_a_case_ends_meanwhile_it_counts_as_decided(house):
    author, worker = house.by.practitioner, house.by.caseworker
    declined, withdrawn, early, done = (send(house.kent, author) for _number in range(4))
    started(early, worker)
    give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    completed(done, worker)
    with write():
        case_actions.decline(declined.id, DeclineReason.NO_STAFF, worker)
        case_actions.withdraw(withdrawn.id, EndReason.MOVED, "", author)
        case_actions.end_early(early.id, EndReason.MOVED, "", author)
    decisions = db.session.scalars(select(ContinuityCase.decision)).all()
    assert decisions == [Decision.ENDED] * 4
    for each, decision in product((declined, withdrawn, early, done), CHOICES):
        target = house.elsewhere if decision == Decision.TRANSFER else None
        with pytest.raises(AlreadyChanged):
            decide(each.id, author, decision, target)


CHOICES = (Decision.TRANSFER, Decision.EARLY_CLOSE, Decision.RUN_OFF)


def test_a_restricted_case_is_for_those_named_once_nobody_has_it_any_more(house):
    named = {"restricted": {"is_restricted": "yes", "named": house.people["colleague"].email}}
    hidden = send(house.kent, house.by.practitioner, finished_answers() | named)
    give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    with pytest.raises(NotYours):
        decide(hidden.id, house.by.team_manager, Decision.RUN_OFF)
    with pytest.raises(Refused):
        decide(hidden.id, house.by.colleague, Decision.TRANSFER, house.elsewhere)
    assert to_decide_by(house.by.colleague)[1] == []
    with write():
        left = Membership.person_id == house.people["practitioner"].id
        db.session.execute(delete(Membership).where(left))
    assert len(to_decide_by(house.by.colleague)[1]) == 1
    goes_on = decide(hidden.id, house.by.colleague, Decision.TRANSFER, house.elsewhere)
    of_it = select(NamedPerson.person_id).where(NamedPerson.referral_id == goes_on)
    assert db.session.scalars(of_it).one() == house.by.colleague.person_id


def test_a_case_that_stays_may_still_be_moved_and_is_not_moved_twice(house, case):
    author = house.by.practitioner
    decide(case.id, author, Decision.RUN_OFF)
    decide(case.id, author, Decision.TRANSFER, house.elsewhere)
    with pytest.raises(Refusal, match="no decision any more"):
        decide(case.id, author, Decision.TRANSFER, house.elsewhere)


def test_whoever_waits_is_sent_to_another_service(house):
    author = house.by.practitioner
    for _number in range(4):
        send(house.kent, author)
    waits = send(house.kent, author)
    with pytest.raises(Refusal, match="does not wait"), write():
        actions.move_on(waits.id, house.elsewhere, author)
    give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    with write():
        goes_on = actions.move_on(waits.id, house.elsewhere, author)
    assert again(goes_on).placed_at == clock.now()
    assert again(waits.id).state == ReferralState.WITHDRAWN
    assert house.area(house.kent).reserved == 4


def test_from_the_front_page_to_the_case_at_the_other_service(house, case, client):
    sign_in(client, house.people["practitioner"])
    listed = client.show(client.show("/").links()["Decide on 1 case"])
    asked = client.show(listed.links()["Robin Example"])
    assert "Lantern House" in asked.text and "2 free places" in asked.text
    unsaid = client.submit(asked, "Decide", choice="early_close")
    assert "Select why it can be closed" in unsaid.page.text
    moved = client.submit(asked, "Decide", choice=str(house.elsewhere)).page
    assert "the case goes on here" in moved.text
    sign_in(client, house.people["neighbour"])
    there = client.show(moved.url)
    earlier = client.show(there.links()["Read what was done there"])
    assert "Found well" in earlier.text
    assert client.get(f"/cases/{case.id}").status_code == 404
    sign_in(client, house.people["practitioner"])
    assert "Nothing to decide" in client.show("/my-cases/decisions").text


def test_the_contract_page_gives_notice_and_shows_cases_by_number_only(house, client):
    send(house.kent, house.by.practitioner)
    sign_in(client, house.people["manager"])
    contract = client.show(f"/contracts/{house.contract.id}")
    way = "Give notice that it ends, is suspended, or leaves an area"
    asked = client.show(contract.links()[way])
    day = clock.today() + timedelta(days=30)
    told = {
        "kind": "area_loss",
        "where": "all",
        "reason": "funding",
        "effective_on-day": day.day,
        "effective_on-month": day.month,
        "effective_on-year": day.year,
    }
    assert "Select the one area" in client.submit(asked, fields=told).page.text
    given = client.submit(asked, fields=told | {"where": str(house.kent)}).page
    assert "It cannot take effect while 1 case has no decision" in given.text
    assert "Case 1" in given.text and house.people["practitioner"].name in given.text
    sign_in(client, house.people["service_manager"])
    seen = client.show(given.url)
    assert "Case 1" in seen.text and house.people["practitioner"].name not in seen.text
    assert "Robin" not in seen.text
    assert "It ends here on" in client.show(f"/services/{house.kent}").text


def test_the_stop_is_pressed_with_a_fresh_second_factor(house, client):
    signed_in = sign_in(client, house.people["director"])
    way = f"/contracts/{house.contract.id}/continuity/stop"
    asked = client.show(way)
    stopped = client.submit(asked, reason="insolvency", understood=True).page
    assert "The service is stopped" in stopped.text
    with write():
        row = db.session.get_one(SignInSession, signed_in.id)
        row.second_factor_at = clock.technical_now() - timedelta(minutes=6)
    assert client.get(way).location.startswith("/confirm")
