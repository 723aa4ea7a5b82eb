"""The receipt: a figure that the bidder can recompute, from exactly the bytes it downloads."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bids.models import BidState
from bids.price import actions as pricing
from bids.queries import bidders_of
from bids.sealing import OwnCopy
from bids.submitting import actions as submitting
from bids.submitting import moments
from bids.submitting.content import DECLARATIONS
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.web.filters import shown_pounds
from tests.support.bids import bid_as_stored, bidder, fill_in, seen_of
from tests.support.lots import make_open_lot
from tests.support.pages import Page
from tests.support.people import acting_as, make_person, sign_in

DECLARED = [str(text) for text in DECLARATIONS.values()]


@pytest.fixture
def ours(app, client):
    """(client, the acting bid manager, the bid's id) of a bid that is ready."""
    lot = make_open_lot()
    organisation, person = bidder("Cyfle i’r Dyfodol & Sons’ “Trust”")
    bid_id = fill_in(lot, acting_as(person), answer="Rydym ni’n gwrando – £5 \U0001f33b.")
    sign_in(client, person, organisation)
    return client, acting_as(person), bid_id


def form_of(client, bid_id):
    page = Page(client.get(f"/bids/{bid_id}/check").text)
    return dict(page.form("Submit the bid").values()) | {"declarations": list(DECLARATIONS)}


def submit(client, bid_id):
    return client.post(f"/bids/{bid_id}/check", data=form_of(client, bid_id))


def withdrawal(client, bid_id):
    page = Page(client.get(f"/bids/{bid_id}/withdraw").text)
    return dict(page.form("Withdraw the bid").values())


def organisation_of(by):
    return db.session.get_one(Organisation, by.organisation_id)


def managers(by):
    return sorted(person.email for person in bidders_of(by.organisation_id))


def address(by):
    return db.session.get_one(Person, by.person_id).email


def change_price(bid_id, by, pence):
    with write():
        pricing.save_price(bid_id, pence, bid_as_stored(bid_id).price_edition, by)


def test_the_documented_command_gives_the_receipts_figure(ours, tmp_path):
    client, _by, bid_id = ours
    submit(client, bid_id)
    page = Page(client.get(f"/bids/{bid_id}/receipt").text)
    links = [href for href in page.links().values() if "/versions/" in href]
    shown = re.findall(r"\b[0-9a-f]{64}\b", page.text)
    assert len(links) == len(shown) == 2
    for href, figure in zip(links, shown, strict=True):
        answer = client.get(href)
        name = re.search(r'filename="([^"]+)"', answer.headers["Content-Disposition"]).group(1)
        (tmp_path / name).write_bytes(answer.data)
        found = subprocess.run(
            ["sha256sum", name], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert found.stdout.split() == [figure, name]
        assert answer.headers["Cache-Control"] == "no-store"
    name = next(path.name for path in tmp_path.iterdir() if "price" not in path.name)
    for command in ("sha256sum {}", "shasum -a 256 {}", "certutil -hashfile {} SHA256"):
        assert command.format(name) in page.text


def test_the_first_figure_vouches_for_the_price_too(ours):
    client, _by, bid_id = ours
    submit(client, bid_id)
    content = json.loads(client.get(f"/bids/{bid_id}/versions/1").data)
    price = client.get(f"/bids/{bid_id}/versions/1/price").data
    assert content["price_sha256"] == hashlib.sha256(price).hexdigest()
    assert "pence" not in json.dumps(content)
    assert json.loads(price)["pence"] == 9_000_00
    assert content["declarations"] == DECLARED


def test_page_and_mail_tell_the_moment_to_the_microsecond(ours):
    client, by, bid_id = ours
    submit(client, bid_id)
    version = bid_as_stored(bid_id).latest
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.subject_id == bid_id))
    sent = next(compose(mail) for mail in mails if "receipt" in mail.template)
    page = Page(client.get(f"/bids/{bid_id}/receipt").text)
    for text in (page.text, sent.get_content()):
        assert moments.in_utc(version.submitted_at) in text
        assert moments.in_london(version.submitted_at) in text
        assert version.sha256 in text
    assert f"/bids/{bid_id}/receipt" in sent.get_content()
    lot = bid_as_stored(bid_id).lot
    for named in (lot.title, lot.reference, by.organisation_name):
        assert named not in sent.get_content() + sent["Subject"]


def mailed(bid_id, name):
    """(address, message) of each mail of this template about the bid."""
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.subject_id == bid_id))
    return [(mail.recipient, compose(mail)) for mail in mails if mail.template.endswith(name)]


def test_a_withdrawal_is_mailed_to_all_bid_managers_and_shown_with_its_moment(ours):
    client, by, bid_id = ours
    other = make_person(Role.BID_MANAGER, organisation_of(by))
    submit(client, bid_id)
    assert "Withdrawn" not in client.get(f"/bids/{bid_id}/receipt").text
    client.post(f"/bids/{bid_id}/withdraw", data=withdrawal(client, bid_id))
    bid = bid_as_stored(bid_id)
    sent = mailed(bid_id, "withdrawn.txt")
    told = sorted(to for to, _mail in sent)
    assert told == managers(by) and {address(by), other.email} <= set(told)
    page = Page(client.get(f"/bids/{bid_id}/receipt").text)
    for text in (page.text, *(mail.get_content() for _to, mail in sent)):
        assert moments.in_utc(bid.withdrawn_at) in text
        assert moments.in_london(bid.withdrawn_at) in text
    for _to, mail in sent:
        assert f"/bids/{bid_id}/receipt" in mail.get_content()
        for named in (bid.lot.title, bid.lot.reference, by.organisation_name):
            assert named not in mail.get_content() + mail["Subject"]


def test_the_receipt_goes_to_whoever_pressed_and_to_the_bid_managers_each_once(ours):
    _client, by, bid_id = ours
    trustee = make_person(Role.TRUSTEE, organisation_of(by))
    pressing = acting_as(trustee)
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), pressing)
    told = sorted(to for to, _mail in mailed(bid_id, "receipt.txt"))
    assert told == sorted([*managers(by), trustee.email]) and address(by) in told


def test_a_moment_is_written_for_programs_in_utc_to_the_microsecond():
    moment = datetime(2026, 7, 1, 10, 59, 59, 999999, UTC)
    assert moments.in_utc(moment) == "2026-07-01T10:59:59.999999Z"


def test_a_summer_s_moment_near_midnight_has_londons_day_and_time(app):
    with app.test_request_context():
        moment = datetime(2026, 6, 30, 23, 30, 0, 1, UTC)
        assert moments.in_london(moment) == "1 July 2026, 00:30:00.000001"


def test_a_second_press_of_one_page_submits_once(ours):
    client, _by, bid_id = ours
    sent = form_of(client, bid_id)
    answers = [client.post(f"/bids/{bid_id}/check", data=sent) for _press in range(3)]
    assert {(each.status_code, each.location) for each in answers} == {
        (303, f"/bids/{bid_id}/receipt")
    }
    assert len(bid_as_stored(bid_id).versions) == 1


def test_a_page_without_its_key_submits_nothing(ours):
    client, _by, bid_id = ours
    sent = form_of(client, bid_id) | {"once": ""}
    assert client.post(f"/bids/{bid_id}/check", data=sent).status_code == 409
    assert bid_as_stored(bid_id).versions == []


def test_editing_keeps_the_submitted_version_until_it_is_replaced_or_withdrawn(ours):
    client, by, bid_id = ours
    submit(client, bid_id)
    first = client.get(f"/bids/{bid_id}/versions/1").data
    change_price(bid_id, by, 8_000_00)
    bid = bid_as_stored(bid_id)
    assert (bid.state, bid.edited, bid.latest.number) == (BidState.SUBMITTED, True, 1)
    assert "Version 1 counts" in Page(client.get(f"/bids/{bid_id}/receipt").text).text
    submit(client, bid_id)
    bid = bid_as_stored(bid_id)
    assert (bid.state, bid.edited, bid.latest.number) == (BidState.SUBMITTED, False, 2)
    with write():
        submitting.withdraw_bid(bid_id, by)
    bid = bid_as_stored(bid_id)
    assert (bid.state, len(bid.versions)) == (BidState.WITHDRAWN, 2)
    assert "You withdrew" in Page(client.get(f"/bids/{bid_id}/receipt").text).text
    submit(client, bid_id)
    assert bid_as_stored(bid_id).latest.number == 3
    assert client.get(f"/bids/{bid_id}/versions/1").data == first


def test_what_is_checked_is_what_is_sealed(ours):
    client, by, bid_id = ours
    page = Page(client.get(f"/bids/{bid_id}/check").text)
    submit(client, bid_id)
    version = bid_as_stored(bid_id).latest
    copy = OwnCopy.of(version.own_copy)
    content, price = copy.read_content(), copy.read_price()
    for answer in content["answers"]:
        assert answer["question"] in page.text and answer["answer"] in page.text
    for lines in price["costs"].values():
        for line in lines:
            assert line["what"] in page.text
    for text in content["declarations"]:
        assert text in page.text
    assert shown_pounds(price["pence"]) in page.text
    assert shown_pounds(price["total_pence"]) in page.text


def test_something_that_came_to_be_missing_is_told_and_nothing_typed_is_lost(ours):
    client, by, bid_id = ours
    sent = form_of(client, bid_id) | {"hours": "7"}
    with write():
        bid = bid_as_stored(bid_id)
        for answer in bid.answers:
            answer.text = ""
    answer = client.post(f"/bids/{bid_id}/check", data=sent)
    page = Page(answer.text)
    assert answer.status_code == 409
    assert "Question 1 is not answered" in page.text
    kept = page.form("Submit the bid").values()
    assert ("hours", "7") in kept
    assert [key for name, key in kept if name == "declarations"] == list(DECLARATIONS)


def test_a_colleague_of_another_organisation_gets_neither_receipt_nor_files(ours, client):
    _client, _by, bid_id = ours
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), _by)
    other, _person = bidder()
    sign_in(client, make_person(Role.BID_MANAGER, other), other)
    for path in ("receipt", "versions/1", "versions/1/price", "check"):
        assert client.get(f"/bids/{bid_id}/{path}").status_code == 404
