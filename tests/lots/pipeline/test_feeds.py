"""Feeds: valid, unmoved by bids, and a cursor that loses and repeats nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from lots.models import Lot
from lots.pipeline import News, feeds, news
from lots.vocabulary import LotState
from lots.wanted import Wanted
from marketplace.database import db, new_id, write
from tests.support import bids
from tests.support.lots import make_lot, make_open_lot, make_region, pass_closing
from tests.support.pipeline import YES, answered, follow, somebody

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "Tŷ “Cefn”, <b>O'Brien</b> & sons; line\\two, " + "long " * 20 + "end"


def entries(client, query: str = "") -> list[ElementTree.Element]:
    return ElementTree.fromstring(client.get(f"/opportunities.atom{query}").data).findall(
        f"{ATOM}entry"
    )


def test_the_atom_feed_is_valid(app, client):
    lot = make_open_lot(title=NASTY)
    make_lot(LotState.PLANNED)
    make_lot(LotState.DRAFT, title="Nobody’s business")
    answer = client.get("/opportunities.atom?service=womens-services&show=")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated", "author"):
        assert len(feed.findall(ATOM + needed)) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    own = next(link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own.get("href") == feed.find(f"{ATOM}id").text
    found = feed.findall(f"{ATOM}entry")
    assert len(found) == 2
    for entry in found:
        for needed in ("id", "title", "updated"):
            assert len(entry.findall(ATOM + needed)) == 1
        moment = entry.find(f"{ATOM}updated").text
        assert datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert len({entry.find(f"{ATOM}id").text for entry in found}) == 2
    assert f"urn:uuid:{lot.id}" in {entry.find(f"{ATOM}id").text for entry in found}
    assert NASTY in {entry.find(f"{ATOM}title").text for entry in found}


def test_a_feed_without_entries_is_valid_too(app, client):
    feed = ElementTree.fromstring(client.get("/opportunities.atom").data)
    assert feed.find(f"{ATOM}updated").text and not feed.findall(f"{ATOM}entry")


def test_whoever_has_it_already_is_told_that_nothing_changed(app, client):
    lot = make_open_lot()
    for path in ("/opportunities.atom", "/opportunities.json", f"/opportunities/{lot.id}.ics"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, path
    with write():
        news.tell(db.session.get_one(Lot, lot.id), News.CHANGED)
    first = client.get("/opportunities.atom")
    assert client.get("/opportunities.atom", headers={"If-None-Match": "x"}).data == first.data


def test_neither_bids_nor_followers_nor_answers_move_a_feed(app, client):
    lot, planned = make_open_lot(), make_lot(LotState.PLANNED)
    paths = ("/opportunities.atom", "/opportunities.json", "/opportunities.ics")
    before = [client.get(path).data for path in paths]
    organisation, person = bids.bidder()
    bids.submitted_bid(lot, organisation)
    follow(lot, somebody())
    answered(planned, YES, YES)
    assert [client.get(path).data for path in paths] == before


def test_the_calendar_file_holds_what_a_calendar_needs(app, client):
    lot = make_open_lot(title=NASTY)
    answer = client.get(f"/opportunities/{lot.id}.ics")
    assert answer.mimetype == "text/calendar"
    lines = answer.data.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75 and b"\n" not in b"".join(lines)
    calendar = Calendar.from_ical(answer.data)
    events = {str(each["uid"]).partition("@")[0]: each for each in calendar.walk("VEVENT")}
    closing = events[f"{lot.id}-closes"]
    assert NASTY in str(closing["summary"])
    assert closing["dtstart"].dt == lot.closes_at
    assert closing["dtstart"].to_ical().endswith(b"Z")
    assert events[f"{lot.id}-starts"]["dtstart"].dt == lot.starts_on


def test_a_planned_lots_dates_are_said_to_be_expected(app, client):
    lot = make_lot(LotState.PLANNED)
    calendar = Calendar.from_ical(client.get("/opportunities.ics").data)
    events = calendar.walk("VEVENT")
    assert events and all("xpected" in str(each["summary"]) for each in events)
    assert {str(each["status"]) for each in events} == {"TENTATIVE"}
    record = client.get("/opportunities.json").json["lots"][0]
    assert record["id"] == str(lot.id) and record["dates_are_expected"]
    assert "Expected to open" in entries(client)[0].find(f"{ATOM}summary").text


def test_what_is_not_public_is_in_no_feed(app, client):
    lot = make_lot(LotState.DRAFT)
    client.show(f"/opportunities/{lot.id}.ics", status=404)
    client.show(f"/opportunities/{new_id()}.ics", status=404)
    assert client.get("/opportunities.json").json["lots"] == []


@pytest.mark.parametrize("cursor", ["-1", "abc", "9" * 400, "1e3", "٣", "1;DROP", " 1", "0x1"])
def test_a_cursor_that_was_never_given_is_refused(app, client, cursor):
    answer = client.get("/opportunities.json", query_string={"cursor": cursor})
    assert answer.status_code == 400 and "next_cursor" in answer.json["error"]["detail"]


def test_a_cursor_past_the_end_waits_there(app, client):
    make_open_lot()
    answer = client.get("/opportunities.json?cursor=999999").json
    assert answer == {"lots": [], "more": False, "next_cursor": "999999"}


def test_the_feeds_choose_as_the_page_does(app, client):
    make_open_lot(buyer=make_region("F"), title="In the east")
    make_open_lot(
        buyer=make_region("K"),
        areas=[("K", "kent", 10)],
        title="In Kent",
        value_net_pence=20_000_00,
    )
    for query in ("?area=kent", "?region=K", "?band=under-30", "?words=KENT%20in"):
        found = client.get(f"/opportunities.json{query}").json["lots"]
        assert [each["title"] for each in found] == ["In Kent"], query
        assert len(entries(client, query)) == 1
        assert "In Kent" in client.show(f"/opportunities{query}").text
        assert "In the east" not in client.show(f"/opportunities{query}").text


UNKNOWN = ("area=nope", "region=ZZ", "service=nope", "band=huge", "show=everything")


@pytest.mark.parametrize("query", UNKNOWN)
def test_a_choice_that_is_not_offered_is_said_on_the_page_and_refused_by_the_feeds(
    app, client, query
):
    make_open_lot(title="In the east")
    page = client.show(f"/opportunities?words=east&{query}")
    assert f"We do not know {query}: it was left out." in page.text
    assert "In the east" in page.text
    assert f"We do not know {query}" in client.show(f"/pipeline?{query}").text
    answer = client.get(f"/opportunities.json?{query}")
    assert answer.status_code == 400 and f"know {query}." in answer.json["error"]["detail"]
    for ending in ("atom", "ics"):
        answer = client.get(f"/opportunities.{ending}?{query}")
        assert answer.status_code == 400 and f"We do not know {query}." in answer.text


def test_choices_left_empty_are_known(app, client):
    empty = "show=&service=&region=&area=&band=&words="
    assert "We do not know" not in client.show(f"/opportunities?{empty}").text
    assert client.get(f"/opportunities.json?{empty}").status_code == 200


DOINGS = st.lists(st.one_of(st.just("publish"), st.just("read"), st.integers(0, 9)), max_size=30)


@settings(max_examples=25)
@given(doings=DOINGS)
def test_a_client_that_follows_the_cursor_misses_and_repeats_nothing(app, monkeypatch, doings):
    """Lots are published and changed while a client reads two at a time."""
    monkeypatch.setattr(feeds, "PAGE", 2)
    template = make_open_lot()
    start, read = str(news.newest()), []
    cursor, changes, made = start, [], []
    for doing in doings:
        if doing == "publish":
            made.append(_copy_of(template))
            changes.append(made[-1])
        elif doing == "read":
            piece = feeds.piece(Wanted(None), cursor)
            read += [(each.lot_id, each.number) for each in piece.listings]
            cursor = piece.next_cursor
        elif made:
            changed = made[doing % len(made)]
            changes.append(changed)
            with write():
                news.tell(db.session.get_one(Lot, changed), News.CHANGED)
    more = True
    while more:
        piece = feeds.piece(Wanted(None), cursor)
        read += [(each.lot_id, each.number) for each in piece.listings]
        cursor, more = piece.next_cursor, piece.more
    assert len(read) == len(set(read)), "something was told twice"
    assert {lot_id for lot_id, _number in read} == set(made)
    assert [number for _lot_id, number in read] == sorted(number for _lot_id, number in read)
    last_told = {lot_id: number for lot_id, number in read}
    last_changed = {lot_id: int(start) + at for at, lot_id in enumerate(changes, 1)}
    assert last_told == last_changed


def _copy_of(lot: Lot):
    copied = {
        column.name: getattr(lot, column.name)
        for column in Lot.__table__.columns
        if column.name not in ("id", "reference")
    }
    with write():
        copy = Lot(id=new_id(), reference=f"T-{new_id().hex[:12]}", **copied)
        db.session.add(copy)
        db.session.flush()
        news.tell(copy, News.OPENED)
        return copy.id


def test_a_closed_lot_says_so_before_any_job_ran(app, client):
    lot = make_open_lot()
    pass_closing(lot)
    assert client.get("/opportunities.json").json["lots"][0]["state"] == "closed"


def test_the_page_about_data_names_every_feed(app, client):
    links = client.show("/open-data").links().values()
    for path in ("/opportunities.atom", "/opportunities.ics", "/opportunities.json"):
        assert any(path in link for link in links), path
