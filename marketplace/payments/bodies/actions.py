"""Give a body its account, or its account a new key."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, clock, events
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.payments.actions import open_account
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.models import AccountKind

# Told as `events.emit(ACCOUNT_GIVEN, account, None)` when a body begins to pay through Stripe.
ACCOUNT_GIVEN = "stripe account given"


@dataclass(frozen=True)
class Keys:
    """What Stripe shows its customer once; `api_base` empty is Stripe's own address."""

    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    connect_webhook_secret: str = field(default="", repr=False)
    api_base: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it moves real money; Stripe's keys say so themselves."""
        return "_live_" in self.secret_key


def set_account(organisation_id: UUID, stripe_id: str, keys: Keys) -> StripeAccount:
    """Store the keys of this body's account `stripe_id`; a new key replaces the one before.

    Raises Refusal where the key is of another account, or of another kind, than the body's books
    here are about, or where another body has this account.
    """
    account = db.session.get(StripeAccount, organisation_id, with_for_update=True)
    _only_its_own(organisation_id, account, stripe_id, keys)
    is_new = account is None
    if account is None:
        account = StripeAccount(
            organisation_id=organisation_id,
            stripe_id=stripe_id,
            is_live=keys.is_live,
            balance_account_id=open_account(AccountKind.BALANCE).id,
            moved_account_id=open_account(AccountKind.MOVED).id,
        )
        db.session.add(account)
    account.secret_key = keys.secret_key
    account.webhook_secret = keys.webhook_secret
    account.connect_webhook_secret = keys.connect_webhook_secret
    account.api_base = keys.api_base
    account.set_at = clock.technical_now()
    db.session.flush()
    facts = {"live": keys.is_live, "new": is_new}
    audit.record("stripe_account:set", subject=account.organisation, by=None, facts=facts)
    if is_new:
        events.emit(ACCOUNT_GIVEN, account, None)
    return account


def _only_its_own(
    organisation_id: UUID, account: StripeAccount | None, stripe_id: str, keys: Keys
) -> None:
    others = select(StripeAccount.organisation_id).where(
        StripeAccount.stripe_id == stripe_id, StripeAccount.organisation_id != organisation_id
    )
    if db.session.scalar(others) is not None:
        raise Refusal(_("Another body uses this Stripe account. Each needs one of its own."))
    if account is None:
        return
    if account.stripe_id != stripe_id:
        raise Refusal(
            _(
                "This key is of the Stripe account %(new)s. The body's books here are about "
                "%(old)s. Give a key of that account.",
                new=stripe_id,
                old=account.stripe_id,
            )
        )
    if account.is_live != keys.is_live:
        raise Refusal(
            _("Test and live money are never mixed: this body began with a key of the other kind.")
        )
