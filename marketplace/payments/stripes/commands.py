"""The command that gives a body its Stripe account, or its account a new key."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from uuid import UUID

import click
from flask import Flask, current_app, url_for
from sqlalchemy import select

from marketplace.acting import OrganisationKind
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.payments.bodies.actions import Keys, set_account
from marketplace.payments.stripes.clients import client_with

if TYPE_CHECKING:
    from stripe import Account

BUYERS = (OrganisationKind.REGION, OrganisationKind.PCC, OrganisationKind.OTHER_BUYER)
QUESTIONS = (
    "Secret key (sk_… or rk_…)",
    "Signing secret of the webhook (whsec_…)",
    "Signing secret of the connected accounts’ webhook (empty if there is none)",
)


@click.command("stripe-account")
@click.argument("organisation")
@click.option("--api-base", default="", help="Another address than Stripe's own, for tests.")
def stripe_account(organisation: str, api_base: str) -> None:
    """Have ORGANISATION (its name or id) pay through Stripe; reads its keys from standard input.

    Three lines: the secret key, the signing secret of the webhook, and that of the webhook of
    connected accounts. Run it again to replace the keys.
    """
    body = _buyer(organisation)
    body_id, name = body.id, body.name
    secret_key, secret, connect_secret = _three_lines()
    keys = Keys(secret_key, secret, connect_secret, api_base.strip().rstrip("/"))
    _check_keys(keys)
    stripe_id = _account_behind(keys).id
    try:
        with write():
            set_account(body_id, stripe_id, keys)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{name} pays through the Stripe account {stripe_id}{_kind(keys)}.")
    click.echo("Stripe must send its events to:")
    with current_app.test_request_context(base_url=current_app.extensions["settings"].address):
        click.echo("  " + url_for("stripe_hooks.receive", body_id=body_id, _external=True))


def _kind(keys: Keys) -> str:
    return "" if keys.is_live else ", which moves test money only"


def _buyer(organisation: str) -> Organisation:
    buyers = select(Organisation).where(Organisation.kind.in_(BUYERS))
    try:
        found = db.session.scalars(buyers.where(Organisation.id == UUID(organisation))).all()
    except ValueError:
        found = db.session.scalars(buyers.where(Organisation.name == organisation)).all()
    if len(found) != 1:
        what = "No buyer has" if not found else "Several buyers have"
        raise click.ClickException(f"{what} this name or id: {organisation}")
    return found[0]


def _three_lines() -> list[str]:
    if sys.stdin.isatty():
        return [str(click.prompt(each, hide_input=True, default="")).strip() for each in QUESTIONS]
    lines = [line.strip() for line in sys.stdin.read().splitlines()]
    return (lines + [""] * len(QUESTIONS))[: len(QUESTIONS)]


def _check_keys(keys: Keys) -> None:
    if not keys.secret_key.startswith(("sk_", "rk_")):
        raise click.ClickException("A secret key begins with sk_ or rk_. Nothing was changed.")
    secrets = [keys.webhook_secret, *filter(None, [keys.connect_webhook_secret])]
    if not all(each.startswith("whsec_") for each in secrets):
        raise click.ClickException("A signing secret begins with whsec_. Nothing was changed.")
    settings = current_app.extensions["settings"]
    if keys.is_live and settings.demonstration:
        raise click.ClickException("The demonstration never moves real money: give a test key.")
    if keys.is_live and keys.api_base:
        raise click.ClickException("A live key goes to Stripe's own address only.")
    if keys.api_base and settings.environment == "production":
        raise click.ClickException("In production Stripe is reached at its own address only.")


def _account_behind(keys: Keys) -> Account:
    """Whose key this is, as Stripe says; so that a mistyped one is found at once."""
    import stripe

    try:
        return client_with(keys.secret_key, keys.api_base).v1.accounts.retrieve_current()
    except stripe.AuthenticationError as error:
        raise click.ClickException("Stripe does not know this key. Nothing was changed.") from error
    except stripe.StripeError as error:
        raise click.ClickException(f"Stripe could not be asked: {_name(error)}") from error


def _name(error: Exception) -> str:
    # Not its text: that of a refused key begins and ends with the key.
    return type(error).__name__


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(stripe_account)
