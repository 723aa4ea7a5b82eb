"""GOV.UK Notify as a carrier: what it is sent, and what happens where it does not take it."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import select

from marketplace import clock, outbox
from marketplace.database import db, write
from marketplace.outbox import Channel, actions
from marketplace.outbox.models import MessageState, OutboxMessage

# The shape of a Notify key: its name, the service's id, the secret.
KEY = f"test-{uuid4()}-{uuid4()}"


class StandIn(ThreadingHTTPServer):
    """Keeps what it was sent; answers the first `refuses` requests as a service in trouble."""

    def __init__(self):
        self.received: list[tuple[str, dict]] = []
        self.refuses = 0
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, json.loads(body)))
        refused = len(self.server.received) <= self.server.refuses
        answer = json.dumps({"id": str(uuid4())} if not refused else {"errors": []}).encode()
        self.send_response(500 if refused else 201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        """Keep the output of the tests clean."""


@pytest.fixture
def worded(monkeypatch):
    """Any template is there, and says the same."""
    monkeypatch.setattr(
        actions, "render_template", lambda name, **facts: f"Hello {facts['who']}\n\nAll is well.\n"
    )


@pytest.fixture
def notify(app, worded, monkeypatch):
    server = StandIn()
    Thread(target=server.serve_forever, daemon=True).start()
    carried = app.extensions["settings"].model_copy(
        update={
            "mail_carrier": "notify",
            "text_carrier": "notify",
            "notify_key": KEY,
            "notify_mail_template": "mail-template",
            "notify_text_template": "text-template",
            "notify_address": f"http://127.0.0.1:{server.server_port}",
        }
    )
    monkeypatch.setitem(app.extensions, "settings", carried)
    yield server
    server.shutdown()
    server.server_close()


def post(channel, to):
    with write():
        outbox.post("any.txt", to=to, facts={"who": "Siân O’Brien 🙂"}, channel=channel)


def only_message():
    db.session.expire_all()
    return db.session.scalars(select(OutboxMessage)).one()


def test_a_mail_goes_to_notify_with_our_id_as_reference(notify):
    post(Channel.MAIL, "mair@example.org")
    message_id = only_message().id
    assert actions.deliver_due(clock.now()) == 1
    path, sent = notify.received[0]
    assert path == "/v2/notifications/email"
    assert sent == {
        "email_address": "mair@example.org",
        "template_id": "mail-template",
        "personalisation": {"subject": "Hello Siân O’Brien 🙂", "body": "All is well.\n"},
        "reference": str(message_id),
    }
    assert only_message().state == MessageState.SENT and only_message().recipient is None


def test_a_text_that_notify_refused_is_sent_again_with_the_same_reference(notify):
    notify.refuses = 1
    post(Channel.TEXT, "07700900123")
    assert actions.deliver_due(clock.now()) == 0
    with write():
        only_message().due_at = clock.technical_now()
    assert actions.deliver_due(clock.now()) == 1
    assert [path for path, _sent in notify.received] == ["/v2/notifications/sms"] * 2
    assert notify.received[0] == notify.received[1]
    assert notify.received[0][1]["personalisation"] == {
        "body": "Hello Siân O’Brien 🙂 All is well."
    }


def test_without_a_carrier_for_texts_none_is_offered_and_none_is_lost(
    app, worded, monkeypatch, capsys
):
    assert not outbox.texts_are_carried()
    post(Channel.TEXT, "07700900123")
    assert actions.deliver_due(clock.now()) == 0
    assert only_message().state == MessageState.CLAIMED
    found = app.extensions["settings"].model_copy(update={"text_carrier": "console"})
    monkeypatch.setitem(app.extensions, "settings", found)
    assert outbox.texts_are_carried()
    with write():
        only_message().due_at = clock.technical_now()
    assert actions.deliver_due(clock.now()) == 1
    assert "Text to 07700900123: Hello Siân O’Brien 🙂 All is well." in capsys.readouterr().out
