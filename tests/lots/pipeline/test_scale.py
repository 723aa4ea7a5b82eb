"""The public lists with many lots: bounded pages, and as many statements as with ten."""

from __future__ import annotations

import itertools
import time

import pytest
from sqlalchemy import func, select

from lots.models import Lot, LotArea
from lots.pipeline.feeds import ENTRIES, EVENTS
from lots.pipeline.feeds import PAGE as JSON_PAGE
from lots.pipeline.models import LotListing
from lots.vocabulary import LotState
from marketplace.database import db
from marketplace.organisations.models import Organisation, OrganisationArea
from marketplace.paging import SIZE
from marketplace.qualification.models import Qualification
from tests.bench.copies import copy_all
from tests.support.lots import make_lot, make_open_lot
from tests.support.people import make_organisation
from tests.support.qualification import qualify
from tests.support.statements import statements_sent

TEN = 10
# The address, what marks one row of it, and how many rows there may be.
PAGES = (
    ("/opportunities", b'<h3 class="govuk-heading-s', SIZE),
    ("/opportunities?show=planned&band=100-500&words=two%20counties", b"<h3 class=", SIZE),
    ("/opportunities?area=derbyshire&page=2", b"<h3 class=", SIZE),
    ("/pipeline", b'<th scope="row"', SIZE + 12),
    ("/opportunities.atom", b"<entry>", ENTRIES),
    ("/opportunities.json", b'"reference"', JSON_PAGE),
    ("/opportunities.ics", b"BEGIN:VEVENT", EVENTS * 3),
)
REGISTER = (("/qualified", b"/qualified/", SIZE),)


def sent_and_rows(client, pages) -> dict[str, tuple[int, int]]:
    """For each page how many statements it sends, and how many rows it has."""
    found = {}
    for path, mark, _most in pages:
        client.get(path)
        with statements_sent() as sent:
            answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = (len(sent), answer.data.count(mark))
    return found


def ten_lots() -> None:
    """Five open and five planned ones."""
    for _number in range(TEN // 2):
        make_open_lot()
        make_lot(LotState.PLANNED)


def many_lots(times: int) -> None:
    """So many times as many lots, each at a place of its own in the feeds."""
    number = itertools.count(1_000_000)
    copy_all([Lot, LotArea, LotListing], times - 1, number=lambda _row: next(number))


def test_a_thousand_lots_cost_as_many_statements_as_ten(app, client):
    ten_lots()
    few = sent_and_rows(client, PAGES)
    many_lots(100)
    assert db.session.scalar(select(func.count()).select_from(Lot)) == 1000
    many = sent_and_rows(client, PAGES)
    for path, _mark, most in PAGES:
        assert many[path][0] == few[path][0], path
        assert 0 < many[path][1] <= most, path


@pytest.mark.full
def test_ten_thousand_lots_and_five_thousand_organisations(app, client):
    ten_lots()
    for number in range(TEN):
        qualify(make_organisation(name=f"Register {number}", based_in="kent"))
    pages = PAGES + REGISTER
    few = sent_and_rows(client, pages)
    many_lots(1000)
    copy_all([Organisation, OrganisationArea, Qualification], 500)
    assert db.session.scalar(select(func.count()).select_from(Lot)) == 10_000
    assert db.session.scalar(select(func.count()).select_from(Organisation)) >= 5_000
    many = sent_and_rows(client, pages)
    for path, _mark, most in pages:
        assert many[path][0] == few[path][0], path
        assert many[path][1] <= most, path
        began = time.perf_counter()
        client.get(path)
        print(f"{path}: {1000 * (time.perf_counter() - began):.0f} ms")
