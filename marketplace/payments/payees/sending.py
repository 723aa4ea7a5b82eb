"""The rail for payments over Stripe: a transfer to the provider's connected account.

A transfer carries our reference as its group and our payment's id as its metadata, nothing else:
no case, no person.
"""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, and_, exists, or_, select

from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.payees.models import PayeeAccount, PayeeState
from marketplace.payments.paying.actions import came_back, settle
from marketplace.payments.paying.models import Payment, Rail
from marketplace.payments.paying.rails import Answer, Told, senders
from marketplace.payments.stripes.clients import MOST_PENCE, NoStripeAccount, client_of
from marketplace.payments.stripes.errors import answer_of
from marketplace.payments.stripes.handlers import handlers
from marketplace.payments.stripes.metadata import our_id, ours_among

PAYMENT = "payment"


class Transfers:
    """Stripe's transfers as a rail; both calls are made outside any write."""

    def takes(self) -> ColumnElement[bool]:
        """The provider is ready at the payer's Stripe account, and Stripe takes such an amount.

        Invented money never goes to an account that moves real money.
        """
        ready = exists().where(
            PayeeAccount.body_id == Payment.payer_id,
            PayeeAccount.payee_id == Payment.payee_id,
            PayeeAccount.state == PayeeState.READY,
            StripeAccount.organisation_id == PayeeAccount.body_id,
            or_(~StripeAccount.is_live, ~Payment.is_demonstration),
        )
        return and_(ready, Payment.pence <= MOST_PENCE)

    def send(self, payment: Payment) -> Told:
        """Make the transfer under the payment's key; PAID names it."""
        import stripe

        to = self._ready_account(payment)
        if to is None:
            # Stripe was not asked: of an attempt before this one it says nothing.
            is_clear = payment.attempts == 1
            return Told(Answer.PAYEE_NOT_READY if is_clear else Answer.UNKNOWN)
        try:
            transfer = client_of(payment.payer_id).v1.transfers.create(
                params={
                    "amount": payment.pence,
                    "currency": "gbp",
                    "destination": to,
                    "transfer_group": payment.reference,
                    "metadata": {PAYMENT: str(payment.id)},
                },
                options={"idempotency_key": payment.idempotency_key or ""},
            )
        except stripe.StripeError as error:
            return Told(answer_of(error))
        return Told(Answer.PAID, transfer.id)

    def find(self, payment: Payment) -> Told:
        """Look for the payment's transfer in its group; one taken back in full does not count."""
        import stripe

        try:
            transfers = client_of(payment.payer_id).v1.transfers.list(
                params={"transfer_group": payment.reference, "limit": 100}
            )
            kept = (each for each in transfers.auto_paging_iter() if not each.reversed)
            found = ours_among(kept, PAYMENT, payment.id)
        except (stripe.StripeError, NoStripeAccount):
            return Told(Answer.UNKNOWN)
        return Told(Answer.PAID, found.id) if found is not None else Told(Answer.NOT_FOUND)

    def _ready_account(self, payment: Payment) -> str | None:
        """Where it goes, by what holds now: it may have been taken some time ago."""
        taken = select(Payment.id).where(Payment.id == payment.id, self.takes())
        if db.session.scalar(taken) is None:
            return None
        return db.session.scalar(
            select(PayeeAccount.stripe_id).where(
                PayeeAccount.body_id == payment.payer_id,
                PayeeAccount.payee_id == payment.payee_id,
            )
        )


def handle(body_id: UUID, object_id: str, account_id: str | None) -> None:
    """An event told of a transfer: read it, and have its payment follow."""
    transfer = client_of(body_id).v1.transfers.retrieve(object_id)
    payment_id = our_id(transfer, PAYMENT)
    own = select(Payment.id).where(Payment.id == payment_id, Payment.payer_id == body_id)
    if payment_id is None or db.session.scalar(own) is None:
        return
    told = Told(Answer.PAID, transfer.id)
    try:
        with write():
            settle(payment_id, Rail.STRIPE, told)
            if transfer.reversed:
                came_back(payment_id)
    except AlreadyChanged:
        # It went another way in the meantime; the daily comparison shows what stands too much.
        return


def register(app: Flask) -> None:
    """Offer the rail, and follow what Stripe tells of transfers."""
    senders(app)[Rail.STRIPE] = Transfers()
    handlers(app)["transfer."] = handle
