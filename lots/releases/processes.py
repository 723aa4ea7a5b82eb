"""Which contracting process something belongs to, and the ocid it is known by."""

from __future__ import annotations

from uuid import UUID

from flask import current_app
from sqlalchemy import select

from lots.competition.models import Competition
from lots.models import Lot
from lots.releases.models import Process, ProcessKind
from marketplace.database import db, insert_into, new_id


def process_of(lot: Lot) -> Process:
    """The contracting process of a lot: its competition's, where it stands in one."""
    if lot.competition_id is None:
        return process(ProcessKind.LOT, lot.id, lot.reference, lot.is_demonstration)
    reference = db.session.get_one(Competition, lot.competition_id).reference
    kind = ProcessKind.COMPETITION
    return process(kind, lot.competition_id, reference, lot.is_demonstration)


def own_ocid(process: Process) -> str:
    """The ocid that this service gives; what is made up for a demonstration says so."""
    prefix = current_app.extensions["settings"].ocid_prefix
    middle = "-demo" if process.is_demonstration else ""
    return f"{prefix}{middle}-{process.reference}"


def process(kind: ProcessKind, subject: UUID | None, reference: str, demo: bool) -> Process:
    """The process of this reference, made where it is the first time."""
    of_reference = select(Process).where(Process.reference == reference)
    found = db.session.scalars(of_reference).one_or_none()
    if found is not None:
        return found
    row = {"id": new_id(), "kind": kind, "subject_id": subject, "reference": reference}
    add = insert_into(Process.__table__).values(**row, releases=0, is_demonstration=demo)
    db.session.execute(add.on_conflict_do_nothing(index_elements=["reference"]))
    return db.session.scalars(of_reference).one()
