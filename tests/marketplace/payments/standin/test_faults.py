"""Each fault that can be ordered: what the client sees of it, and what was done."""

from __future__ import annotations

import pytest
import stripe

from marketplace.payments.standin.faults import OF_REQUESTS
from tests.support.standin import Kind, StandIn, StripeBody


def send(body: StripeBody, payee: str, key: str) -> stripe.Transfer:
    sent = {"amount": 1_000, "currency": "gbp", "destination": payee, "transfer_group": key}
    return body.client().v1.transfers.create(sent, {"idempotency_key": key})


# The fault; the status seen (None: no answer), whether it was done, and whether repeating it
# under the same key then answers as if nothing had gone wrong.
SEEN = {
    Kind.DROPPED: (None, True, True),
    Kind.CONFLICT: (409, False, True),
    Kind.TOO_MANY: (429, False, True),
    Kind.BROKEN: (500, False, True),
    Kind.BROKEN_AFTER: (500, True, False),
}


@pytest.mark.parametrize("kind", SEEN)
def test_a_fault_is_seen_as_it_should_be(stand_in: StandIn, body: StripeBody, kind: Kind):
    status, done, repeatable = SEEN[kind]
    payee = body.ready_account()
    stand_in.fault(kind, "POST /v1/transfers")
    with pytest.raises(stripe.StripeError) as seen:
        send(body, payee, "PAY-1")
    assert seen.value.http_status == status
    assert isinstance(seen.value, stripe.APIConnectionError) == (status is None)
    found = body.client().v1.transfers.list({"transfer_group": "PAY-1"}).data
    assert len(found) == (1 if done else 0)
    if repeatable:
        assert send(body, payee, "PAY-1").amount == 1_000
    else:
        # As Stripe does: whatever was answered first is answered again.
        with pytest.raises(stripe.APIError):
            send(body, payee, "PAY-1")
    assert body.balance() == 99_000


@pytest.mark.parametrize("kind", [Kind.DELAYED, Kind.ANSWERED_LATE])
def test_a_client_that_does_not_wait_learns_nothing_but_it_is_done(
    stand_in: StandIn, body: StripeBody, kind: Kind
):
    payee = body.ready_account()
    stand_in.fault(kind, "POST /v1/transfers", seconds=1.0)
    impatient = body.client(http_client=stripe.RequestsClient(timeout=0.3)).v1
    sent = {"amount": 1_000, "currency": "gbp", "destination": payee}
    with pytest.raises(stripe.APIConnectionError):
        impatient.transfers.create(sent, {"idempotency_key": "k"})
    # The key is free to be asked again as soon as the work is done.
    while True:
        try:
            again = body.client().v1.transfers.create(sent, {"idempotency_key": "k"})
            break
        except stripe.APIError as busy:
            assert busy.http_status == 409
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(body.all("transfer")) == 1


def test_every_fault_of_requests_is_tried_here():
    assert {*SEEN, Kind.DELAYED, Kind.ANSWERED_LATE} == OF_REQUESTS


def test_a_fault_waits_for_its_request_passes_over_some_and_ends(
    stand_in: StandIn, body: StripeBody
):
    payee = body.ready_account()
    stand_in.fault(Kind.BROKEN, "POST /v1/transfers", skip=1, times=2)
    outcomes = []
    for number in range(4):
        body.client().v1.balance.retrieve()
        try:
            outcomes.append(bool(send(body, payee, f"PAY-{number}")))
        except stripe.APIError:
            outcomes.append(False)
    assert outcomes == [True, False, False, True]


def test_every_request_is_noted_with_its_key_and_its_fault(stand_in: StandIn, body: StripeBody):
    payee = body.ready_account()
    stand_in.fault(Kind.DROPPED, "POST /v1/transfers")
    with pytest.raises(stripe.APIConnectionError):
        send(body, payee, "PAY-1")
    asked = stand_in.asked("POST", "/v1/transfers")[-1]
    assert asked["merchant"] == body.id
    assert (asked["key"], asked["status"], asked["fault"]) == ("PAY-1", 200, "dropped")
