"""The addresses of the releases: cursors, one process, bulk, feed, and what never changes."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from lots.releases import queries
from lots.releases.models import Release, ReleaseNumber
from lots.vocabulary import LotState
from marketplace.database import db, write
from tests.support import ocds
from tests.support.competition import answer, asked, corrected, officer_of
from tests.support.lots import make_lot, make_open_lot

RELEASES = "/open-data/ocds/releases.json"
RECORDS = "/open-data/ocds/records.json"
PREFIX = "ocds-dfmkt0"


@pytest.fixture
def get(app):
    client = app.test_client()
    return lambda address, **headers: client.get(address, headers=headers)


def test_cursors_give_every_release_once_and_a_changed_record_again(app, get, monkeypatch):
    monkeypatch.setattr(queries.releases, "__defaults__", (2,))
    monkeypatch.setattr(queries.records, "__defaults__", (2,))
    lot = make_open_lot()
    make_lot(LotState.PLANNED)
    corrected(lot)
    seen, address = [], RELEASES
    while address:
        said = get(address).json
        seen += [each["id"] for each in said["releases"]]
        # As it is served, links and all, by the standard's own schema.
        assert not ocds.findings(said)
        address = said["links"].get("next", "").removeprefix("http://127.0.0.1:8000")
    address = said["links"]["resume"].removeprefix("http://127.0.0.1:8000")
    assert seen[0] == "DF-1" and len(seen) == len(set(seen)) == 4
    assert seen[-1] == f"{lot.reference}-2"
    nothing = get(address)
    assert (nothing.status_code, nothing.data) == (204, b"")
    corrected(lot, "Support for women on probation, in their own county!")
    assert [each["id"] for each in get(address).json["releases"]] == [f"{lot.reference}-3"]
    last = get(RECORDS + "?after=3").json["records"]
    assert [each["ocid"] for each in last] == [f"{PREFIX}-{lot.reference}"]
    assert get(RELEASES + "?after=nonsense").status_code == 400


def test_unchanged_pages_are_not_sent_twice_and_other_sites_may_read_them(app, get):
    make_open_lot()
    for address in (RELEASES, RECORDS, "/open-data/ocds/releases.jsonl"):
        first = get(address)
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert get(address, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    package = get(RELEASES).json
    assert package["license"].startswith("https://www.nationalarchives.gov.uk/doc/open-government")
    assert package["publishedDate"] and package["extensions"]
    make_open_lot()
    assert get(address, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_one_process_the_bulk_file_and_the_feed(app, get):
    lot = make_open_lot()
    ocid = f"{PREFIX}-{lot.reference}"
    assert get(f"/open-data/ocds/releases/{ocid}.json").json["releases"][0]["tag"] == ["tender"]
    record = get(f"/open-data/ocds/records/{ocid}.json").json["records"][0]
    assert record["compiledRelease"]["tender"]["status"] == "active"
    assert get("/open-data/ocds/records/ocds-nothing.json").status_code == 404
    lines = get("/open-data/ocds/releases.jsonl").text.splitlines()
    assert [json.loads(line)["ocid"] for line in lines] == [f"{PREFIX}-DF", ocid]
    assert get("/open-data/ocds/releases.jsonl?year=1999").text == ""
    assert get("/open-data/ocds/releases.jsonl?year=long").status_code == 400
    feed = ElementTree.fromstring(get("/open-data/ocds/releases.atom").data)
    assert any(lot.title in (each.text or "") for each in feed.iter())


def test_a_question_is_published_without_its_asker(app, get):
    lot = make_open_lot()
    answer(asked(lot), officer_of(lot), "Yes.")
    released = get(f"/open-data/ocds/releases/{PREFIX}-{lot.reference}.json").json["releases"]
    (enquiry,) = released[1]["tender"]["enquiries"]
    assert enquiry.keys() == {"id", "description", "answer", "dateAnswered", "relatedLot"}


def test_drafts_and_what_happens_between_closing_and_award_leave_no_trace(app, get):
    make_lot(LotState.DRAFT)
    assert get(RELEASES).status_code == 204
    lot = make_lot(LotState.RECOMMENDED)
    released = get(f"/open-data/ocds/releases/{PREFIX}-{lot.reference}.json").json["releases"]
    assert [each["tag"] for each in released] == [["tender"]]


@pytest.mark.parametrize("table", [Release, ReleaseNumber])
def test_what_is_published_can_neither_be_changed_nor_removed(app, table):
    make_open_lot()
    for statement in (
        update(table).values(at=Release.at if table is Release else table.at),
        delete(table),
    ):
        with pytest.raises(DatabaseError, match="append-only"), write():
            db.session.execute(statement)
