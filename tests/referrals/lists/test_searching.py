"""Finding a case by how a name or CRN begins: only what one may see, and no word kept."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from marketplace.database import db, write
from marketplace.keyring import keyring
from referrals.lists import indexing, searching
from referrals.lists.models import CaseSearch, SearchKey
from referrals.models import Referral, ReferralClock, ReferralNeed, ReferralOutcome
from tests.support.people import browser_of
from tests.support.referrals import again

NAME = "Siân O’Neill-Jones 🙂"


def found(typed, by):
    return {row.id for row in searching.search(typed, by).rows}


def test_each_side_finds_its_own_by_any_beginning(town):
    case = town.refer(NAME, "X246810").id
    town.refer("Somebody Else", "X999999")
    assert found("sian", town.by.practitioner) == set()
    assert found("x246810", town.by.practitioner) == {case}
    assert town.index() == 2 and town.index() == 0
    for typed in ("sia", "SIÂN O'NEILL", "oneill", "neill", "jon", "jones sian", "x24", "siano"):
        for by in (town.by.practitioner, town.by.team_manager, town.by.manager, town.by.caseworker):
            assert found(typed, by) == {case}, typed
        for by in (town.by.rival, town.by.stranger, town.by.prison_practitioner):
            assert found(typed, by) == set()
    assert found("sian smith", town.by.manager) == set()
    assert found(again(case).reference[:3].lower(), town.by.manager) == {case}


def test_a_restricted_case_is_found_by_those_who_may_see_it(town):
    case = town.refer(NAME, restricted={"is_restricted": "yes", "named": ""}).id
    town.index()
    assert found("oneill", town.by.practitioner) == found("oneill", town.by.manager) == {case}
    assert found("oneill", town.by.team_manager) == found("oneill", town.by.caseworker) == set()


def test_teams_and_contracts_have_keys_of_their_own_and_keep_no_word(town):
    case = town.refer(NAME).id
    town.index()
    stored = set(db.session.scalars(select(SearchKey.key)))
    team = indexing.team_scope(town.region.id, "east-kent")
    contract = indexing.contract_scope(town.large.id)
    ours, theirs = indexing.keys(team, ["sian"]), indexing.keys(contract, ["sian"])
    assert ours != theirs and ours | theirs <= stored
    assert all(0 <= key < 2**24 for key in stored)
    elsewhere = indexing.keys(indexing.team_scope(town.region.id, "west-kent"), ["sian"])
    assert not elsewhere & stored
    assert again(case).is_indexed


@pytest.mark.parametrize(
    ("column", "value"), [("name", "Ceri Newname"), ("delivery_unit_code", "west-kent")]
)
def test_keys_follow_a_changed_name_and_team(town, column, value):
    case = town.refer(NAME).id
    town.index()
    before = set(db.session.scalars(select(SearchKey.key)))
    with write():
        setattr(db.session.get_one(Referral, case), column, value)
    assert town.index() == 1
    typed = "ceri" if column == "name" else "oneill"
    assert found(typed, town.by.practitioner) == found(typed, town.by.manager) == {case}
    if column == "name":
        assert found("oneill", town.by.practitioner) == set()
    team = indexing.team_scope(town.region.id, "east-kent")
    gone = indexing.keys(team, ["oneill"])
    assert gone <= before and not gone & set(db.session.scalars(select(SearchKey.key)))


def test_keys_go_with_the_person(town):
    case = town.refer(NAME).id
    town.index()
    with write():
        for model in (ReferralClock, ReferralNeed, ReferralOutcome):
            db.session.execute(delete(model).where(model.referral_id == case))
        db.session.execute(delete(Referral).where(Referral.id == case))
    assert db.session.scalars(select(SearchKey.key)).all() == []


def test_a_hit_of_the_hash_alone_is_not_shown(town, monkeypatch):
    town.refer(NAME)
    monkeypatch.setattr(type(keyring()), "lookup_hash", lambda *_given: b"\0" * 32)
    town.index()
    assert found("bob", town.by.manager) == set()
    assert found("sia", town.by.manager) != set()


def test_the_search_is_posted_lists_a_single_hit_and_is_recorded_without_words(app, town):
    case = town.refer(NAME, "X246810")
    town.index()
    browser = browser_of(app, town.people["practitioner"])
    label = "Find"
    listed = browser.submit("/my-cases", label, what="oneill").page
    assert f"/cases/{case.id}" in listed.html and listed.h1 == "Find a case"
    opened = browser.submit("/my-cases", label, what="x 246810", follow=False)
    assert opened.location.endswith(f"/cases/{case.id}")
    short = browser.submit("/my-cases", label, what="O'")
    assert "Enter at least 3 letters or digits" in short.page.text
    town.refer("Siân Other", "X777777")
    town.index()
    both = browser.submit("/my-cases", label, what="siân").page
    assert "Siân Other" in both.text and NAME in both.text
    none = browser.submit("/my-cases", label, what="\u202e' OR 1=1; --" + "x" * 50).page
    assert "None of the cases you may see begins like this." in none.text
    kept = db.session.scalars(select(CaseSearch).order_by(CaseSearch.at)).all()
    assert [each.found for each in kept] == [1, 1, 2, 0]
    assert {each.person_id for each in kept} == {town.people["practitioner"].id}
