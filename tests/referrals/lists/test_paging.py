"""Pages by cursor: nothing twice and nothing left out, whatever is added; kind to any address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from marketplace import clock
from marketplace.database import db, write
from referrals.lists import cursors, queries
from referrals.lists.asking import asked
from referrals.lists.cursors import Cursor
from referrals.lists.scopes import sight
from referrals.lists.tabs import ORDERS, PROVIDER_TABS, Sort, Tab, sorts_for
from referrals.models import Referral
from tests.support.people import browser_of
from tests.support.referrals import send

SIZE = 3


def page(by, wanted):
    return queries.page(by, wanted, sight(by), SIZE)


def at(wanted, text, *, backwards=False):
    values = cursors.read(text, ORDERS[wanted.sort])
    return replace(wanted, cursor=Cursor(values, backwards))


def walk(by, wanted, between=lambda: None):
    found, pages = [], []
    while True:
        here = page(by, wanted)
        found += [row.id for row in here.rows]
        pages.append(here)
        if here.after is None:
            return found, pages
        wanted = at(wanted, here.after)
        between()


@pytest.mark.parametrize("sort", sorts_for(Tab.OPEN))
def test_every_order_shows_each_case_once_and_leads_back(town, sort):
    sent = {town.refer(crn=f"X00000{number}").id for number in range(7)}
    send(town.area_id, town.by.practitioner)
    with write():  # of one moment, so that the id decides
        db.session.execute(update(Referral).values(sent_at=clock.now()))
    wanted = asked(MultiDict({"show": "open", "sort": sort.value}), (Tab.OPEN,))
    assert wanted.sort == sort
    found, pages = walk(town.by.practitioner, wanted)
    assert len(found) == len(set(found)) == 8 and sent < set(found)
    back = page(town.by.practitioner, at(wanted, pages[2].before, backwards=True))
    assert [row.id for row in back.rows] == found[SIZE : 2 * SIZE]
    first = page(town.by.practitioner, at(wanted, back.before, backwards=True))
    assert [row.id for row in first.rows] == found[:SIZE] and first.before is None
    assert pages[0].before is None and pages[0].counted == 8


def test_cases_sent_while_somebody_turns_pages_shift_nothing(town):
    old = [town.refer(crn=f"X00000{number}").id for number in range(7)]
    wanted = asked(MultiDict({"show": "open"}), (Tab.OPEN,))
    found, _pages = walk(town.by.practitioner, wanted, between=town.refer)
    assert found == old[::-1]


SOME_ID = "4f26d007-a200-4789-8391-f51ae0604b1d"
HOSTILE = [
    "",
    "x",
    "_",
    "01/01/2026_" + SOME_ID,
    "9999-12-31T23:59:59+23:59_" + SOME_ID,
    "0001-01-01T00:00:00+00:00_" + SOME_ID,
    "2026-01-01T00:00:00_" + SOME_ID,
    "2026-01-01T00:00:00+00:00_" + "0" * 5000,
    "2026-01-01T00:00:00+00:00_" + "' OR 1=1 --",
    "\u202e🙂_\u0000",
]


def test_what_is_no_place_in_a_list_begins_it_anew():
    for text in HOSTILE:
        assert all(cursors.read(text, ORDERS[sort]) is None for sort in Sort), text
    order = ORDERS[Sort.NEWEST]
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
    values = [moment, uuid4()]
    assert cursors.read(cursors.written(values), order) == values


def test_any_address_of_a_list_is_answered_kindly(app, town):
    town.refer()
    manager = browser_of(app, town.people["manager"])
    for name in ("show", "sort", "whose", "service", "person", "state", "after", "before"):
        for text in (*HOSTILE, str(uuid4()), "ended"):
            answer = manager.get("/referrals", query_string={name: text})
            assert answer.status_code == 200, (name, text)
    assert all(
        manager.get(f"/referrals?show={tab.value}").status_code == 200 for tab in PROVIDER_TABS
    )
    # Behind the last case there is a way back.
    past = manager.show(f"/referrals?after=2001-01-01T00:00:00%2B00:00_{uuid4()}")
    assert "Back to the first page" in past.links()
    assert (
        "No case in this list meets the filters."
        in manager.show(f"/referrals?service={uuid4()}").text
    )


def test_a_page_keeps_its_filters_and_leads_on(app, town):
    for number in range(26):
        town.refer(crn=f"X{number:06}")
    manager = browser_of(app, town.people["manager"])
    service = town.large.areas[0].id
    first = manager.show(f"/referrals?show=new&sort=oldest&service={service}")
    assert "New (26)" in first.text
    second = manager.show(first.links()["Next page"])
    assert second.text.count("X0000") == 1
    back = second.links()["Previous page"]
    assert str(service) in back and "oldest" in back
