"""What an emergency stop forbids: nothing new begins at a service that it holds."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.continuity.cases import stopped_in_emergency
from lots.contracts.models import ContractArea
from marketplace.database import db
from marketplace.lifecycle import Refusal


def refuse_where_stopped(contract_area_id: UUID) -> None:
    """Raise Refusal where an emergency stop holds this service.

    The share of the area's lock has a stop of this very moment either seen here, or find what is
    being begun or arranged.
    """
    db.session.execute(
        select(ContractArea.id)
        .where(ContractArea.id == contract_area_id)
        .with_for_update(read=True)
    )
    if stopped_in_emergency(contract_area_id):
        raise Refusal(_("This service has been stopped. Nothing new can begin there."))
