"""The way from a lot's and a contract's public page to what is published of it for machines."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, render_template
from markupsafe import Markup
from sqlalchemy import select

from lots.contracts.models import Contract
from lots.models import Lot
from lots.releases.models import Process, ReleaseRecord
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.registry import panels


def lot_panel(lot: Lot, by: Acting | None) -> Markup | str:
    """A link to the record of the lot's contracting process; nothing before its first release."""
    return _link(lot.competition_id or lot.id)


def contract_panel(contract: Contract) -> Markup | str:
    """A link to the record of the contract's process."""
    competition_id = db.session.scalar(select(Lot.competition_id).where(Lot.id == contract.lot_id))
    return _link(competition_id or contract.lot_id)


def _link(subject_id: UUID) -> Markup | str:
    public = select(Process.ocid).join(ReleaseRecord, ReleaseRecord.process_id == Process.id)
    ocid = db.session.scalar(public.where(Process.subject_id == subject_id))
    return Markup(render_template("lots/releases/panel.html", ocid=ocid)) if ocid else ""


def register(app: Flask) -> None:
    """Hang the links on both pages."""
    panels(app).setdefault("opportunity", []).append(lot_panel)
    panels(app).setdefault("contract_public", []).append(contract_panel)
