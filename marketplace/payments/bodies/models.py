"""One Stripe account for each commissioning body: its keys, and its books here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db
from marketplace.organisations.models import Organisation


class StripeAccount(db.Model):
    """The account of one body. `api_base` is where its API is reached: Stripe's own where empty.

    `balance_account_id` counts what it holds at Stripe, `moved_account_id` is its other side: both
    together say what the body's balance at Stripe must be. Stripe signs what happens to the
    connected accounts with a secret of its own, `connect_webhook_secret`; it may be empty. A new
    key is set by a command, so `set_at` is technical time and nobody's.
    """

    __tablename__ = "stripe_account"
    __privacy__ = classified(
        none="organisation_id stripe_id api_base is_live balance_account_id moved_account_id "
        "set_at",
        personal="secret_key webhook_secret connect_webhook_secret",
    )
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    stripe_id: Mapped[str] = mapped_column(String(60), unique=True)
    secret_key: Mapped[str] = mapped_column(Encrypted("stripe_account.secret_key"))
    webhook_secret: Mapped[str] = mapped_column(Encrypted("stripe_account.webhook_secret"))
    connect_webhook_secret: Mapped[str] = mapped_column(
        Encrypted("stripe_account.connect_webhook_secret"), default=""
    )
    api_base: Mapped[str] = mapped_column(String(200), default="")
    is_live: Mapped[bool] = mapped_column(default=False)
    balance_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    moved_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (CheckConstraint("NOT is_live OR api_base = ''", name="live_is_stripes_own"),)
