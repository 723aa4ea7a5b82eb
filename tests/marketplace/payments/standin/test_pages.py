"""What Stripe would host, and the desk: in a browser's place."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
import stripe
from werkzeug.test import TestResponse

from tests.marketplace.payments.standin.test_invoices import charge_of, finished
from tests.support.pages import check
from tests.support.standin import StandIn, StripeBody

BACK = "https://product.example/back"
AGAIN = "https://product.example/again"
LABEL = "This is not Stripe."


def get(stand_in: StandIn, url: str) -> TestResponse:
    """A page, which is well formed and labelled."""
    answer = stand_in.app.test_client().get(urlsplit(url).path)
    if answer.mimetype == "text/html" and not answer.location:
        text = answer.get_data(as_text=True)
        check(text, url)
        assert LABEL in text
    return answer


def post(stand_in: StandIn, url: str, **form: str) -> TestResponse:
    browser = stand_in.app.test_client()
    token = re.search(r'name="csrf_token" value="(.+?)"', browser.get("/").get_data(as_text=True))[
        1
    ]
    return browser.post(urlsplit(url).path, data={**form, "csrf_token": token})


@pytest.fixture
def link(body: StripeBody) -> str:
    """A link to set up the account of a provider with a hostile name."""
    client = body.client().v1
    made = client.accounts.create(
        {
            "business_profile": {"name": "Tŷ <b>Gobaith</b> & St Mary's"},
            "capabilities": {"transfers": {"requested": True}},
        }
    )
    urls = {"return_url": BACK, "refresh_url": AGAIN}
    given = {"account": made.id, "type": "account_onboarding", **urls}
    return client.account_links.create(given).url


def account(body: StripeBody):
    return body.client().v1.accounts.list().data[0]


def test_a_provider_sets_its_account_up_and_comes_back(
    stand_in: StandIn, body: StripeBody, link: str
):
    assert account(body).requirements.currently_due
    page = get(stand_in, link)
    assert "Tŷ &lt;b&gt;Gobaith&lt;/b&gt; &amp; St Mary&#39;s" in page.get_data(as_text=True)
    answer = post(stand_in, link, outcome="ready")
    assert (answer.status_code, answer.location) == (303, BACK)
    ready = account(body)
    assert (ready.payouts_enabled, ready.capabilities["transfers"]) == (True, "active")
    assert not ready.requirements.currently_due and ready.details_submitted
    told = [event["type"] for event in body.all("event", account=ready.id)]
    assert told[:2] == ["capability.updated", "account.updated"]


@pytest.mark.parametrize(
    ("outcome", "reason", "due"),
    [
        ("checking", "requirements.pending_verification", False),
        ("lacking", "requirements.past_due", True),
        ("refused", "rejected.other", False),
    ],
)
def test_stripe_may_want_more(
    stand_in: StandIn, body: StripeBody, link: str, outcome: str, reason: str, due: bool
):
    post(stand_in, link, outcome=outcome)
    wants = account(body).requirements
    assert (wants.disabled_reason, bool(wants.currently_due)) == (reason, due)
    assert account(body).capabilities["transfers"] != "active"


def test_a_link_is_good_once_and_for_five_minutes(stand_in: StandIn, body: StripeBody, link: str):
    post(stand_in, link, outcome="ready")
    assert get(stand_in, link).location == AGAIN
    assert post(stand_in, link, outcome="refused").location == AGAIN
    assert account(body).payouts_enabled
    with stand_in.store.write() as books:
        books.rows("UPDATE link SET used = NULL, expires = expires - 301")
    assert get(stand_in, link).location == AGAIN


def test_only_the_link_opens_the_page(stand_in: StandIn, body: StripeBody, link: str):
    assert get(stand_in, f"{link}x").status_code == 404
    assert post(stand_in, f"{link}x", outcome="ready").status_code == 404
    assert post(stand_in, link, outcome="nonsense").status_code == 400
    invoice = finished(body).hosted_invoice_url
    assert get(stand_in, f"{invoice}x").status_code == 404
    assert get(stand_in, "/nowhere").status_code == 404


def test_a_funder_pays_on_the_invoices_page(stand_in: StandIn, body: StripeBody):
    invoice = finished(body)
    page = get(stand_in, invoice.hosted_invoice_url).get_data(as_text=True)
    assert "£300.00" in page and "PO-7781" in page
    assert post(stand_in, invoice.hosted_invoice_url, way="bacs_debit").status_code == 303
    page = get(stand_in, invoice.hosted_invoice_url).get_data(as_text=True)
    assert "Being collected" in page and "<form" not in page
    # A second press changes nothing and says so.
    again = post(stand_in, invoice.hosted_invoice_url, way="bacs_debit")
    assert again.status_code == 409 and "not waiting" in again.get_data(as_text=True)
    assert len(body.all("charge")) == 1


def test_a_funder_whose_bank_refuses(stand_in: StandIn, body: StripeBody):
    invoice = finished(body)
    post(stand_in, invoice.hosted_invoice_url, way="refused")
    stand_in.arrive()
    assert charge_of(body, invoice.id).status == "failed"
    assert "<form" in get(stand_in, invoice.hosted_invoice_url).get_data(as_text=True)


def test_the_desk_shows_what_there_is_and_moves_it(stand_in: StandIn, body: StripeBody):
    invoice = finished(body)
    body.pay_invoice(invoice.id, "customer_balance")
    assert post(stand_in, "/arrive").status_code == 303
    assert body.balance() == 130_000
    post(stand_in, "/faults", kind="dropped", matching="POST /v1/transfers")
    assert "the answer is lost" in get(stand_in, "/").get_data(as_text=True)
    post(stand_in, "/faults/clear")
    desk = get(stand_in, f"/accounts/{body.id}").get_data(as_text=True)
    assert "Take the money back" in desk and body.secret_key not in desk
    charge = charge_of(body, invoice.id).id
    assert post(stand_in, f"/accounts/{body.id}/charges/{charge}/dispute").status_code == 303
    assert body.balance() == 100_000
    assert post(stand_in, f"/accounts/{body.id}/charges/{charge}/dispute").status_code == 409


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/faults", {"kind": "dropped", "matching": "else"}),
        ("/faults", {"kind": "else", "matching": "*"}),
    ],
)
def test_the_desk_refuses_what_it_does_not_offer(stand_in: StandIn, path: str, form: dict):
    assert post(stand_in, path, **form).status_code == 400


def test_another_site_cannot_press_the_buttons(stand_in: StandIn):
    assert stand_in.app.test_client().post("/arrive").status_code == 400


def test_only_who_has_finished_gets_a_way_in_to_change_its_details(
    stand_in: StandIn, body: StripeBody, link: str
):
    create = body.client().v1.accounts.login_links.create
    with pytest.raises(stripe.InvalidRequestError, match="has not completed"):
        create(account(body).id)
    post(stand_in, link, outcome="ready")
    way_in = create(account(body).id).url
    assert get(stand_in, way_in).status_code == 200
    post(stand_in, way_in, outcome="checking")
    assert not account(body).payouts_enabled
