"""The client of one body's Stripe account.

The library is loaded when the first client is made: without a Stripe account it never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Flask, current_app

from marketplace.database import db, end_reading
from marketplace.payments.bodies.models import StripeAccount

if TYPE_CHECKING:
    from stripe import StripeClient

CONNECT_SECONDS = 5
ANSWER_SECONDS = 20
# Stripe takes amounts of at most eight digits in one piece.
MOST_PENCE = 99_999_999


class NoStripeAccount(Exception):
    """This body has no Stripe account here: money moves outside."""


def client_of(body_id: UUID) -> StripeClient:
    """The client for the Stripe account of this body; reads its key, calls nobody.

    Ends the open read, as the next thing is to wait for Stripe's answer.
    The library repeats nothing by itself: what is repeated is our decision, under the stored key.
    Raises NoStripeAccount.
    """
    account = db.session.get(StripeAccount, body_id)
    if account is None:
        raise NoStripeAccount(str(body_id))
    end_reading()
    return client_with(account.secret_key, account.api_base)


def client_with(secret_key: str, api_base: str) -> StripeClient:
    """A client with this key; `api_base` empty is Stripe's own address."""
    from stripe import StripeClient

    return StripeClient(
        secret_key,
        base_addresses={"api": api_base, "connect": api_base, "files": api_base}
        if api_base
        else None,
        max_network_retries=0,
        http_client=_http_client(),
    )


def _http_client() -> Any:
    """One for the application, with a connection for each thread, and with time limits."""
    app = current_app
    if app.extensions["stripe_http"] is None:
        import stripe

        # Stripe would be told how long our earlier requests took.
        stripe.enable_telemetry = False
        far = stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS))
        near = app.extensions.get("stripe_http_wrapper")
        app.extensions["stripe_http"] = near(far) if near else far
    return app.extensions["stripe_http"]


def held_at_stripe(body_id: UUID) -> int:
    """Pence that Stripe says this body can use now. Raises what Stripe's library raises."""
    balance = client_of(body_id).v1.balance.retrieve()
    return sum(each.amount for each in balance.available if each.currency == "gbp")


def register(app: Flask) -> None:
    """Give the application the place of its HTTP client; whoever sets it first is used."""
    app.extensions.setdefault("stripe_http", None)
