"""The pages of payments, for whoever reads of them elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select, tuple_

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments import causes
from marketplace.payments.causes import Link, Reference
from marketplace.payments.paying.models import Payment
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.permissions import allowed

OF_CONTRACTS = {
    "payment:paid": _l("Payment to the provider"),
    "payment:returned": _l("Payment came back from the bank"),
}
AT_STRIPE = {
    "payment:transferred": _l("Payment to a provider"),
    "payment:reversed": _l("Payment that came back"),
}


def pages(ids: Collection[UUID], by: Acting) -> dict[UUID, list[Link]]:
    """The page of each payment."""
    return {each.id: [_link(each)] for each in _readable(Payment.id.in_(ids), by)}


def made_for(references: Iterable[Reference], by: Acting) -> dict[Reference, list[Link]]:
    """The pages of the payments by which each cause is paid, the first round first."""
    found = defaultdict(list)
    for each in _readable(tuple_(Payment.cause_kind, Payment.cause_id).in_(set(references)), by):
        found[each.cause_kind, each.cause_id].append(_link(each))
    return found


def _readable(condition: ColumnElement[bool], by: Acting) -> Sequence[Payment]:
    rows = db.session.scalars(select(Payment).where(condition).order_by(Payment.round))
    return [each for each in rows if allowed(by, PaymentPermission.SEE, each)]


def _link(payment: Payment) -> Link:
    text = _("Payment %(reference)s", reference=payment.reference)
    return Link(text, url_for("payments.show", payment_id=payment.id))


def register(app: Flask) -> None:
    """Tell the ledger's readers of payments."""
    causes.tell(app, OF_CONTRACTS | AT_STRIPE, pages)
