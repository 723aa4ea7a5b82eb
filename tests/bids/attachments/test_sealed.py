"""Files of a submitted version: sealed with it, held for good, vouched for by its hash."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from uuid import UUID

import pytest
from nacl.secret import SecretBox
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from bids import queries, sealing
from bids.attachments import actions
from bids.attachments.models import BidFile, BidVersionFile
from bids.attachments.queries import demands_in
from bids.models import Bid
from bids.sealing import OwnCopy
from lots import keys
from lots.models import Lot
from lots.vocabulary import Demand
from marketplace import clock
from marketplace.database import db, write
from marketplace.files import File
from marketplace.files.actions import remove_loose
from marketplace.files.models import FileContent
from marketplace.observations import Reading
from tests.support.bids import opened_competition
from tests.support.demands import DEMANDS, held, send
from tests.support.files import PDF
from tests.support.lots import pass_closing
from tests.support.people import sign_in

NAME = "Zwetschgen plan.pdf"
CONTENT = PDF + b"% Quittenmus is our recipe\n" * 300


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def files_of(version):
    demands = OwnCopy.of(version.own_copy).read_content()["demands"]
    return [each for demand in demands for each in demand["files"]]


def versions(bidding):
    db.session.expire_all()
    return queries.own_bid(bidding.bid_id, bidding.by).versions


@pytest.fixture
def sent(whole):
    send(whole.bid_id, whole.demand(Demand.DOCUMENT), whole.by, NAME, CONTENT)
    whole.submit()
    return whole


def test_the_receipts_hash_vouches_for_the_files_too(sent):
    (version,) = versions(sent)
    own = OwnCopy.of(version.own_copy).content
    assert hashlib.sha256(own.encode()).hexdigest() == version.sha256
    told = next(each for each in files_of(version) if each["name"] == NAME)
    assert told["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert told["size_bytes"] == len(CONTENT)
    demands = OwnCopy.of(version.own_copy).read_content()["demands"]
    words = {each["kind"]: each["words"] for each in demands}
    assert words["turnover"] == "Our turnover is at least £60,000 a year"


def test_an_unchanged_file_is_not_stored_again(sent):
    before = count(File), count(FileContent)
    sent.submit()
    first, second = versions(sent)
    assert files_of(first) == files_of(second)
    assert (count(File), count(FileContent)) == before
    assert count(BidVersionFile) == 2 * len(files_of(first))


def test_what_a_version_holds_stays_though_the_working_copy_lets_go_of_it(client, sent):
    sent_id = held(sent.bid_id, sent.by)[0].files[1].id
    with write():
        actions.remove_file(sent.bid_id, sent_id, sent.by)
    sent.submit()
    assert remove_loose(clock.now() + timedelta(days=2)) == 0
    first, second = versions(sent)
    assert NAME in [each["name"] for each in files_of(first)]
    assert NAME not in [each["name"] for each in files_of(second)]
    told = next(each for each in files_of(first) if each["name"] == NAME)
    sign_in(client, sent.person)
    answer = client.get(f"/bids/{sent.bid_id}/versions/1/files/{told['file']}")
    assert answer.data == CONTENT
    assert client.get(f"/bids/{sent.bid_id}/versions/2/files/{told['file']}").status_code == 404


def test_one_that_was_never_submitted_is_removed(sent):
    sent_id = send(sent.bid_id, sent.demand(Demand.DOCUMENT), sent.by, "late.pdf", PDF + b"late")
    with write():
        actions.remove_file(sent.bid_id, sent_id, sent.by)
    assert remove_loose(clock.now() + timedelta(days=2)) == 1


@pytest.mark.parametrize("statement", [update(BidVersionFile), delete(BidVersionFile)])
def test_what_a_version_holds_is_never_altered(sent, statement):
    other = send(sent.bid_id, sent.demand(Demand.DOCUMENT), sent.by)
    file_id = db.session.get_one(BidFile, other).file_id
    if statement.is_update:
        statement = statement.values(file_id=file_id)
    with pytest.raises(DatabaseError, match="append-only"), write():
        db.session.execute(statement)


def test_a_dump_shows_neither_name_nor_content_and_ties_no_owner_to_the_lot(sent):
    markers = [b"Zwetschgen plan", b"Quittenmus is our recipe"]
    markers += [
        base64.b64encode(pad + each)[4:-4] for each in markers for pad in (b"", b"x", b"xx")
    ]
    owner = (sent.by.organisation_id.hex, sent.by.person_id.hex)
    for name in ("file", "file_content", "bid_file", "bid_demand", "bid_version_file", "bid"):
        for row in db.session.execute(text(f'SELECT * FROM "{name}"')):
            for value in row:
                plain = bytes(value) if isinstance(value, bytes | memoryview) else None
                seen = plain if plain is not None else str(value).replace("-", "").encode()
                for marker in markers:
                    assert marker not in seen, name
                for each in owner:
                    assert each.encode() not in seen, name


def test_the_lots_key_opens_the_files_and_nothing_else_of_the_database_is_needed(sent):
    (version,) = versions(sent)
    pass_closing(sent.lot)
    lot = db.session.get_one(Lot, sent.lot.id)
    content = sealing.unseal(version.sealed_content, keys.private_key(lot), version.sha256)
    told = next(each for each in _listed(content) if each["name"] == NAME)
    stored = db.session.scalars(
        select(FileContent.sealed).join(File).where(File.id == UUID(told["file"]))
    ).one()
    padded = SecretBox(bytes.fromhex(told["key"])).decrypt(bytes(stored))
    assert padded.startswith(CONTENT + b"\x80")


def _listed(content):
    return [each for demand in demands_in(content) for each in demand["files"]]


def test_officers_save_the_files_of_an_opened_bid(app, client):
    competition = opened_competition(demands=DEMANDS)
    sign_in(client, competition.officer)
    page = client.show(f"/evaluations/{competition.evaluation_id}/bids/{competition.bids[0]}")
    assert "Document: Your safeguarding policy" in page.text
    assert "Our turnover is at least £60,000 a year" in page.text
    bid = db.session.get_one(Bid, competition.bids[0])
    told = files_of(bid.versions[0])[0]
    address = f"/evaluations/{competition.evaluation_id}/bids/{bid.id}/files/{told['file']}"
    assert address in page.html
    readings = count(Reading)
    answer = client.get(address)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "no-store"
    assert count(Reading) == readings + 1


def test_a_file_of_another_bid_is_not_found_under_this_one(app, client):
    competition = opened_competition(demands=DEMANDS)
    first, second = (db.session.get_one(Bid, each) for each in competition.bids)
    told = files_of(second.versions[0])[0]
    sign_in(client, competition.officer)
    base = f"/evaluations/{competition.evaluation_id}/bids"
    assert client.get(f"{base}/{first.id}/files/{told['file']}").status_code == 404
    assert client.get(f"{base}/{second.id}/files/{told['file']}").status_code == 200


def test_stored_bytes_that_were_exchanged_are_not_handed_out(app, client):
    competition = opened_competition(demands=DEMANDS)
    bid = db.session.get_one(Bid, competition.bids[0])
    one, other = files_of(bid.versions[0])[:2]
    with write():
        kept = {str(each.file_id): each for each in db.session.scalars(select(FileContent))}
        kept[one["file"]].sealed = kept[other["file"]].sealed
    sign_in(client, competition.officer)
    address = f"/evaluations/{competition.evaluation_id}/bids/{bid.id}/files/{one['file']}"
    answer = client.get(address)
    assert answer.status_code == 409
    assert "not what was submitted" in answer.page.text
