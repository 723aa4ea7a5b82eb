"""What the product relies on, asked of the stand-in and, with a key, of Stripe's test mode.

STRIPE_TEST_KEY=sk_test_… has the same tests run against Stripe itself. They make things there that
cost nothing and move nothing. Without the key that half is left out, and says why.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from tests.support.standin import StandIn

KEY = "STRIPE_TEST_KEY"
CONTROLLER = {
    "fees": {"payer": "application"},
    "losses": {"payments": "application"},
    "stripe_dashboard": {"type": "express"},
}


@pytest.fixture(params=["stand-in", "Stripe's test mode"])
def v1(request: pytest.FixtureRequest, stand_in: StandIn) -> Iterator[Any]:
    """The library's services, at either of them."""
    if request.param == "stand-in":
        yield stand_in.open_account("A body", pence=100_000).client().v1
        return
    key = os.environ.get(KEY, "")
    if not key:
        pytest.skip(f"{KEY} is not set: not tried against Stripe itself")
    if not key.startswith(("sk_test_", "rk_test_")):
        pytest.fail(f"{KEY} must be a key of Stripe's test mode")
    yield stripe.StripeClient(key, max_network_retries=0).v1


@pytest.fixture
def key() -> dict[str, str]:
    """An idempotency key that nobody has used."""
    return {"idempotency_key": f"contract-{secrets.token_hex(12)}"}


def customer(v1: Any) -> str:
    return v1.customers.create({"name": "A funder", "email": "funder@example.com"}).id


def draft(v1: Any, pence: int = 1_500) -> Any:
    made = v1.invoices.create(
        {
            "customer": customer(v1),
            "currency": "gbp",
            "collection_method": "send_invoice",
            "days_until_due": 30,
            "custom_fields": [{"name": "Purchase order", "value": "PO-1"}],
        }
    )
    v1.invoices.add_lines(made.id, {"lines": [{"amount": pence, "description": "A share"}]})
    return v1.invoices.retrieve(made.id)


def test_the_same_key_is_replayed(v1, key):
    first = v1.customers.create({"name": "Once"}, key)
    again = v1.customers.create({"name": "Once"}, key)
    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"


def test_a_key_with_other_parameters_is_refused(v1, key):
    v1.customers.create({"name": "Once"}, key)
    with pytest.raises(stripe.IdempotencyError):
        v1.customers.create({"name": "Twice"}, key)


def test_a_transfer_that_cannot_be_is_refused_clearly(v1):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        v1.transfers.create({"amount": 1, "currency": "gbp", "destination": "acct_nobody"})
    assert refused.value.http_status == 400
    assert not v1.transfers.list({"transfer_group": secrets.token_hex(12)}).data


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"name": "x", "unheard_of": "y"}, "parameter_unknown", "unheard_of"),
        ({"email": "nonsense"}, "email_invalid", "email"),
    ],
)
def test_a_wrong_parameter_is_named(v1, given: dict[str, str], code: str, param: str):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        v1.customers.create(given)
    assert (refused.value.code, refused.value.param) == (code, param)


def test_a_thing_that_is_not_there_is_said_to_be_missing(v1):
    for retrieve in (v1.transfers.retrieve, v1.invoices.retrieve, v1.customers.retrieve):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            retrieve("nobody_knows_it")
        assert (refused.value.code, refused.value.http_status) == ("resource_missing", 404)


def test_a_new_connected_account_wants_details_and_has_pages_for_them(v1):
    made = v1.accounts.create(
        {
            "country": "GB",
            "controller": CONTROLLER,
            "capabilities": {"transfers": {"requested": True}},
            "business_profile": {"name": "A charity"},
        }
    )
    assert made.capabilities.transfers == "inactive"
    assert not made.payouts_enabled and made.requirements.currently_due
    link = v1.account_links.create(
        {
            "account": made.id,
            "type": "account_onboarding",
            "return_url": "https://example.com/back",
            "refresh_url": "https://example.com/again",
        }
    )
    assert link.url.startswith("http") and link.expires_at > link.created
    with pytest.raises(stripe.InvalidRequestError) as refused:
        v1.transfers.create({"amount": 1, "currency": "gbp", "destination": made.id})
    assert refused.value.code == "insufficient_capabilities_for_transfer"


def test_an_invoice_goes_from_draft_to_open_to_void(v1):
    made = draft(v1)
    assert (made.status, made.amount_due, made.hosted_invoice_url) == ("draft", 1_500, None)
    open_one = v1.invoices.finalize_invoice(made.id)
    assert (open_one.status, open_one.amount_remaining) == ("open", 1_500)
    assert open_one.number and open_one.hosted_invoice_url.startswith("http")
    assert open_one.custom_fields[0].value == "PO-1"
    (link,) = v1.invoice_payments.list({"invoice": made.id}).data
    intent = v1.payment_intents.retrieve(link.payment.payment_intent)
    assert (intent.status, intent.amount) == ("requires_payment_method", 1_500)
    assert v1.invoices.void_invoice(made.id).status == "void"


def test_an_invoice_paid_outside_is_paid(v1):
    made = v1.invoices.finalize_invoice(draft(v1).id)
    paid = v1.invoices.pay(made.id, {"paid_out_of_band": True})
    assert (paid.status, paid.amount_remaining) == ("paid", 0)


def test_a_finished_invoice_takes_no_more_lines(v1):
    made = v1.invoices.finalize_invoice(draft(v1).id)
    with pytest.raises(stripe.InvalidRequestError):
        v1.invoices.add_lines(made.id, {"lines": [{"amount": 1, "description": "Late"}]})


def test_lists_are_read_to_their_end(v1):
    payer = customer(v1)
    made = {
        v1.invoice_items.create({"customer": payer, "amount": 100 + n, "currency": "gbp"}).id
        for n in range(3)
    }
    listed = v1.invoice_items.list({"customer": payer, "limit": 2})
    assert listed.has_more
    assert {each.id for each in listed.auto_paging_iter()} == made


def test_the_balance_names_pence_in_pounds(v1):
    balance = v1.balance.retrieve()
    assert {"available", "pending"} <= set(balance.to_dict())
    for entry in (*balance.available, *balance.pending):
        assert isinstance(entry.amount, int) and len(entry.currency) == 3
    for moved in v1.balance_transactions.list({"limit": 5}).data:
        assert moved.net == moved.amount - moved.fee
        assert moved.status in ("available", "pending")


def test_an_endpoint_says_its_secret_once(v1):
    told = {"url": "https://example.com/events", "enabled_events": ["transfer.created"]}
    made = v1.webhook_endpoints.create(told)
    try:
        assert made.secret.startswith("whsec_")
        assert "secret" not in v1.webhook_endpoints.retrieve(made.id).to_dict()
    finally:
        assert v1.webhook_endpoints.delete(made.id).deleted
