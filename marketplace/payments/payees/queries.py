"""Read the accounts by which providers are paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.payees.models import PayeeAccount, PayeeState
from marketplace.payments.payees.permissions import PayeePermission
from marketplace.permissions import NotYours, allowed

WITH_BODY = joinedload(PayeeAccount.body).joinedload(StripeAccount.organisation)


def account(account_id: UUID, by: Acting) -> PayeeAccount:
    """The account, as somebody of the provider may see it. Raises NotYours."""
    found = db.session.get(PayeeAccount, account_id, options=[WITH_BODY])
    if found is None or not allowed(by, PayeePermission.SEE, found):
        raise NotYours(account_id)
    return found


def own_page(payee_id: UUID) -> Page:
    """The accounts of a provider, what is to be done first."""
    order = (PayeeAccount.state == PayeeState.READY, PayeeAccount.wanted_at, PayeeAccount.id)
    mine = select(PayeeAccount).where(PayeeAccount.payee_id == payee_id)
    return paged(mine.options(WITH_BODY).order_by(*order))


def unfinished(payee_id: UUID, most: int) -> Sequence[PayeeAccount]:
    """The accounts that wait for this provider, the oldest first."""
    waits = PayeeAccount.state.in_((PayeeState.WANTED, PayeeState.STARTED))
    mine = select(PayeeAccount).where(PayeeAccount.payee_id == payee_id, waits)
    return db.session.scalars(
        mine.options(WITH_BODY).order_by(PayeeAccount.wanted_at, PayeeAccount.id).limit(most)
    ).all()


class Readiness(NamedTuple):
    """How many buyers pay a provider through Stripe, and how many others want to."""

    ready: int
    others: int


def own_by_readiness(payee_id: UUID) -> Readiness:
    """How many accounts of a provider are ready, and how many are not."""
    is_ready = PayeeAccount.state == PayeeState.READY
    counted = select(is_ready, func.count()).where(PayeeAccount.payee_id == payee_id)
    counts = {
        bool(ready): number for ready, number in db.session.execute(counted.group_by(is_ready))
    }
    return Readiness(counts.get(True, 0), counts.get(False, 0))


def payees_page(body_id: UUID) -> Page:
    """The providers that one body pays through Stripe, by name."""
    found = select(PayeeAccount).where(PayeeAccount.body_id == body_id).join(PayeeAccount.payee)
    with_payee = found.options(joinedload(PayeeAccount.payee))
    return paged(with_payee.order_by(Organisation.name, PayeeAccount.id))


def payees_by_state(body_id: UUID) -> dict[PayeeState, int]:
    """How many providers of a body are how far, in the order of the states; none left out."""
    counted = (
        select(PayeeAccount.state, func.count())
        .where(PayeeAccount.body_id == body_id)
        .group_by(PayeeAccount.state)
    )
    counts = {state: number for state, number in db.session.execute(counted)}
    return {state: counts.get(state, 0) for state in PayeeState}
