"""Differences between a body's books and Stripe's: planted, found, and in the tests' world."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.database import db
from marketplace.payments.invoicing import following
from marketplace.payments.invoicing import sending as invoices
from marketplace.payments.invoicing.models import Invoice
from marketplace.payments.reconciling import job
from marketplace.payments.reconciling.actions import Comparison, keep
from marketplace.payments.reconciling.comparing import Difference
from marketplace.payments.reconciling.models import Mismatch, MismatchKind, MismatchState
from marketplace.payments.standin.money import move
from marketplace.payments.standin.store import Thing
from tests.support.invoices import again, make_funded
from tests.support.people import written
from tests.support.stripes import AtStripe

if TYPE_CHECKING:
    from tests.support.world import World

SOME_HOURS = timedelta(hours=3)


def later(patched: pytest.MonkeyPatch, by: timedelta = SOME_HOURS) -> None:
    """All moments of the clocks are so much later."""
    real, business = clock.technical_now, clock.now
    patched.setattr(clock, "technical_now", lambda: real() + by)
    patched.setattr(clock, "now", lambda: business() + by)


def found(at_stripe: AtStripe) -> list[tuple[MismatchKind, int, int]]:
    """What stands open after a comparison."""
    job.compare(at_stripe.body_id)
    rows = select(Mismatch).where(Mismatch.state == MismatchState.OPEN)
    return sorted(
        (each.kind, each.pence_here, each.pence_there) for each in db.session.scalars(rows)
    )


def planted(at_stripe: AtStripe, kind: str, pence: int, source: str) -> None:
    """A movement written straight into Stripe's books."""
    with at_stripe.stand_in.store.write() as books:
        move(books, at_stripe.stripe.id, "", kind, pence, source)


def moved(at_stripe: AtStripe, source: str) -> Thing:
    """The movement of something in Stripe's books."""
    return at_stripe.stripe.all("balance_transaction", source=source)[0]


def changed(at_stripe: AtStripe, source: str, **facts: int) -> None:
    """A movement that is written in another way in Stripe's books."""
    with at_stripe.stand_in.store.write() as books:
        body = moved(at_stripe, source) | facts
        books.save(body | {"net": body["amount"] - body["fee"]})


def forget(at_stripe: AtStripe, source: str) -> None:
    """A movement that is struck from Stripe's books."""
    with at_stripe.stand_in.store.write() as books:
        books.remove(moved(at_stripe, source)["id"])


def moved_days_before(at_stripe: AtStripe, source: str | None, by: timedelta) -> None:
    """Stripe moved it so long before it could be used."""
    made = moved(at_stripe, source or "")["created"]
    changed(at_stripe, source or "", created=made - int(by.total_seconds()))


def settled_invoice(at_stripe: AtStripe) -> Invoice:
    """A share that was paid by debit, and can be used."""
    invoice = make_funded(at_stripe.pair.payer, at_stripe.pair.manager).invoice(50_000)
    invoices.send(invoice.id)
    at_stripe.stripe.pay_invoice(again(invoice).rail_reference or "")
    while at_stripe.stand_in.arrive():
        pass
    following.follow(invoice.id)
    return again(invoice)


def add_to(world: World) -> None:
    """One comparison of the region's account, and the difference it found."""
    body_id = world.things["account at Stripe"]["body_id"]
    now = clock.technical_now()
    odd = Difference(MismatchKind.NOT_HERE, "stripe:payout", "po_world", 0, -700, now)
    with written():
        keep(body_id, Comparison(now, now, 700, 0, 1, [odd]))
    mismatch = db.session.query(Mismatch).one()
    world.things["difference from Stripe"] = {"mismatch_id": mismatch.id}
