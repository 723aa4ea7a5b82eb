"""The movements of a body's balance: as Stripe lists them, and as our books do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, and_, case, or_, select

from marketplace import clock
from marketplace.database import db
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.invoicing.models import Invoice
from marketplace.payments.models import Posting
from marketplace.payments.paying.models import Payment
from marketplace.payments.reconciling.comparing import Movement
from marketplace.payments.stripes.clients import client_of
from marketplace.payments.topping.models import TopUp

if TYPE_CHECKING:
    from stripe import BalanceTransaction

# What Stripe tells by an event is in our books soon; nothing younger is missed.
YOUNG = timedelta(hours=1)
PAGE = 100
TRANSFERS = ("payment:transferred", "payment:reversed")
TOP_UPS = ("top_up:arrived", "top_up:taken_back")
CHARGES = ("invoice:settled", "invoice:fee")
DISPUTES = ("invoice:taken_back", "invoice:dispute_fee", "invoice:reinstated")


def there(body_id: UUID, since: datetime, until: datetime) -> Iterator[Movement]:
    """What Stripe says it moved on the body's balance since then; asks Stripe, page by page."""
    listed = client_of(body_id).v1.balance_transactions.list(
        params={
            "created": {"gte": int(since.timestamp())},
            "limit": PAGE,
            "expand": ["data.source"],
        }
    )
    for each in listed.auto_paging_iter():
        at = datetime.fromtimestamp(each.created, UTC)
        available = each.status == "available"
        settled = available and at <= until - YOUNG
        for cause, reference, pence in _meant(each):
            yield Movement(cause, reference, pence, at, available, settled)


def _meant(moved: BalanceTransaction) -> Iterator[tuple[str, str, int]]:
    """(cause, reference, pence) by our names; what has none keeps Stripe's."""
    source: Any = moved.source
    kind = getattr(source, "object", None)
    reference = _id_of(source) if source else moved.id
    fee = None
    if kind == "topup":
        cause = TOP_UPS[moved.amount < 0]
    elif kind == "transfer":
        # One that failed comes back under its own name.
        cause = TRANSFERS[moved.amount > 0]
    elif kind == "transfer_reversal":
        cause, reference = TRANSFERS[1], _id_of(source.transfer)
    elif kind == "charge":
        cause, fee = CHARGES
    elif kind == "dispute":
        cause, fee = DISPUTES[2 if moved.amount > 0 else 0], DISPUTES[1]
    else:
        cause = f"stripe:{moved.type}"[:60]
    yield cause, reference, moved.amount
    if moved.fee:
        yield fee or f"{cause}:fee"[:60], reference, -moved.fee


def _id_of(named: Any) -> str:
    return named if isinstance(named, str) else named.id


def here(
    body: StripeAccount, since: datetime, until: datetime, earlier: timedelta
) -> Iterator[Movement]:
    """What our books say was moved since then (technical time), and so much earlier.

    One that is older, or younger than an hour, is not missed at Stripe.
    """
    # Postings carry business time; without a demonstration clock both are the same.
    ahead = clock.now() - clock.technical_now()
    first = since + ahead
    # A clock that was put forward leaves what was posted before that far behind.
    begin = min(first, since) - earlier
    for cause, reference, pence, at in db.session.execute(_postings(body, begin)):
        settled = first + 2 * YOUNG <= at <= until + ahead - YOUNG
        yield Movement(cause, reference or "", int(pence), at - ahead, settled=settled)


def _postings(body: StripeAccount, first: datetime) -> Select[Any]:
    held = body.balance_account_id
    reference = case(
        (Posting.cause_kind.in_(TRANSFERS), Payment.rail_reference),
        (Posting.cause_kind.in_(TOP_UPS), TopUp.rail_reference),
        (Posting.cause_kind.in_(CHARGES), Invoice.charge_reference),
        else_=Invoice.dispute_reference,
    )
    pence = case((Posting.debit_account_id == held, Posting.pence), else_=-Posting.pence)
    named = (
        (Payment, TRANSFERS, Payment.id),
        (TopUp, TOP_UPS, TopUp.id),
        (Invoice, (*CHARGES, *DISPUTES), Invoice.id),
    )
    found = select(Posting.cause_kind, reference, pence, Posting.at).select_from(Posting)
    for model, causes, key in named:
        found = found.outerjoin(
            model, and_(Posting.cause_kind.in_(causes), key == Posting.cause_id)
        )
    touches = or_(Posting.debit_account_id == held, Posting.credit_account_id == held)
    return found.where(touches, Posting.at >= first)
