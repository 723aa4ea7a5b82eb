"""Where the stand-in may stand: beside the demonstration, alone for tests, never in earnest."""

from __future__ import annotations

from pathlib import Path

import pytest
import stripe
from flask import Flask

from marketplace.payments.standin import beside
from marketplace.payments.stripes.clients import client_with
from tests.support.apps import make_app
from tests.support.standin import StandIn, StripeBody


@pytest.fixture
def demonstration(database_url: str, tmp_path: Path) -> Flask:
    return make_app(database_url, tmp_path, demonstration=True)


def test_it_stands_beside_the_demonstration_and_is_asked_within_the_process(demonstration: Flask):
    merchant, _secret = beside.open_account(demonstration, "A body", "http://here/health/live")
    with demonstration.app_context():
        client = client_with(merchant.secret_key, beside.api_base(demonstration)).v1
        assert client.accounts.retrieve_current().id == merchant.id
        client.topups.create({"amount": 100, "currency": "gbp"})
        made = client.accounts.create({"capabilities": {"transfers": {"requested": True}}}).id
        link = client.account_links.create(
            {
                "account": made,
                "type": "account_onboarding",
                "return_url": "http://here/",
                "refresh_url": "http://here/",
            }
        )
    assert link.url.startswith(beside.api_base(demonstration))
    path = link.url.removeprefix(demonstration.extensions["settings"].address)
    assert b"This is not Stripe." in demonstration.test_client().get(path).data
    assert b"A body" in demonstration.test_client().get(f"{beside.MOUNT}/").data


def test_a_dropped_answer_is_one_within_the_process_too(demonstration: Flask):
    from marketplace.payments.standin import faults

    merchant, _secret = beside.open_account(demonstration, "A body", "http://here/")
    with beside.store_of(demonstration).write() as books:
        faults.order(books, faults.Kind.DROPPED, "POST /v1/topups")
    with demonstration.app_context():
        client = client_with(merchant.secret_key, beside.api_base(demonstration)).v1
        with pytest.raises(stripe.APIConnectionError):
            client.topups.create({"amount": 100, "currency": "gbp"})
        assert len(client.topups.list().data) == 1


def test_outside_the_demonstration_it_is_not_there(app: Flask, client):
    assert "standin" not in app.extensions
    assert client.get(f"{beside.MOUNT}/").status_code == 404
    assert client.get(f"{beside.MOUNT}/v1/balance").status_code == 404


def test_it_does_not_start_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.extensions["settings"], "environment", "production")
    started = app.test_cli_runner().invoke(args=["payment-stand-in"])
    assert started.exit_code == 1 and "does not run in production" in started.output


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x", "sk_test_unknown", "x"])
def test_it_knows_only_keys_of_its_own_and_refuses_live_ones(
    stand_in: StandIn, body: StripeBody, key: str
):
    client = stripe.StripeClient(key, base_addresses={"api": stand_in.address}).v1
    with pytest.raises(stripe.AuthenticationError) as refused:
        client.balance.retrieve()
    assert ("live keys" in str(refused.value)) == ("_live_" in key)
    kept = stand_in.store.path.read_bytes()
    assert key == "x" or key.encode() not in kept


def test_hostile_requests_are_refused_and_never_break_it(body: StripeBody):
    import requests

    stand_in, header = body.stand_in, {"Authorization": f"Bearer {body.secret_key}"}
    hostile = [
        *("amount[x]=1&currency=gbp", "amount=1&currency[]=gbp", "amount=1&currency=gbp&a[b=1"),
        *("amount=1&currency=gbp&metadata=x", "metadata[a][b]=1&amount=1&currency=gbp"),
        *("amount=1&currency=gbp&expand=x", "amount=1&currency=gbp&expand[]=a.b.c.d.e.f"),
        *("amount=%00&currency=gbp", "a" + "[b]" * 50 + "=1", "amount=1&amount[a]=2&currency=gbp"),
        *("amount[a]=2&amount=1&currency=gbp", "metadata[0]=a&amount=1&currency=gbp"),
    ]
    for form in hostile:
        answer = requests.post(
            f"{stand_in.address}/v1/topups",
            data=form.encode(),
            headers={**header, "Content-Type": "application/x-www-form-urlencoded"},
            timeout=20,
        )
        assert answer.status_code == 400, form
        assert answer.json()["error"]["type"] == "invalid_request_error"
    assert len(body.all("topup")) == 1
    for path in ("/v1/transfers/..%2f..", "/v1/unknown", "/v1/transfers/'--", "/v1/transfers/%00"):
        got = requests.get(f"{stand_in.address}{path}", headers=header, timeout=20)
        assert got.status_code == 404
    odd = ("created[gt]=x", "created=x", "transfer_group[]=a", "limit=x&starting_after=nobody")
    answers = [
        requests.get(f"{stand_in.address}/v1/transfers?{query}", headers=header, timeout=20)
        for query in odd
    ]
    assert [each.status_code for each in answers] == [400, 400, 400, 200]
