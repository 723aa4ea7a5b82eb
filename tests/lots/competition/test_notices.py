"""Notices: named by their regime, sent by a carrier or outside, and recorded."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sqlalchemy import select

from lots.notices import carriers, posting
from lots.notices.due import notice_name
from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeKind, NoticeState, Regime
from lots.vocabulary import Route
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.outbox.models import DemonstrationMail
from marketplace.permissions import Refused
from tests.support.competition import officer_of
from tests.support.lots import make_open_lot
from tests.support.people import make_person, sign_in


def the_notice(lot):
    return db.session.scalars(select(Notice).where(Notice.lot_id == lot.id)).one()


@pytest.mark.parametrize(
    ("regime", "kind", "name"),
    [
        (Regime.ACT_2023, NoticeKind.PLANNED, "UK3 "),
        (Regime.ACT_2023, NoticeKind.OPENING, "UK4 "),
        (Regime.ACT_2023, NoticeKind.ENDING, "UK12 "),
        (Regime.PCR_2015, NoticeKind.OPENING, "F21 "),
        (Regime.PCR_2015, NoticeKind.CHANGE, "F14 "),
    ],
)
def test_notices_keep_the_names_of_their_regime(app, regime, kind, name):
    assert str(notice_name(kind, regime, Route.CONTRACT)).startswith(name)
    assert not str(notice_name(kind, regime, Route.GRANT)).startswith(name)


def test_without_a_carrier_it_waits_until_somebody_records_it(app):
    lot = make_open_lot()
    assert carriers.send_due(clock.now()) == 0
    notice = the_notice(lot)
    assert notice.state is NoticeState.TO_SEND
    assert notice.facts["reference"] == lot.reference
    officer = officer_of(lot)
    with write():
        posting.record_sent(notice.id, "2026/S 000-123456", officer)
    with write():
        posting.record_rejected(notice.id, officer)
    with write():
        posting.record_sent(notice.id, "2026/S 000-123457", officer)
    with write():
        posting.record_accepted(notice.id, officer)
    assert the_notice(lot).state is NoticeState.ACCEPTED
    with pytest.raises(AlreadyChanged), write():
        posting.record_sent(notice.id, "again", officer)


def test_nobody_of_another_buyer_records_it(app):
    notice = the_notice(make_open_lot())
    with pytest.raises(Refused), write():
        posting.record_sent(notice.id, "theirs", officer_of(make_open_lot()))


def test_an_officer_records_it_on_screen(app, client):
    lot = make_open_lot()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    notice = the_notice(lot)
    page = client.show(f"/lots/{lot.id}")
    assert "Record it as sent" in page.text
    answer = client.submit(f"/lots/notices/{notice.id}/sent", "Record it as sent", reference="")
    assert "Enter the reference" in answer.page.text
    answer = client.submit(answer.page, "Record it as sent", reference="2026/S 1")
    assert "2026/S 1" in answer.page.text
    client.submit(answer.page, "Record that it was accepted")
    assert the_notice(lot).state is NoticeState.ACCEPTED


def test_in_the_demonstration_it_is_shown_among_the_letters(app, monkeypatch):
    lot = make_open_lot()
    settings = app.extensions["settings"]
    monkeypatch.setattr(settings, "demonstration", True)
    assert carriers.send_due(clock.now()) == 1
    assert carriers.send_due(clock.now()) == 0
    (letter,) = db.session.scalars(select(DemonstrationMail))
    assert lot.title in letter.subject and lot.reference in letter.body
    assert the_notice(lot).state is NoticeState.SENT


class Platform(BaseHTTPRequestHandler):
    """A stand-in for the central platform: the first try fails, the second is taken."""

    def do_POST(self) -> None:
        heard = self.server.heard
        heard.append(
            (self.headers, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        )
        self.send_response(503 if len(heard) == 1 else 201)
        self.end_headers()
        self.wfile.write(b'{"reference": "2026/S 000-1"}')

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def test_with_an_address_it_is_sent_there_and_again_under_the_same_key(app, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Platform)
    server.heard = []
    Thread(target=server.serve_forever, daemon=True).start()
    settings = app.extensions["settings"]
    monkeypatch.setattr(settings, "notices_address", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setattr(settings, "notices_key", "secret")
    lot = make_open_lot()
    assert carriers.send_due(clock.now()) == 0
    assert the_notice(lot).state is NoticeState.TO_SEND
    with write():
        the_notice(lot).due_at = clock.technical_now()
    assert carriers.send_due(clock.now()) == 1
    server.shutdown()
    notice = the_notice(lot)
    assert (notice.state, notice.reference) == (NoticeState.SENT, "2026/S 000-1")
    keys = {headers["Idempotency-Key"] for headers, _said in server.heard}
    assert keys == {str(notice.id)}
    assert server.heard[1][1]["notice"].startswith("F21")
    assert server.heard[1][0]["Authorization"] == "Bearer secret"
