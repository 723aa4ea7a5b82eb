"""A difference between a body's books and Stripe's, in the world of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace import clock
from marketplace.database import db
from marketplace.payments.reconciling.actions import Comparison, keep
from marketplace.payments.reconciling.comparing import Difference
from marketplace.payments.reconciling.models import Mismatch, MismatchKind
from tests.support.people import written

if TYPE_CHECKING:
    from tests.support.world import World


def add_to(world: World) -> None:
    """One comparison of the region's account, and the difference it found."""
    body_id = world.things["account at Stripe"]["body_id"]
    now = clock.technical_now()
    odd = Difference(MismatchKind.NOT_HERE, "stripe:payout", "po_world", 0, -700, now)
    with written():
        keep(body_id, Comparison(now, now, 700, 0, 1, [odd]))
    mismatch = db.session.query(Mismatch).one()
    world.things["difference from Stripe"] = {"mismatch_id": mismatch.id}
