"""Open a provider's account at Stripe, and the way to the pages on which it is set up.

Stripe is told the organisation's name and our keys, nothing about anybody in it: what it must
know of people it asks them itself, on its own pages.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for

from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.payments.payees import actions
from marketplace.payments.payees.models import PayeeAccount, PayeeState
from marketplace.payments.stripes.clients import client_of
from marketplace.payments.stripes.metadata import made_since, ours_among

if TYPE_CHECKING:
    from stripe import StripeClient

PAYEE_ACCOUNT = "payee_account"


def open_at_stripe(account_id: UUID, by: Acting) -> None:
    """Open the account; where it was asked for before, look first whether it was opened.

    Raises Refused, AlreadyChanged, and what Stripe's library raises.
    """
    asked_before = db.session.get_one(PayeeAccount, account_id).asked_at
    with write():
        account = actions.begin(account_id, by)
        name = account.payee.name
    client = client_of(account.body_id)
    stripe_id = _find(client, account_id, asked_before) if asked_before else None
    stripe_id = stripe_id or _create(client, account_id, name)
    with write():
        actions.opened(account_id, stripe_id, by)


def _create(client: StripeClient, account_id: UUID, name: str) -> str:
    account = client.v1.accounts.create(
        params={
            "country": "GB",
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "requirement_collection": "stripe",
                "stripe_dashboard": {"type": "express"},
            },
            "capabilities": {"transfers": {"requested": True}},
            "business_profile": {"name": name},
            "metadata": {PAYEE_ACCOUNT: str(account_id)},
        },
        options={"idempotency_key": f"payee-account-{account_id}"},
    )
    return account.id


def _find(client: StripeClient, account_id: UUID, asked_at: datetime) -> str | None:
    since = made_since(asked_at)
    listed = client.v1.accounts.list(params={"created": {"gte": since}, "limit": 100})
    found = ours_among(listed.auto_paging_iter(), PAYEE_ACCOUNT, account_id)
    return found.id if found is not None else None


def pages_at_stripe(account: PayeeAccount) -> str:
    """The address, good once and for a few minutes, of Stripe's pages for this account.

    Those that set it up; once it is ready, those on which its details are seen and changed.
    """
    client, stripe_id = client_of(account.body_id), account.stripe_id or ""
    if account.state == PayeeState.READY:
        return client.v1.accounts.login_links.create(stripe_id).url
    link = client.v1.account_links.create(
        params={
            "account": stripe_id,
            "type": "account_onboarding",
            "refresh_url": url_for("payees.go", account_id=account.id, _external=True),
            "return_url": url_for("payees.returned", account_id=account.id, _external=True),
            "collection_options": {"fields": "eventually_due"},
        }
    )
    return link.url
