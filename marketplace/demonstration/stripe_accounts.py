"""The demonstration's accounts at the stand-in of Stripe: a region's and a commissioner's.

The other bodies pay from their own banks. What the stand-in does afterwards by itself is made to
happen at once, so that the world is finished when it is built.
"""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.globals import app_ctx
from sqlalchemy import select

from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, days_ago, key_of, on_the_day, organisation
from marketplace.payments.bodies.actions import Keys, set_account
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.queries import has_account
from marketplace.payments.hooks import dealing
from marketplace.payments.payees import opening
from marketplace.payments.payees.actions import want
from marketplace.payments.payees.models import PayeeState
from marketplace.payments.standin import accounts, arriving, beside
from marketplace.payments.topping import asking
from marketplace.payments.topping.actions import ask
from marketplace.payments.topping.models import TopUp

REGION, COMMISSIONER = "north-east", "commissioner"
TOPPED_UP_PENCE, TOPPED_UP_DAYS_AGO = 20_000_00, 12


def build() -> None:
    """Give both bodies an account, and the region money in it."""
    for key in (REGION, COMMISSIONER):
        body = organisation(key)
        if not has_account(body.id):
            _open(body.id, body.name)
    region = organisation(REGION)
    if db.session.scalar(select(TopUp.id).where(TopUp.body_id == region.id)) is None:
        with on_the_day(days_ago(TOPPED_UP_DAYS_AGO)):
            _top_up(region.id)


def _open(body_id: UUID, name: str) -> None:
    app = app_ctx.app
    with app.test_request_context(base_url=app.extensions["settings"].address):
        hooks_to = url_for("stripe_hooks.receive", body_id=body_id, _external=True)
    merchant, secret = beside.open_account(app, name, hooks_to)
    keys = Keys(merchant.secret_key, secret, secret, beside.api_base(app))
    with write():
        set_account(body_id, merchant.id, keys)


def _top_up(body_id: UUID) -> None:
    with write():
        ask(body_id, TOPPED_UP_PENCE, acting_for(REGION, Role.CONTRACT_MANAGER))
    asking.ask_due(clock.now())
    catch_up()


def catch_up() -> None:
    """Let everything arrive that is on its way at the stand-in, tell the product, and act on it."""
    app = app_ctx.app
    arriving.arrive_due(beside.store_of(app), everything=True)
    beside.tick(app)
    dealing.deal(clock.now())


def set_up_provider(body_id: UUID, provider_id: UUID, outcome: str) -> None:
    """A provider goes through the stand-in's pages: "ready", "checking" or "lacking"."""
    with write():
        account = want(body_id, provider_id, None)
        if account is None or account.state != PayeeState.WANTED:
            return
        account_id, at_stripe = account.id, db.session.get_one(StripeAccount, body_id).stripe_id
    opening.open_at_stripe(account_id, acting_for(key_of(provider_id), Role.FINANCE))
    with beside.store_of(app_ctx.app).write() as books:
        for made in books.find(at_stripe, "", "account"):
            if made["metadata"].get(opening.PAYEE_ACCOUNT) == str(account_id):
                accounts.finish(books, at_stripe, made, outcome)
    catch_up()
