"""The pages of top-ups, for whoever reads of them elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments import causes
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.causes import Link
from marketplace.payments.topping.models import TopUp
from marketplace.permissions import allowed

AT_STRIPE = {
    "top_up:arrived": _l("Money moved from the bank"),
    "top_up:taken_back": _l("Money that the bank took back"),
}


def pages(ids: Collection[UUID], by: Acting) -> dict[UUID, list[Link]]:
    """The top-ups of the body that asked for each."""
    rows = select(TopUp).where(TopUp.id.in_(ids)).options(joinedload(TopUp.body))
    return {
        each.id: [Link(_("Top-ups"), url_for("topping.index", body_id=each.body_id))]
        for each in db.session.scalars(rows)
        if allowed(by, StripePermission.SEE, each.body)
    }


def register(app: Flask) -> None:
    """Tell the ledger's readers of top-ups."""
    causes.tell(app, AT_STRIPE, pages)
