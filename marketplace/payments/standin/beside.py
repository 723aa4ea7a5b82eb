"""The stand-in beside the demonstration's pages, and the command that starts it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from flask import Flask
from flask.globals import app_ctx
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from marketplace import jobs
from marketplace.payments.standin import api, hooks, server
from marketplace.payments.standin.store import Merchant, Store
from marketplace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import stripe

MOUNT = "/demonstration/stripe"
# Soon enough to be seen to arrive, late enough to be seen on its way.
SETTLE_SECONDS = 20.0
THREADS = 16


def api_base(app: Flask) -> str:
    """Where the demonstration's product reaches it: the `api_base` of a body's account."""
    return app.extensions["settings"].address.rstrip("/") + MOUNT


def open_account(app: Flask, name: str, hooks_to: str) -> tuple[Merchant, str]:
    """An account for a body of the demonstration, and the secret its events are signed with."""
    with store_of(app).write() as books:
        merchant = books.add_merchant(name, settle_seconds=SETTLE_SECONDS)
        _endpoint, secret = hooks.add_endpoint(books, merchant.id, hooks_to)
    return merchant, secret


def store_of(app: Flask) -> Store:
    """The file of the demonstration's stand-in."""
    return app.extensions["standin"]


def tick(app: Flask) -> int:
    """Let arrive what is due and tell the events, within this process; how many things happened."""

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        # By its path alone: the demonstration may meanwhile be served on another port.
        answer = Client(app.wsgi_app).post(
            urlsplit(url).path,
            data=body,
            headers=headers,
            base_url=app.extensions["settings"].address,
        )
        return answer.status_code

    return server.tick(store_of(app), post)


def near_client(app: Flask, far: stripe.HTTPClient) -> stripe.HTTPClient:
    """The library's HTTP client, but what goes to the stand-in stays within this process.

    So that the demonstration can be built before it is served, and by any address; what goes
    elsewhere (Stripe's test mode) is sent by `far`.
    """
    import stripe

    class NearClient(stripe.HTTPClient):
        name = "near"

        def request(
            self,
            method: str,
            url: str,
            headers: Mapping[str, str] | None,
            post_data: Any = None,
            *,
            _usage: list[str] | None = None,
        ) -> tuple[str, int, Mapping[str, str]]:
            asked = urlsplit(url)
            if not asked.path.startswith(f"{MOUNT}/"):
                return far.request(method, url, headers, post_data)
            try:
                answer = Client(app.wsgi_app).open(
                    f"{asked.path}?{asked.query}",
                    method=method.upper(),
                    headers=dict(headers or {}),
                    data=post_data,
                    base_url=app.extensions["settings"].address,
                )
                return answer.get_data(as_text=True), answer.status_code, dict(answer.headers)
            except ConnectionAbortedError as error:
                raise stripe.APIConnectionError(str(error)) from error

        def close(self) -> None:
            far.close()

    return NearClient()


@click.command("payment-stand-in")
@click.option("--port", default=8002, show_default=True)
@click.option("--account", default="", help="Open an account of this name, and print its keys.")
@click.option("--hooks-to", default="", help="Where the events of that account are told.")
def payment_stand_in(port: int, account: str, hooks_to: str) -> None:
    """Serve the stand-in for Stripe alone, for tests and trials; never in production."""
    settings: Settings = app_ctx.app.extensions["settings"]
    if settings.environment == "production":
        raise click.ClickException("The payment stand-in does not run in production.")
    store = server.store_in(settings.instance)
    api.forget_unfinished(store)
    if account:
        with store.write() as books:
            merchant = books.add_merchant(account, settle_seconds=SETTLE_SECONDS)
            click.echo(f"Secret key: {merchant.secret_key}")
            if hooks_to:
                _endpoint, secret = hooks.add_endpoint(books, merchant.id, hooks_to)
                click.echo(f"Signing secret: {secret}")
    click.echo(f"The payment stand-in (this is not Stripe) is at http://127.0.0.1:{port}")
    from waitress import serve

    with server.Ticking(store):
        serve(server.make_app(store), host="127.0.0.1", port=port, threads=THREADS, ident=None)


def register(app: Flask) -> None:
    """Add the command, and in the demonstration the stand-in itself."""
    app.cli.add_command(payment_stand_in)
    settings: Settings = app.extensions["settings"]
    if not settings.demonstration:
        return
    store = server.store_in(settings.instance)
    app.extensions["standin"] = store
    inside = server.make_app(store, api_base(app))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {MOUNT: inside})  # type: ignore[method-assign]  # made to be wrapped
    app.extensions["stripe_http_wrapper"] = lambda far: near_client(app, far)

    def sweep(_now: datetime) -> int:
        return tick(app)

    jobs.register(app, "payment stand-in", sweep)
