"""Read which body has a Stripe account, and what its books say it holds there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.permissions import NotYours, allowed


def has_account(organisation_id: UUID) -> bool:
    """Whether this organisation pays through Stripe."""
    found = select(StripeAccount.organisation_id)
    own = found.where(StripeAccount.organisation_id == organisation_id)
    return db.session.scalar(own) is not None


def account_of(organisation_id: UUID, by: Acting) -> StripeAccount:
    """The account of this body, as this person may see it. Raises NotYours."""
    account = db.session.get(StripeAccount, organisation_id)
    if account is None or not allowed(by, StripePermission.SEE, account):
        raise NotYours(organisation_id)
    return account


def accounts_page() -> Page:
    """Every account, by the name of its body."""
    found = select(StripeAccount).join(StripeAccount.organisation)
    named = found.options(contains_eager(StripeAccount.organisation))
    return paged(named.order_by(Organisation.name, Organisation.id))
