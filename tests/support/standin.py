"""Stripe's stand-in for a test: start one, order faults, let money arrive, read its books.

    with standin.running(tmp_path) as stripe:
        body = stripe.open_account("Ministry of Justice", hooks="http://…/events")
        body.client().v1.transfers.create(…)

What is read and ordered goes straight to its file, so it is the same where another process asks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from marketplace.payments.standin import (
    accounts,
    arriving,
    collecting,
    disputes,
    faults,
    hooks,
    server,
)
from marketplace.payments.standin.faults import Kind
from marketplace.payments.standin.money import move
from marketplace.payments.standin.shapes import shape
from marketplace.payments.standin.store import Merchant, Store, Thing, now
from tests.support.live import served

__all__ = ["Kind", "StandIn", "StripeBody", "in_folder", "running"]


@dataclass(frozen=True)
class StripeBody:
    """One Stripe account: its key, the secret its letters are signed with, and its books."""

    stand_in: StandIn
    merchant: Merchant
    webhook_secret: str

    @property
    def id(self) -> str:
        """The account's own id."""
        return self.merchant.id

    @property
    def secret_key(self) -> str:
        """A test key; what the product stores encrypted."""
        return self.merchant.secret_key

    def client(self, **options: Any) -> Any:
        """The library's own client on this account, without retries of its own."""
        from stripe import StripeClient

        return StripeClient(
            self.secret_key,
            base_addresses={"api": self.stand_in.address},
            max_network_retries=0,
            **options,
        )

    def give(self, pence: int) -> None:
        """Money that is available at once, as by a top-up that has settled."""
        with self.stand_in.store.write() as books:
            body = shape("topup", amount=pence, created=now(), currency="gbp", status="succeeded")
            books.add(self.id, "", body)
            moved = move(books, self.id, "", "topup", pence, body["id"])
            books.save(body | {"balance_transaction": moved["id"]})

    def ready_account(self, name: str = "A provider", outcome: str = "ready") -> str:
        """A connected account whose owner has finished the pages; its id."""
        made = self.client().v1.accounts.create(
            {
                "country": "GB",
                "business_profile": {"name": name},
                "controller": {"stripe_dashboard": {"type": "express"}},
                "capabilities": {"transfers": {"requested": True}},
            }
        )
        self.finish_account(made.id, outcome)
        return made.id

    def finish_account(self, account_id: str, outcome: str = "ready") -> None:
        """What its owner does on the pages: "ready", "checking", "lacking" or "refused"."""
        with self.stand_in.store.write() as books:
            account = books.get(self.id, "", "account", account_id)
            assert account is not None
            accounts.finish(books, self.id, account, outcome)

    def pay_invoice(
        self, invoice_id: str, way: str = "bacs_debit", *, refused_later: bool = False
    ) -> Thing:
        """What the customer does on the invoice's page; the charge. Its money arrives later."""
        with self.stand_in.store.write() as books:
            invoice = books.get(self.id, "", "invoice", invoice_id)
            assert invoice is not None
            return collecting.pay_on_page(books, self.id, invoice, way, refused_later)

    def dispute(self, charge_id: str, *, final: bool = True) -> Thing:
        """The payer's bank takes it back; not `final`: it is decided by `decide` later."""
        with self.stand_in.store.write() as books:
            charge = books.get(self.id, "", "charge", charge_id)
            assert charge is not None
            return disputes.open_dispute(books, self.id, charge, final=final)

    def decide(self, dispute_id: str, *, won: bool) -> Thing:
        """The end of a dispute that was open."""
        with self.stand_in.store.write() as books:
            body = books.get(self.id, "", "dispute", dispute_id)
            assert body is not None
            return disputes.decide(books, self.id, body, won=won)

    def balance(self, status: str = "available", account: str = "") -> int:
        """Pence that are "available" or "pending", here or on a connected account."""
        with self.stand_in.store.read() as books:
            return books.balance(self.id, account, status)

    def all(self, kind: str, account: str = "", **equal: object) -> list[Thing]:
        """Every "transfer", "invoice", "event", … newest first."""
        with self.stand_in.store.read() as books:
            return books.find(self.id, account, kind, **equal)


@dataclass
class StandIn:
    """A running stand-in, or one that is about to: `store` is its file."""

    store: Store
    address: str = ""
    app: Flask | None = field(default=None, repr=False)

    def open_account(
        self,
        name: str = "A commissioning body",
        hooks_to: str = "",
        *,
        webhook_secret: str = "",
        pence: int = 0,
        takes_fees: bool = True,
        settle_seconds: float | None = None,
    ) -> StripeBody:
        """A Stripe account with a key; its events are told to `hooks_to` where it is given."""
        with self.store.write() as books:
            merchant = books.add_merchant(
                name, settle_seconds=settle_seconds, takes_fees=takes_fees
            )
            if hooks_to:
                _endpoint, webhook_secret = hooks.add_endpoint(
                    books, merchant.id, hooks_to, secret=webhook_secret
                )
        body = StripeBody(self, merchant, webhook_secret or "whsec_of_nobody")
        if pence:
            body.give(pence)
        return body

    def fault(self, kind: Kind | str, matching: str = "*", **how: Any) -> None:
        """Order a fault: `fault("dropped", "POST /v1/transfers", skip=2, times=1, seconds=0.5)`.

        `matching` is a pattern for requests, and for the kinds hook_… one for events
        ("transfer.*"). Faults that fit the same happen in the order they were given.
        """
        with self.store.write() as books:
            faults.order(books, Kind(kind), matching, **how)

    def no_faults(self) -> None:
        """Nothing goes wrong any more."""
        with self.store.write() as books:
            faults.clear(books)

    def arrive(self) -> int:
        """Everything on its way goes one step further (top-ups, debits, settling); how many."""
        return arriving.arrive_due(self.store, everything=True)

    def deliver(self, post: hooks.Post = hooks.post_with_requests, later: float = 0) -> int:
        """Send the letters that are due, or will be within `later` seconds; how many."""
        return hooks.deliver_due(self.store, post, time.time() + later)

    def asked(self, method: str = "%", path: str = "%") -> list[Thing]:
        """The requests it got, oldest first; `path` may hold "%"."""
        with self.store.read() as books:
            rows = books.rows(
                "SELECT * FROM asked WHERE method LIKE ? AND path LIKE ? ORDER BY id", method, path
            )
            return [dict(row) for row in rows]

    def letters(self) -> list[Thing]:
        """Every letter about an event: its state, oldest first."""
        with self.store.read() as books:
            return [dict(row) for row in books.rows("SELECT * FROM delivery ORDER BY id")]


def in_folder(folder: Path) -> StandIn:
    """One that is not served: for what another process serves, or to prepare its file."""
    return StandIn(server.store_in(folder))


@contextmanager
def running(folder: Path, *, ticking: bool = False) -> Iterator[StandIn]:
    """Serve one from this process on a free port.

    Without `ticking` nothing happens by itself: the test calls `arrive()` and `deliver()`.
    """
    stand_in = in_folder(folder)
    stand_in.app = server.make_app(stand_in.store)
    with served(stand_in.app) as address:
        stand_in.address = address
        if not ticking:
            yield stand_in
        else:
            with server.Ticking(stand_in.store):
                yield stand_in
