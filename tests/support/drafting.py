"""What the pages of a draft need in tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from lots.drafting.documents import add_document
from lots.models import Lot, LotDocument
from lots.vocabulary import DocumentKind
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.files import inspect
from tests.support.files import PDF


def with_document(lot_id: UUID, by: Acting) -> UUID:
    """Put a document to a draft; returns its id."""
    with write():
        upload = inspect("sheet.pdf", PDF)
        add_document(lot_id, upload, "Staff costs", DocumentKind.STAFF_COSTS, by)
    found = select(LotDocument.id).where(LotDocument.lot_id == lot_id)
    return db.session.scalars(found).one()


def add_to(world: Any) -> None:
    """Documents for the lots whose pages are walked."""
    drafters = {
        "draft lot": "commissioning officer",
        "lot of a PCC": "pcc commissioner lead",
    }
    for name, who in drafters.items():
        lot_id = world.things[name]["lot_id"]
        world.things[name]["document_id"] = with_document(lot_id, world.by(who))


def newest_lot() -> Lot:
    """The lot that was made last."""
    return db.session.scalars(select(Lot).order_by(Lot.created_at.desc(), Lot.id)).first()  # type: ignore[return-value]  # there is one
