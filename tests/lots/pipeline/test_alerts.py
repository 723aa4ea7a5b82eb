"""Alerts: confirmed by the address itself, at most one mail a day, stopped without signing in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lots.pipeline import alerts, digest, news
from lots.pipeline.keys import CONFIRM, STOP, link_key
from lots.pipeline.models import Alert, Reader
from lots.pipeline.readers import own_address
from lots.vocabulary import LotState
from lots.wanted import Wanted
from marketplace import clock
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.actions import compose
from marketplace.permissions import NotYours
from tests.support.lots import make_lot, make_open_lot, make_region
from tests.support.mails import mails_to
from tests.support.pipeline import alert, somebody

HER = "her@example.org"
EVERYTHING = Wanted(None)


def morning(days: int = 0):
    """Noon, so many days from today: after the hour at which digests go out."""
    return clock.now().replace(hour=12) + timedelta(days=days)


def digests(email: str = HER) -> list[list[str]]:
    """The titles of each digest to an address."""
    found = [mail for mail in mails_to(email) if mail.template == digest.MAIL]
    return [[each["title"] for each in json.loads(mail.facts)["lots"]] for mail in found]


def test_one_mail_a_day_and_only_when_something_is_new(app):
    alert(HER, EVERYTHING)
    assert digest.send_due(morning()) == 0
    make_open_lot(title="First")
    make_lot(LotState.PLANNED, title="Second")
    assert digest.send_due(morning()) == 1
    make_open_lot(title="Third")
    assert digest.send_due(morning()) == 0
    assert digest.send_due(morning(1)) == 1
    assert digest.send_due(morning(2)) == 0
    assert digests() == [["First", "Second"], ["Third"]]


def test_a_missed_day_is_caught_up(app):
    alert(HER, EVERYTHING)
    make_open_lot(title="Monday’s")
    make_open_lot(title="Tuesday’s")
    assert digest.send_due(morning(3)) == 1
    assert digests() == [["Monday’s", "Tuesday’s"]]


def test_nothing_goes_out_before_seven_in_london(app):
    alert(HER, EVERYTHING)
    make_open_lot()
    early = digest._morning(morning(), 0) - timedelta(seconds=1)
    assert digest.send_due(early) == 0
    assert digest.next_due(early) == early + timedelta(seconds=1)
    assert digest.send_due(early + timedelta(seconds=1)) == 1
    assert digest.next_due(early) is None


def test_two_processes_that_read_the_same_reader_send_one_mail(app):
    alert(HER, EVERYTHING)
    make_open_lot()
    reader = db.session.scalars(select(Reader)).one()
    head, today = news.newest(), clock.today()
    db.session.expunge(reader)
    told = [{"lot_id": str(new_id()), "title": "Twice", "kinds": ["opened"]}]
    assert digest._send(reader, head, today, told)
    assert not digest._send(reader, head, today, told)
    assert len(digests()) == 1


def test_alerts_choose_by_service_area_region_and_value(app):
    region = make_region("F")
    wanted = {
        "service@example.org": Wanted(None, service="womens-services"),
        "other-service@example.org": Wanted(None, service="accommodation"),
        "region@example.org": Wanted(None, region="F"),
        "other-region@example.org": Wanted(None, region="K"),
        "area@example.org": Wanted(None, area="derbyshire"),
        "other-area@example.org": Wanted(None, area="kent"),
        "value@example.org": Wanted(None, band="100-500"),
        "other-value@example.org": Wanted(None, band="under-30"),
    }
    for email, each in wanted.items():
        alert(email, each)
    make_open_lot(buyer=region)
    assert digest.send_due(morning()) == 4
    assert [email for email in wanted if digests(email)] == [
        email for email in wanted if not email.startswith("other")
    ]


def test_a_lot_for_a_whole_region_covers_its_areas(app):
    alert(HER, Wanted(None, area="derbyshire"))
    reason = {"whole_region_reason": "Few people each."}
    make_open_lot(areas=[("F", None, 30)], **reason)
    assert digest.send_due(morning()) == 1


def test_an_unconfirmed_address_gets_no_digest_and_is_forgotten(app):
    alert(HER, EVERYTHING, confirmed=False)
    make_open_lot()
    assert digest.send_due(morning()) == 0
    assert alerts.forget_unconfirmed(morning()) == 0
    with write():
        db.session.scalars(select(Alert)).one().asked_at -= timedelta(days=8)
    assert alerts.forget_unconfirmed(morning()) == 1
    assert not db.session.scalars(select(Reader)).all()


def test_opening_the_link_confirms_nothing_the_button_does(app, client):
    made = alert(HER, EVERYTHING, confirmed=False)
    address = f"/alerts/confirm/{made.id}/{link_key(CONFIRM, made.id)}"
    client.show(address)
    assert not db.session.get_one(Alert, made.id).confirmed
    client.submit(address, "Yes, send me these mails")
    client.submit(address, "Yes, send me these mails")
    assert db.session.get_one(Alert, made.id).confirmed


def test_a_link_with_another_key_is_no_link(app, client):
    made = alert(HER, EVERYTHING, confirmed=False)
    right = link_key(CONFIRM, made.id)
    for key in ("0" * 32, right[:-1], right.upper(), link_key(STOP, made.id), "ŷ" * 32):
        client.show(f"/alerts/confirm/{made.id}/{key}", status=404)
    client.show(f"/alerts/confirm/{new_id()}/{right}", status=404)
    client.show(f"/alerts/manage/{made.reader_id}/{right}", status=404)


def test_the_mail_stops_itself_without_signing_in(app, client):
    alert(HER, Wanted(None, service="womens-services"))
    alert(HER, Wanted(None, service="accommodation"))
    make_open_lot()
    assert digest.send_due(morning()) == 1
    letter = compose(mails_to(HER)[-1])
    address = "/" + letter["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert address in letter.get_content()
    page = client.show(address)
    assert db.session.scalar(select(func.count()).select_from(Alert)) == 2
    client.submit(page, "Stop all mails about lots")
    assert not db.session.scalars(select(Reader)).all()
    client.show(address, status=404)


def test_somebody_elses_address_shows_nothing_about_it(app, client):
    def asked(email: str):
        answer = client.submit("/alerts", email=email)
        return answer.request.path, answer.page.text

    unknown = asked("nobody@example.org")
    by = somebody()
    with write():
        alerts.add_own(EVERYTHING, by)
    assert asked(own_address(by)) == unknown == asked("nobody@example.org")
    assert len(mails_to(own_address(by))) == 1


def test_there_are_bounds(app, client, monkeypatch):
    monkeypatch.setattr(alerts, "MOST", 2)
    by = somebody()
    for service in ("womens-services", "accommodation"):
        with write():
            alerts.add_own(Wanted(None, service=service), by)
    with pytest.raises(Refusal, match="Remove one"), write():
        alerts.add_own(EVERYTHING, by)
    for _number in range(4):
        with write():
            alerts.ask_for(HER, EVERYTHING)
    assert len(mails_to(HER)) == 2
    for _number in range(alerts.FOR_ADDRESS.most):
        client.submit("/alerts", email="often@example.org")
    assert client.submit("/alerts", email="Often@example.org ").status_code == 429


def test_the_same_alert_twice_is_one(app):
    by = somebody()
    for _time in range(2):
        with write():
            alerts.add_own(Wanted(None, band="30-100"), by)
    held, _stop = alerts.own_alerts(by)
    assert len(held) == 1


def test_one_cannot_remove_anothers_alert(app):
    hers, his = alert(HER, EVERYTHING), alert("his@example.org", EVERYTHING)
    with write():
        alerts.remove(his.reader_id, link_key(STOP, his.reader_id), hers.id)
    assert db.session.get(Alert, hers.id) is not None
    with pytest.raises(NotYours), write():
        alerts.remove(hers.reader_id, link_key(STOP, his.reader_id), hers.id)
