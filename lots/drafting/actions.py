"""What is written into a draft; each is one verb, and none commits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from lots.actions import locked, remember_editor
from lots.drafting import drafts
from lots.models import Lot
from lots.permissions import LotPermission
from lots.pipeline import News, news
from lots.vocabulary import EDITABLE, PaymentProfile, Route, Task
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.categories.queries import service
from marketplace.database import db
from marketplace.fresh import fresh_reference
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import check

# A grant is paid up front, a contract each month in advance, unless the draft says otherwise.
USUAL_PAYMENT = {
    Route.GRANT: PaymentProfile.UP_FRONT,
    Route.CONTRACT: PaymentProfile.MONTHLY_IN_ADVANCE,
}


def draft(lot_id: UUID, by: Acting) -> Lot:
    """A draft under its lock, for whoever drafts it.

    Raises NotYours for all others, and Refusal once it has been published or has ended.
    """
    lot = locked(lot_id)
    check(by, LotPermission.DRAFT, lot)
    if lot.state not in EDITABLE:
        raise Refusal(_("This lot has been published or ended, so it can no longer be edited."))
    return lot


def wrote(lot: Lot, by: Acting) -> None:
    """Remember an editor; what is planned is public already, so a change of it is news."""
    remember_editor(lot, by)
    news.tell(lot, News.PLAN_CHANGED)


def start_draft(title: str, service_code: str, by: Acting) -> Lot:
    """Begin a lot led by the organisation acted for."""
    check(by, LotPermission.DRAFT)
    bought = service(service_code)
    lot = new_lot(by, title=title, service_code=service_code)
    lot.cohort = bought.cohort_code if bought else None
    db.session.flush()
    lot.payment_profile = USUAL_PAYMENT[lot.route]
    audit.record("lot:drafted", subject=lot, by=by, fields=["title", "service_code"])
    return lot


def new_lot(by: Acting, **facts: Any) -> Lot:
    """A row for a draft of the organisation acted for, not yet recorded in the audit."""
    buyer = db.session.get_one(Organisation, by.organisation_id)
    lot = Lot(
        reference=fresh_reference(Lot, "LOT"),
        lead_buyer_id=buyer.id,
        is_demonstration=buyer.is_demonstration,
        drafted_by_id=by.person_id,
        created_at=clock.now(),
        **facts,
    )
    db.session.add(lot)
    return lot


def save_page(lot_id: UUID, task: Task, values: dict[str, Any], seen: str, by: Acting) -> None:
    """Save one page of a draft; raises drafts.Overtaken where somebody else saved it since."""
    lot = draft(lot_id, by)
    changed = drafts.put(lot, task, values, seen)
    unsaved = drafts.unsaved_pages(lot)
    if changed:
        wrote(lot, by)
        audit.record("lot:edited", subject=lot, by=by, fields=changed)
    elif task in unsaved:
        audit.record("lot:page_kept", subject=lot, by=by, fields=drafts.PAGES[task])
    if task is Task.ROUTE and Task.PAYMENT in unsaved:
        lot.payment_profile = USUAL_PAYMENT[lot.route]
