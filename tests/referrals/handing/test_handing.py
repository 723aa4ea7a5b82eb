"""Whose case it is: handed over one or many, all or none; a deputy; taken over when left behind."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from marketplace.accounts.models import Membership
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused, check
from referrals.answering import access
from referrals.answering import actions as answering
from referrals.codes import EndReason
from referrals.handing import actions
from referrals.handing.permissions import HandPermission
from referrals.handing.queries import ticks
from referrals.queries import case as case_for
from referrals.teams import actions as teams
from tests.support.mails import mails_to
from tests.support.people import sign_in
from tests.support.referrals import accepted, again, in_custody, send
from tests.support.referrals import finished_answers as answers


def in_team(house, name, unit="east-kent"):
    with write():
        member = teams.choose(unit, getattr(house.by, name))
        if member.confirmed_at is None:
            teams.confirm(member.id, unit, house.by.team_manager)


def templates_to(person):
    return [mail.template.removeprefix("referrals/mail/") for mail in mails_to(person.email)]


def test_a_case_goes_to_a_colleague_with_team_and_contact_details(house):
    case = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    in_team(house, "team_manager", "west-kent")
    in_team(house, "colleague", "west-kent")
    with write():
        actions.set_deputy(case.id, house.people["team_manager"].email, house.by.practitioner)
    with write():
        actions.hand_over([case.id], house.people["colleague"].id, house.by.practitioner)
    now = again(case.id)
    colleague = house.people["colleague"]
    assert (now.owner_id, now.practitioner_email) == (colleague.id, colleague.email)
    assert (now.delivery_unit_code, now.is_indexed) == ("west-kent", False)
    assert now.deputy_id == house.people["team_manager"].id
    assert "handing/to_you" in templates_to(colleague)[-1]
    assert templates_to(house.people["caseworker"])[-1] == "handing/practitioner.txt"
    with pytest.raises(NotYours):
        case_for(case.id, house.by.practitioner)
    with pytest.raises(NotYours), write():
        actions.hand_over([case.id], house.people["practitioner"].id, house.by.practitioner)


def test_from_prison_to_the_community_the_organisation_follows(house):
    custody = answers(**in_custody(None))
    case = send(house.area_id, house.by.prison_practitioner, custody)
    to = house.people["colleague"]
    with pytest.raises(Refusal, match="has not said in which delivery unit"), write():
        actions.hand_over([case.id], to.id, house.by.prison_practitioner)
    in_team(house, "colleague", "west-kent")
    with write():
        actions.hand_over([case.id], to.id, house.by.prison_practitioner)
    now = again(case.id)
    assert (now.organisation_id, now.owner_id) == (house.region.id, to.id)
    assert now.delivery_unit_code == "west-kent" and not now.is_unallocated
    assert case_for(case.id, house.by.colleague).id == case.id
    assert templates_to(house.people["prison_practitioner"])[-1:] == []
    with pytest.raises(NotYours):
        case_for(case.id, house.by.prison_practitioner)


def test_many_go_together_or_none_goes(house):
    first = send(house.area_id, house.by.practitioner)
    second = send(house.area_id, house.by.practitioner)
    foreign = send(house.area_id, house.by.stranger, answers(restricted=RESTRICTED))
    to = house.people["colleague"].id
    with pytest.raises(NotYours), write():
        actions.hand_over([first.id, foreign.id], to, house.by.practitioner)
    with write():
        answering.withdraw(second.id, EndReason.MISTAKE, "", house.by.practitioner)
    with pytest.raises(Refusal, match="has ended"), write():
        actions.hand_over([first.id, second.id], to, house.by.practitioner)
    assert again(first.id).owner_id == house.people["practitioner"].id
    for nobody in ("caseworker", "team_manager"):
        with pytest.raises(Refusal), write():
            actions.hand_over([first.id], house.people[nobody].id, house.by.practitioner)


RESTRICTED = {"is_restricted": "yes", "named": ""}


def test_a_team_manager_hands_over_for_the_team_a_colleague_does_not(house):
    case = send(house.area_id, house.by.practitioner)
    in_team(house, "team_manager")
    in_team(house, "colleague")
    to = house.people["colleague"].id
    with pytest.raises(Refused), write():
        actions.hand_over([case.id], to, house.by.colleague)
    with write():
        actions.hand_over([case.id], to, house.by.team_manager)
    assert templates_to(house.people["practitioner"])[-1] == "handing/from_you.txt"
    with pytest.raises(AlreadyChanged), write():
        actions.hand_over([case.id], to, house.by.team_manager)


def test_what_a_leaver_left_behind_is_taken_over_by_the_team(house):
    case = send(house.area_id, house.by.practitioner)
    in_team(house, "colleague")
    with pytest.raises(Refused), write():
        actions.take_over(case.id, house.by.colleague)
    with write():
        held = Membership.person_id == house.people["practitioner"].id
        db.session.execute(delete(Membership).where(held))
    with pytest.raises(NotYours), write():
        actions.take_over(case.id, house.by.stranger)
    with write():
        actions.take_over(case.id, house.by.colleague)
    assert again(case.id).owner_id == house.people["colleague"].id
    with pytest.raises(AlreadyChanged), write():
        actions.take_over(case.id, house.by.colleague)


def test_who_is_named_for_a_restricted_case_neither_takes_it_nor_gives_it_away(house):
    colleague = house.people["colleague"]
    named = {"is_restricted": "yes", "named": colleague.email}
    case = send(house.area_id, house.by.practitioner, answers(restricted=named))
    in_team(house, "team_manager")
    in_team(house, "colleague")
    assert case_for(case.id, house.by.colleague).id == case.id
    assert ticks(house.by.colleague, None, None).choices == []
    for refused in (
        lambda: actions.hand_over([case.id], colleague.id, house.by.colleague),
        lambda: actions.take_over(case.id, house.by.colleague),
        lambda: actions.set_deputy(case.id, colleague.email, house.by.colleague),
        lambda: check(house.by.colleague, HandPermission.TRANSFER, again(case.id)),
        lambda: access.lift(case.id, house.by.colleague),
    ):
        with pytest.raises(Refused), write():
            refused()
    with write():
        access.name(case.id, house.people["team_manager"].email, house.by.practitioner)
    with write():
        actions.hand_over([case.id], colleague.id, house.by.team_manager)
    assert again(case.id).owner_id == colleague.id


def test_a_deputy_is_of_the_organisation_and_sees_the_case(house):
    case = send(house.area_id, house.by.practitioner, answers(restricted=RESTRICTED))
    for wrong in ("practitioner", "stranger", "caseworker"):
        with pytest.raises(Refusal), write():
            actions.set_deputy(case.id, house.people[wrong].email, house.by.practitioner)
    with pytest.raises(NotYours):
        case_for(case.id, house.by.colleague)
    with write():
        actions.set_deputy(case.id, house.people["colleague"].email, house.by.practitioner)
    assert case_for(case.id, house.by.colleague).id == case.id
    with write():
        actions.remove_deputy(case.id, house.by.practitioner)
    assert templates_to(house.people["colleague"]) == [
        "handing/deputy.txt",
        "handing/not_deputy.txt",
    ]
    with pytest.raises(NotYours):
        case_for(case.id, house.by.colleague)


def test_on_screen_many_are_ticked_looked_at_again_and_handed_over(house, client):
    first = send(house.area_id, house.by.practitioner)
    second = send(house.area_id, house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    page = client.show("/cases/hand-over")
    ticked = {"cases": [str(first.id), str(second.id)]}
    wrong = client.submit(page, fields={**ticked, "email": house.people["caseworker"].email}).page
    assert "No practitioner of your organisation" in wrong.text
    right = {**ticked, "email": house.people["colleague"].email}
    look = client.submit(page, fields=right).page
    assert house.people["colleague"].name in look.text and "2 cases" in look.text
    assert again(first.id).owner_id == house.people["practitioner"].id
    page = client.submit(look).page
    assert "2 cases are handed over" in page.text
    late = client.submit(look)
    assert late.status_code == 404
    sign_in(client, house.people["colleague"])
    page = client.show(f"/cases/{first.id}/hand-over")
    assert "Work email address" in page.text
    page = client.submit(f"/cases/{first.id}/deputy", fields={"email": "x@nobody.example"})
    assert page.status_code == 409
