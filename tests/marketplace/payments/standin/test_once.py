"""A key is worked on once: replayed, held to its parameters, and safe against a killed server."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import stripe

from marketplace.payments.standin import server
from marketplace.payments.standin.api import forget_unfinished
from tests.support import standin
from tests.support.standin import Kind, StandIn, StripeBody


def send(body: StripeBody, destination: str, key: str, amount: int = 1_000) -> stripe.Transfer:
    sent = {"amount": amount, "currency": "gbp", "destination": destination}
    return body.client().v1.transfers.create(
        {**sent, "transfer_group": "PAY-1"}, {"idempotency_key": key}
    )


def test_the_same_key_gives_the_same_answer_and_says_so(body: StripeBody):
    payee = body.ready_account()
    first, again = send(body, payee, "k"), send(body, payee, "k")
    assert first.id == again.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert body.balance() == 99_000


def test_a_key_with_other_parameters_is_refused_by_name(body: StripeBody):
    payee = body.ready_account()
    send(body, payee, "k")
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        send(body, payee, "k", amount=1_001)
    assert len(body.all("transfer")) == 1


def test_a_refusal_for_lack_of_money_is_kept_under_its_key(body: StripeBody):
    payee = body.ready_account()
    for _time in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            send(body, payee, "short", amount=100_001)
        assert refused.value.code == "balance_insufficient"
        body.give(100_001)
    assert send(body, payee, "new key", amount=100_001).amount == 100_001


def test_a_mistake_in_the_parameters_leaves_the_key_free(body: StripeBody):
    payee = body.ready_account()
    client = body.client().v1
    key = {"idempotency_key": "k"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.transfers.create({"amount": 1, "currency": "gbp", "destinations": payee}, key)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "destinations")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.transfers.create({"amount": 1, "currency": "gbp"}, key)
    assert (refused.value.code, refused.value.param) == ("parameter_missing", "destination")
    assert send(body, payee, "k").amount == 1_000


def test_each_account_has_keys_of_its_own(stand_in: StandIn, body: StripeBody):
    other = stand_in.open_account("Another body", pence=5_000)
    assert send(body, body.ready_account(), "k").id != send(other, other.ready_account(), "k").id


def test_a_second_request_meets_the_first_one_still_running(stand_in: StandIn, body: StripeBody):
    payee = body.ready_account()
    stand_in.fault(Kind.DELAYED, "POST /v1/transfers", seconds=1.0)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send, body, payee, "k")
        _wait_until_begun(stand_in)
        # Asked for by its group while it is on its way, it is not there yet.
        assert not body.client().v1.transfers.list({"transfer_group": "PAY-1"}).data
        with pytest.raises(stripe.APIError) as refused:
            send(body, payee, "k")
        assert refused.value.http_status == 409
        assert refused.value.json_body["error"]["code"] == "idempotency_key_in_use"
        done = first.result()
    assert send(body, payee, "k").id == done.id
    assert len(body.all("transfer")) == 1


def _wait_until_begun(stand_in: StandIn) -> None:
    pause = threading.Event()
    while True:
        with stand_in.store.read() as books:
            if books.rows("SELECT 1 FROM idempotency WHERE key = 'k'"):
                return
        pause.wait(0.01)


def test_many_at_once_under_one_key_move_the_money_once(body: StripeBody):
    payee = body.ready_account()

    def press(_n: int) -> str:
        try:
            return send(body, payee, "k").id
        except stripe.APIError as refusal:
            assert refusal.http_status == 409
            return ""

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(press, range(40)))
    assert len(answers - {""}) == 1
    assert body.balance() == 99_000


def test_many_at_once_never_send_more_than_there_is(body: StripeBody):
    payee = body.ready_account()

    def press(number: int) -> bool:
        try:
            return bool(send(body, payee, f"k{number}", amount=9_000).id)
        except stripe.InvalidRequestError as refusal:
            assert refusal.code == "balance_insufficient"
            return False

    with ThreadPoolExecutor(8) as pool:
        sent = sum(pool.map(press, range(24)))
    assert (sent, body.balance(), body.balance(account=payee)) == (11, 1_000, 99_000)


def _serve(folder: str, port: int) -> None:
    from werkzeug.serving import make_server

    store = server.store_in(Path(folder))
    forget_unfinished(store)
    make_server("127.0.0.1", port, server.make_app(store), threaded=True).serve_forever()


def test_what_it_answered_outlives_its_own_process(tmp_path: Path):
    from tests.support.server import free_port

    stand_in = standin.in_folder(tmp_path)
    body = stand_in.open_account(pence=10_000)
    port = free_port()
    stand_in.address = f"http://127.0.0.1:{port}"
    process = _started(tmp_path, port, body)
    payee = body.ready_account()
    first = send(body, payee, "answered")
    stand_in.fault(Kind.DELAYED, "POST /v1/transfers", seconds=60)
    with ThreadPoolExecutor(1) as pool:
        cut = pool.submit(send, body, payee, "cut off")
        while not _is_running(stand_in, "cut off"):
            threading.Event().wait(0.01)
        process.kill()
        process.join()
        with pytest.raises(stripe.APIConnectionError):
            cut.result()
    process = _started(tmp_path, port, body)
    try:
        assert send(body, payee, "answered").id == first.id
        assert send(body, payee, "cut off").id != first.id
        assert (len(body.all("transfer")), body.balance()) == (2, 8_000)
    finally:
        process.kill()


def _is_running(stand_in: StandIn, key: str) -> bool:
    with stand_in.store.read() as books:
        return bool(books.rows("SELECT 1 FROM idempotency WHERE key = ? AND status IS NULL", key))


def _started(folder: Path, port: int, body: StripeBody) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(str(folder), port), daemon=True
    )
    process.start()
    while process.is_alive():
        try:
            body.client().v1.balance.retrieve()
            return process
        except stripe.APIConnectionError:
            threading.Event().wait(0.05)
    raise AssertionError("The stand-in did not start.")
