"""Events are told signed, until they are taken, and as wrongly as was ordered."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import stripe

from marketplace.payments.standin.hooks import deliver_due
from tests.marketplace.payments.standin.conftest import NOBODY_LISTENS
from tests.support.standin import Kind, StandIn, StripeBody

HOUR = 3600


class Receiver:
    """Takes the letters of one address: notes them, and answers what the test says."""

    def __init__(self, stand_in: StandIn, url: str):
        self.stand_in = stand_in
        self.url = url
        self.answers: list[int] = []
        self.got: list[tuple[str, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        if url != self.url:
            return 200
        self.got.append((body.decode(), headers))
        return self.answers.pop(0) if self.answers else 200

    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for body, _headers in self.got]

    def collect(self, later: float = 0) -> list[str]:
        """Have what is due delivered until nothing is; the kinds of the events, in order."""
        self.got.clear()
        while self.stand_in.deliver(self, later):
            pass
        return self.kinds()


@pytest.fixture
def listen(stand_in: StandIn) -> Callable[..., tuple[StripeBody, Receiver]]:
    """Opens an account that tells its events to a receiver of its own."""

    def open_account(name: str) -> tuple[StripeBody, Receiver]:
        url = f"http://{name}.example/events"
        return stand_in.open_account(name, url, pence=100_000), Receiver(stand_in, url)

    return open_account


def top_up(body: StripeBody) -> Any:
    return body.client().v1.topups.create({"amount": 100, "currency": "gbp"})


def test_a_letter_is_signed_as_the_library_verifies_it(listen):
    body, receiver = listen("signed")
    made = top_up(body)
    assert receiver.collect() == ["topup.created"]
    text, headers = receiver.got[0]
    signature = headers["Stripe-Signature"]
    event = body.client().construct_event(text, signature, body.webhook_secret)
    assert (event.type, event.data.object.id) == ("topup.created", made.id)
    for wrong in ((text + " ", body.webhook_secret), (text, "whsec_another")):
        with pytest.raises(stripe.SignatureVerificationError):
            body.client().construct_event(wrong[0], signature, wrong[1])


def test_a_letter_is_sent_again_ever_later_until_it_is_taken(stand_in: StandIn, listen):
    body, receiver = listen("refusing")
    top_up(body)
    receiver.answers = [500, 0, 302, 204]
    dues = [stand_in.letters()[-1]["due"]]
    for _time in range(4):
        assert deliver_due(stand_in.store, receiver, dues[-1]) == 1
        dues.append(stand_in.letters()[-1]["due"])
    waits = [round(later - sooner, 3) for sooner, later in pairwise(dues)]
    assert waits == [1.0, 2.0, 4.0, 0.0]
    assert stand_in.letters()[-1]["done"]
    assert receiver.collect(later=HOUR) == []


def test_a_letter_whose_sender_died_is_sent_again(stand_in: StandIn, listen):
    body, receiver = listen("died")
    top_up(body)

    def die(*_letter: object) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stand_in.deliver(die)
    assert receiver.collect() == []
    assert receiver.collect(later=HOUR) == ["topup.created"]


def test_events_are_doubled_and_late_on_demand(stand_in: StandIn, listen):
    body, receiver = listen("wrong")
    stand_in.fault(Kind.HOOK_DOUBLED, "topup.created", merchant=body.id)
    stand_in.fault(Kind.HOOK_LATE, "topup.succeeded", merchant=body.id, seconds=HOUR)
    top_up(body)
    stand_in.arrive()
    assert receiver.collect() == ["topup.created", "topup.created"]
    assert receiver.got[0][0] == receiver.got[1][0]
    assert receiver.collect(later=2 * HOUR) == ["topup.succeeded"]


def test_an_event_is_overtaken_by_the_next_one_on_demand(stand_in: StandIn, listen):
    body, receiver = listen("overtaken")
    stand_in.fault(Kind.HOOK_REORDERED, "topup.created", merchant=body.id, seconds=HOUR)
    top_up(body)
    assert receiver.collect() == []
    stand_in.arrive()
    assert receiver.collect() == ["topup.succeeded", "topup.created"]


def test_an_overtaken_event_comes_by_itself_where_none_follows(stand_in: StandIn, listen):
    body, receiver = listen("last")
    stand_in.fault(Kind.HOOK_REORDERED, "topup.*", merchant=body.id, seconds=HOUR)
    top_up(body)
    assert receiver.collect(later=2 * HOUR) == ["topup.created"]


def test_own_and_connected_events_go_to_endpoints_of_their_own(stand_in: StandIn):
    body = stand_in.open_account("Two endpoints")
    create = body.client().v1.webhook_endpoints.create
    own = create({"url": "http://own.example/", "enabled_events": ["*"]})
    connected = create(
        {"url": "http://connected.example/", "enabled_events": ["account.updated"], "connect": True}
    )
    assert own.secret != connected.secret
    top_up(body)
    body.ready_account()
    at_own, at_connected = (Receiver(stand_in, each.url) for each in (own, connected))

    def both(url: str, text: bytes, headers: dict[str, str]) -> int:
        return (at_own if url == own.url else at_connected)(url, text, headers)

    while stand_in.deliver(both):
        pass
    assert at_own.kinds() == ["topup.created"]
    assert set(at_connected.kinds()) == {"account.updated"}
    text, headers = at_connected.got[0]
    event = body.client().construct_event(text, headers["Stripe-Signature"], connected.secret)
    assert event.account == json.loads(text)["data"]["object"]["id"]


def test_an_endpoint_that_is_deleted_is_told_nothing_more(body: StripeBody, stand_in: StandIn):
    client = body.client().v1
    (endpoint,) = client.webhook_endpoints.list().data
    assert endpoint.url == NOBODY_LISTENS and "secret" not in endpoint
    client.webhook_endpoints.delete(endpoint.id)
    before = len(stand_in.letters())
    top_up(body)
    assert len(stand_in.letters()) == before
    assert [event.type for event in client.events.list().data] == ["topup.created"]
