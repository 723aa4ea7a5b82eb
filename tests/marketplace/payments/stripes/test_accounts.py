"""A body's account: given by a command, shown without its secrets, used by one client."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import text

from marketplace.accounts.models import Person
from marketplace.acting import OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.stripes.clients import NoStripeAccount, client_of
from marketplace.payments.stripes.errors import answer_of
from tests.support.people import make_organisation, make_person, sign_in
from tests.support.stripes import AtStripe

SECRETS = ("whsec_first", "whsec_connected")


def give(app, organisation: str, *lines: str, api_base: str = ""):
    """Run the command with these lines on its standard input."""
    options = ["--api-base", api_base] if api_base else []
    args = ["stripe-account", organisation, *options]
    return app.test_cli_runner().invoke(args=args, input="\n".join(lines))


@pytest.fixture
def region(app):
    """A body that pays from its own bank so far."""
    return make_organisation(OrganisationKind.REGION, name="Ardal O’Brien & Daughters")


def account(body) -> StripeAccount | None:
    """What is stored of the body's account now."""
    db.session.expire_all()
    return db.session.get(StripeAccount, body.id)


def test_a_body_is_given_its_account_by_name_and_a_new_key_by_id(app, region, stand_in):
    stripe = stand_in.open_account()
    given = give(app, region.name, stripe.secret_key, *SECRETS, api_base=stand_in.address)
    assert given.exit_code == 0, given.output
    assert f"/payments/stripe/{region.id}/events" in given.output
    assert stripe.secret_key not in given.output and "whsec" not in given.output
    stored = account(region)
    assert (stored.stripe_id, stored.is_live) == (stripe.id, False)
    assert (stored.webhook_secret, stored.connect_webhook_secret) == SECRETS
    first = stored.balance_account_id
    again = give(app, str(region.id), stripe.secret_key, "whsec_new", api_base=stand_in.address)
    assert again.exit_code == 0, again.output
    stored = account(region)
    assert (stored.webhook_secret, stored.connect_webhook_secret) == ("whsec_new", "")
    assert stored.balance_account_id == first
    events = db.session.query(AuditEvent).filter_by(action="stripe_account:set").all()
    assert [event.details["new"] for event in events] == [True, False]


def test_keys_are_stored_encrypted(app, at_stripe):
    row = db.session.execute(text("SELECT secret_key, webhook_secret FROM stripe_account")).first()
    assert row is not None
    for stored in row:
        assert b"sk_test" not in bytes(stored) and b"whsec" not in bytes(stored)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["pk_test_1", "whsec_a"], "begins with sk_ or rk_"),
        (["", ""], "begins with sk_ or rk_"),
        (["sk_test_1"], "begins with whsec_"),
        (["sk_test_1", "whsec_a", "other"], "begins with whsec_"),
        (["sk_live_1", "whsec_a"], "own address only"),
        (["sk_test_nobody", "whsec_a"], "does not know this key"),
    ],
)
def test_keys_that_cannot_be_right_change_nothing(app, region, stand_in, lines, sentence):
    refused = give(app, region.name, *lines, api_base=stand_in.address)
    assert refused.exit_code == 1 and sentence in refused.output
    assert account(region) is None


def test_a_stripe_that_does_not_answer_is_said_without_the_key(app, region):
    refused = give(app, region.name, "sk_test_1", "whsec_a", api_base="http://127.0.0.1:9")
    assert refused.exit_code == 1 and "could not be asked" in refused.output
    assert "sk_test_1" not in refused.output and account(region) is None


def test_nobody_but_a_buyer_gets_one(app, stand_in):
    provider = make_organisation()
    for name in (provider.name, str(provider.id), "nobody", "' OR 1=1 --"):
        refused = give(app, name, "sk_test_1", "whsec_a", api_base=stand_in.address)
        assert refused.exit_code == 1 and "No buyer has this name or id" in refused.output


def test_books_are_about_one_account_and_an_account_is_one_bodys(app, at_stripe, region):
    other, address = at_stripe.stand_in.open_account(), at_stripe.stand_in.address
    mine = str(at_stripe.body_id)
    refused = give(app, mine, other.secret_key, "whsec_a", api_base=address)
    assert refused.exit_code == 1 and "books here are about" in refused.output
    key = at_stripe.stripe.secret_key
    refused = give(app, region.name, key, "whsec_a", api_base=address)
    assert refused.exit_code == 1 and "Another body uses" in refused.output


def test_the_page_shows_the_state_and_no_secret(client, at_stripe: AtStripe):
    stored = at_stripe.account()
    secrets = (stored.secret_key, stored.webhook_secret)
    manager = db.session.get_one(Person, at_stripe.pair.manager.person_id)
    sign_in(client, manager, at_stripe.pair.payer)
    page = client.show("/payments/stripe")
    assert at_stripe.stripe.id in page.text and "Test only" in page.text
    assert not any(secret in page.html for secret in secrets)
    at_stripe.stripe.give(12_300)
    page = client.submit(page, "Ask Stripe whether it answers").page
    assert "£123 can be used now" in page.text
    at_stripe.stand_in.fault("broken", "GET /v1/balance", times=1)
    page = client.submit(page, "Ask Stripe whether it answers").page
    assert "Stripe did not answer as it should" in page.text


def test_a_body_without_an_account_is_told_that_all_works(client):
    sign_in(client, make_person(Role.CONTRACT_MANAGER))
    assert "pays from its own bank" in client.show("/payments/stripe").text
    with pytest.raises(NoStripeAccount):
        client_of(make_organisation().id)


def test_the_library_is_not_loaded_where_nobody_pays_through_stripe():
    code = (
        "import sys; from marketplace.app import create_ground; "
        "from marketplace.settings import Settings; create_ground(Settings()); "
        "sys.exit('stripe' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_client_repeats_nothing_by_itself_and_gives_up_in_time(app, at_stripe):
    client = client_of(at_stripe.body_id)
    assert client._requestor._options.max_network_retries == 0
    assert app.extensions["stripe_http"]._timeout == (5, 20)


def test_only_a_clear_refusal_is_taken_for_one():
    import stripe

    said = {
        stripe.InvalidRequestError("", None, code="balance_insufficient"): "short",
        stripe.InvalidRequestError("", None, code="insufficient_capabilities_for_transfer"): (
            "payee_not_ready"
        ),
        stripe.PermissionError("", code="account_invalid"): "payee_not_ready",
        stripe.InvalidRequestError("", None, code="amount_too_large"): "refused",
        stripe.IdempotencyError(""): "unknown",
        stripe.RateLimitError(""): "unknown",
        stripe.AuthenticationError(""): "unknown",
        stripe.APIError(""): "unknown",
        stripe.APIConnectionError(""): "unknown",
    }
    assert {error: answer_of(error).value for error in said} == said
