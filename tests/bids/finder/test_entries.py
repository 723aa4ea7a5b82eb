"""Entries of the partner finder: found by area, kind and side, never tied to a lot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bids.finder import actions, queries
from bids.finder.models import EntryState, FinderEntry, Side
from bids.finder.naming import names_a_lot
from bids.finder.queries import Wanted
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import NotYours, Refused
from tests.support.bid_finder import entry_of, sought
from tests.support.lots import make_lot, make_open_lot
from tests.support.pages import text_of
from tests.support.people import (
    acting_as,
    browser_of,
    make_organisation,
    make_person,
    manager_of,
)
from tests.support.statements import statements_sent


def stored(entry_id):
    db.session.expire_all()
    return db.session.get_one(FinderEntry, entry_id)


def found(by, **wanted):
    return {each.id for each in queries.entries(Wanted(**wanted), by).items}


def test_others_find_an_entry_by_area_kind_and_side(app):
    reader = manager_of()
    women = entry_of(manager_of())
    homes = entry_of(
        manager_of(),
        side=Side.PARTNERS,
        area_codes=("gwent",),
        category_codes=("accommodation", "women"),
    )
    assert found(reader) == {women, homes}
    assert found(reader, area="gwent") == {homes}
    assert found(reader, side="lead") == {women}
    assert found(reader, category="women") == {women, homes}
    assert found(reader, category="women", area="kent") == {women}
    assert found(reader, category="accommodation", area="kent") == set()


def test_ones_own_entry_stands_among_ones_own(app):
    by = manager_of()
    own = entry_of(by)
    assert found(by) == set()
    assert [each.id for each in queries.own_entries(by).items] == [own]


def test_an_entry_is_over_after_its_last_day_without_any_job(app):
    by, reader = manager_of(), manager_of()
    entry_id = entry_of(by, ends_on=clock.today() + timedelta(days=2))
    with write():
        clock.set_offset(2 * 86_400)
    assert found(reader) == {entry_id}
    with write():
        clock.set_offset(3 * 86_400)
    assert found(reader) == set()
    with pytest.raises(NotYours):
        queries.others_entry(entry_id, reader)
    seen = fingerprint(actions.held(stored(entry_id)))
    with write():
        actions.change_entry(entry_id, sought(), seen, by)
    assert found(reader) == {entry_id}


@pytest.mark.parametrize(("days", "sound"), [(0, False), (1, True), (180, True), (181, False)])
def test_the_last_day_is_ahead_and_not_too_far(app, days, sound):
    by = manager_of()
    facts = {"ends_on": clock.today() + timedelta(days=days)}
    if sound:
        assert entry_of(by, **facts)
        return
    with pytest.raises(Refusal, match="at most 180 days"):
        entry_of(by, **facts)


def test_an_entry_taken_down_is_not_found_changed_or_shown_again(app):
    by, reader = manager_of(), manager_of()
    entry_id = entry_of(by)
    with write():
        actions.take_down(entry_id, by)
    assert found(reader) == set()
    seen = fingerprint(actions.held(stored(entry_id)))
    with pytest.raises(Refusal), write():
        actions.change_entry(entry_id, sought(), seen, by)
    with pytest.raises(Refusal), write():
        actions.take_down(entry_id, by)
    assert stored(entry_id).state is EntryState.TAKEN_DOWN


def test_an_entry_is_its_organisations_alone(app):
    entry_id, stranger = entry_of(manager_of()), manager_of()
    seen = fingerprint(actions.held(stored(entry_id)))
    for attempt in (
        lambda: actions.change_entry(entry_id, sought(), seen, stranger),
        lambda: actions.take_down(entry_id, stranger),
    ):
        with pytest.raises(NotYours), write():
            attempt()


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.FINANCE, Role.SERVICE_MANAGER])
def test_only_bid_managers_and_trustees_write_entries(app, role):
    organisation = make_organisation()
    by = acting_as(make_person(role, organisation), organisation)
    with pytest.raises(Refused):
        entry_of(by)


def test_of_two_colleagues_neither_loses_words(app):
    by = manager_of()
    entry_id = entry_of(by)
    seen = fingerprint(actions.held(stored(entry_id)))
    with write():
        actions.change_entry(entry_id, sought(words="Hers"), seen, by)
    with pytest.raises(Overtaken), write():
        actions.change_entry(entry_id, sought(words="His"), seen, by)
    assert stored(entry_id).words == "Hers"


def test_an_organisation_holds_a_bounded_number_of_entries(app):
    by = manager_of()
    held = [entry_of(by) for _number in range(actions.MOST_ENTRIES)]
    with pytest.raises(Refusal, match="Take one down"):
        entry_of(by)
    with write():
        actions.take_down(held[0], by)
    assert entry_of(by)


def test_no_entry_says_which_lot_somebody_has_in_mind(app):
    lot = make_open_lot(title="Women’s services in the two Garden counties")
    for words in (
        f"We want to bid for {lot.reference}.",
        f"about {lot.reference.lower().replace('-', ' ')} please",
        f"See https://example.org/opportunities/{lot.id}",
        "Anybody for women's  services in the two garden COUNTIES?",
    ):
        assert names_a_lot(words)
        with pytest.raises(Refusal, match="Take out which lot"):
            entry_of(manager_of(), words=words)
    assert not names_a_lot("A lot of women’s services in two counties.")


def test_the_title_of_a_draft_is_not_given_away(app):
    make_lot(LotState.DRAFT, title="Night shelter in Barrow")
    assert not names_a_lot("We run the night shelter in Barrow.")


def test_the_trail_names_who_wrote_the_entry_and_not_its_words(app):
    by = manager_of()
    entry_id = entry_of(by, words="Zwetschge")
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == str(entry_id))
    ).one()
    assert (event.action, event.person_id) == ("finder_entry:posted", by.person_id)
    assert "Zwetschge" not in str(event.details)


def test_an_entry_is_written_changed_and_taken_down_on_screen(app):
    own, other = make_organisation(name="A’r Ardd"), make_organisation()
    manager = browser_of(app, make_person(Role.BID_MANAGER, own))
    caseworker = browser_of(app, make_person(Role.CASEWORKER, other))
    page = manager.show("/find-partners/new")
    last = clock.today() + timedelta(days=181)
    day = {"ends_on-day": last.day, "ends_on-month": last.month, "ends_on-year": last.year}
    said = {"words": "Rydym yn chwilio.", "areas": ["gwent"], "categories": ["women"]}
    wrong = manager.submit(page, "Let others find this", said | day, side="lead").page
    assert "at most 180 days from now" in wrong.text and "Rydym yn chwilio." in wrong.text
    right = clock.today() + timedelta(days=30)
    day = {"ends_on-day": right.day, "ends_on-month": right.month, "ends_on-year": right.year}
    listed = manager.submit(wrong, "Let others find this", day).page
    assert listed.h1 == "Our entries" and "Rydym yn chwilio." in listed.text
    seen = caseworker.show("/find-partners?area=gwent&side=lead&category=women")
    assert "A’r Ardd" in seen.text and "Write to" not in seen.text
    assert "Nobody looks for this" in caseworker.show("/find-partners?area=kent").text
    assert "1 entry" in caseworker.show("/find-partners?area=nowhere&side=').--").text
    entry = stored(db.session.scalars(select(FinderEntry.id)).one())
    changing = manager.show(f"/find-partners/{entry.id}/change")
    assert "Chwiliwn" in manager.submit(changing, "Save", words="Chwiliwn.").page.text
    manager.submit(manager.show("/find-partners/own"), "Take it down entry 1")
    assert "Chwiliwn" not in caseworker.show("/find-partners").text


def test_a_named_lot_is_said_beside_the_text_which_is_kept(app):
    make_open_lot(title="Night shelter in Barrow")
    client = browser_of(app, make_person(Role.BID_MANAGER))
    page = client.show("/find-partners/new")
    said = {"words": "The night shelter in Barrow.", "areas": ["gwent"], "categories": ["women"]}
    refused = client.submit(page, "Let others find this", said, side="lead").page
    beside = refused.by_id("words-error")
    assert beside is not None and "Take out which lot you have in mind" in text_of(beside)
    assert "The night shelter in Barrow." in refused.text


def test_an_entry_shows_no_address(app):
    own = make_organisation(name="Quince Trust", contact_email="in@quince.example")
    person = make_person(Role.BID_MANAGER, own, name="Quentin Quince", email="q@quince.example")
    entry_of(acting_as(person, own))
    page = browser_of(app, make_person(Role.BID_MANAGER)).show("/find-partners").text
    assert "Quince Trust" in page
    assert "quince.example" not in page and "Quentin" not in page


@pytest.mark.parametrize("role", [Role.SERVICE_MANAGER, Role.BID_MANAGER])
def test_the_page_of_an_open_lot_leads_whoever_may_look_to_it(app, role):
    lot = make_open_lot()
    address = f"/opportunities/{lot.id}"
    page = browser_of(app, make_person(role)).show(address)
    assert page.links()["Find partners, or a lead"] == "/find-partners"
    assert "Find partners" not in app.test_client().show(address).text


def test_buyers_have_no_part_in_it(app):
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    client = browser_of(app, make_person(Role.COMMISSIONING_OFFICER, region))
    assert client.get("/find-partners").status_code == 403


def test_many_entries_are_read_by_page_in_few_statements(app):
    reader, sent = manager_of(), []
    for few in (2, 28):
        for number in range(few):
            entry_of(manager_of(), words=f"Entry {number}")
        with statements_sent() as statements:
            page = queries.entries(Wanted(), reader)
        sent.append(len(statements))
    assert (len(page.items), page.pages, page.total) == (25, 2, 30)
    assert sent[0] == sent[1]
