"""How many of an area's places each partner holds ready; set by the provider that leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.models import ContractArea
from lots.contracts.partners.models import ContractAreaPartner, ContractPartner
from lots.funding.arithmetic import split
from marketplace.database import db
from marketplace.lifecycle import Refusal


def parts_in(contract_area_id: UUID, *, lock: bool = False) -> Sequence[ContractAreaPartner]:
    """The parts of partners that take part, in one area, by partner."""
    found = (
        select(ContractAreaPartner)
        .join(ContractPartner)
        .where(
            ContractAreaPartner.contract_area_id == contract_area_id,
            ContractPartner.removed_at.is_(None),
        )
        .order_by(ContractAreaPartner.partner_id)
    )
    return db.session.scalars(found.with_for_update() if lock else found).all()


def set_parts(area: ContractArea, places: int, wanted: Mapping[UUID, int]) -> None:
    """Set partners' places in a locked area of `places`; without `wanted` they are kept or shrunk.

    Raises Refusal where they exceed the area's places.
    """
    parts = parts_in(area.id, lock=True)
    if not wanted:
        fit_partners(area, places)
        return
    asked = {part.partner_id: wanted.get(part.partner_id, part.places) for part in parts}
    if min(asked.values(), default=0) < 0 or sum(asked.values()) > places:
        raise Refusal(
            _("The partners’ places together cannot be more than the places in this area.")
        )
    for part in parts:
        part.places = asked[part.partner_id]
    db.session.flush()


def fit_partners(area: ContractArea, places: int) -> None:
    """Where partners hold more than `places`, lower them in proportion."""
    parts = parts_in(area.id, lock=True)
    held = [part.places for part in parts]
    for part, number in zip(parts, fitted(held, places), strict=True):
        part.places = number
    db.session.flush()


def fitted(held: Sequence[int], places: int) -> list[int]:
    """Partners' places within a limit: as they are, or lowered in proportion, none raised."""
    return list(held) if sum(held) <= places else split(places, held)
