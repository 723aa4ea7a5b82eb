"""A buyer that pays through the stand-in of Stripe, and a provider that is paid by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from marketplace import clock
from marketplace.database import db
from marketplace.payments.bodies.actions import Keys, set_account
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.hooks import dealing
from marketplace.payments.hooks.actions import store
from marketplace.payments.hooks.verifying import Told
from marketplace.payments.payees import actions, following, opening
from marketplace.payments.payees.models import PayeeAccount
from marketplace.payments.paying.models import Payment
from marketplace.payments.topping.actions import ask
from tests.support.client import Client
from tests.support.paying import Pair
from tests.support.people import written
from tests.support.standin import StandIn, StripeBody

if TYPE_CHECKING:
    from tests.support.world import World


@dataclass
class AtStripe:
    """The pair of a payer and a payee, and the payer's account at the stand-in."""

    pair: Pair
    stripe: StripeBody
    stand_in: StandIn

    @property
    def body_id(self) -> UUID:
        """Whose account it is."""
        return self.pair.payer.id

    def account(self) -> StripeAccount:
        """The payer's account as it is stored now."""
        return db.session.get_one(StripeAccount, self.body_id, populate_existing=True)

    def want(self) -> PayeeAccount:
        """The payee is asked to set up its account."""
        with written():
            account = actions.want(self.body_id, self.pair.payee.id, None)
        assert account is not None
        return account

    def make_ready(self, outcome: str = "ready") -> PayeeAccount:
        """The payee has gone through all of Stripe's pages."""
        account = self.want()
        opening.open_at_stripe(account.id, self.pair.finance)
        account = self.again(account)
        self.stripe.finish_account(account.stripe_id or "", outcome)
        following.follow(account.id)
        return self.again(account)

    def again(self, account: PayeeAccount) -> PayeeAccount:
        """The payee's account as it is stored now."""
        return db.session.get_one(PayeeAccount, account.id, populate_existing=True)

    def payment(self, payment: Payment) -> Payment:
        """A payment as it is stored now."""
        return db.session.get_one(Payment, payment.id, populate_existing=True)

    def events(self) -> Iterator[Told]:
        """The names of all events so far, of the account itself and of those connected to it."""
        accounts = ["", *(each["id"] for each in self.stripe.all("account"))]
        found = [event for account in accounts for event in self.stripe.all("event", account)]
        for event in sorted(found, key=lambda each: each["created"]):
            yield Told(
                event["id"],
                event["type"],
                event["data"]["object"].get("id", ""),
                event.get("account"),
            )

    def hear(self, *events: Told) -> int:
        """Store these events as if they had come, and deal with what waits."""
        for event in events:
            with written():
                store(self.body_id, event)
        return dealing.deal(clock.now())


def connect(pair: Pair, stand_in: StandIn, pence: int = 0) -> AtStripe:
    """The payer has an account at the stand-in, with `pence` that can be used."""
    stripe = stand_in.open_account(pair.payer.name, webhook_secret="whsec_of_" + pair.payer.id.hex)
    keys = Keys(stripe.secret_key, stripe.webhook_secret, "", stand_in.address)
    with written():
        set_account(pair.payer.id, stripe.id, keys)
    if pence:
        stripe.give(pence)
    return AtStripe(pair, stripe, stand_in)


def signed(payload: str, secret: str, at: int | None = None) -> dict[str, str]:
    """The header that Stripe puts on a letter, made by its own library."""
    from stripe import WebhookSignature

    return {"Stripe-Signature": WebhookSignature.generate_signature_header(payload, secret, at)}


def letter(event_id: str, kind: str, object_id: str, account_id: str | None = None) -> str:
    """An event as Stripe writes it, as far as it is read here."""
    about = {"object": "event", "id": event_id, "type": kind, "data": {"object": {"id": object_id}}}
    return json.dumps(about | ({"account": account_id} if account_id else {}))


def post_letter(client: Client, body_id: UUID, payload: str | bytes, headers: dict) -> int:
    """Send an event to the product; the status of the answer."""
    address = f"/payments/stripe/{body_id}/events"
    return client.post(address, data=payload, headers=headers).status_code


# Where nobody answers: who may is tried without a Stripe.
NOWHERE = "http://127.0.0.1:9"


def add_to(world: World) -> None:
    """The region's account, its provider's beginning, and money on its way."""
    body, provider = world.people["contract manager"][1], world.people["finance"][1]
    with written():
        set_account(body.id, "acct_world", Keys("sk_test_world", "whsec_world", "", NOWHERE))
        account = actions.want(body.id, provider.id, None)
        ask(body.id, 5_000, world.by("contract manager"))
    assert account is not None
    world.things["account at Stripe"] = {"body_id": body.id}
    world.things["account of a provider"] = {"account_id": account.id}
