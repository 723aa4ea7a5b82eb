"""Making organisations and keeping their profiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, clock
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation, OrganisationArea, RegisterNumber
from marketplace.organisations.permissions import OrganisationPermission
from marketplace.organisations.registers import split
from marketplace.permissions import check


class NumberTaken(Refusal):
    """An organisation here has this register number already."""

    def __init__(self, org_id: str):
        self.register, number = split(org_id)
        super().__init__(
            _(
                "An organisation with the number %(number)s is already registered here. Ask a "
                "colleague who uses this service to invite you. If nobody does, tell the national "
                "framework team",
                number=number,
            )
        )


def create_organisation(kind: OrganisationKind, by: Acting, **facts: Any) -> Organisation:
    """Make an organisation of any kind; `facts` are its columns."""
    check(by, OrganisationPermission.CREATE)
    return add_organisation(kind, by, **facts)


def add_organisation(kind: OrganisationKind, by: Acting | None, **facts: Any) -> Organisation:
    """Write an organisation's row, after whoever calls has judged that it may be made.

    Raises NumberTaken where another organisation here has one of its register numbers.
    """
    check_numbers_free(facts.get("org_ids", ()))
    made = Organisation(id=new_id(), kind=kind, created_at=clock.now(), **facts)
    db.session.add(made)
    db.session.flush()
    audit.record("organisation:created", subject=made, by=by, facts={"kind": kind})
    return made


def change_profile(
    organisation_id: UUID, profile: dict[str, Any], area_codes: Iterable[str], by: Acting
) -> None:
    """Keep a changed profile and the areas covered; the audit names the fields that changed.

    Raises NumberTaken where another organisation here has one of the register numbers.
    """
    changing = db.session.get_one(Organisation, organisation_id, with_for_update=True)
    check(by, OrganisationPermission.EDIT_PROFILE, changing)
    columns = {name: value for name, value in profile.items() if name != "org_ids"}
    changed = [name for name, value in columns.items() if getattr(changing, name) != value]
    for name in changed:
        setattr(changing, name, columns[name])
    if "org_ids" in profile and _change_numbers(changing, set(profile["org_ids"])):
        changed.append("org_ids")
    wanted, held = set(area_codes), {each.area_code: each for each in changing.areas}
    if wanted != held.keys():
        changed.append("areas")
    for code in held.keys() - wanted:
        changing.areas.remove(held[code])
    for code in sorted(wanted - held.keys()):
        changing.areas.append(OrganisationArea(id=new_id(), area_code=code))
    if changed:
        audit.record("organisation:changed", subject=changing, by=by, fields=sorted(changed))


def _change_numbers(changing: Organisation, wanted: set[str]) -> bool:
    """Rows that stay are left alone: a number is unique, and would be there twice for a moment."""
    held = {each.org_id: each for each in changing.register_numbers}
    if wanted == held.keys():
        return False
    check_numbers_free(wanted - held.keys())
    for org_id in held.keys() - wanted:
        changing.register_numbers.remove(held[org_id])
    for org_id in sorted(wanted - held.keys()):
        changing.org_ids.append(org_id)
    return True


def check_numbers_free(org_ids: Iterable[str]) -> None:
    """Raise NumberTaken where an organisation here has one of these numbers."""
    taken = select(RegisterNumber.org_id).where(RegisterNumber.org_id.in_(list(org_ids)))
    org_id = db.session.scalars(taken.order_by(RegisterNumber.org_id).limit(1)).first()
    if org_id is not None:
        raise NumberTaken(org_id)


def release_number(number: RegisterNumber) -> None:
    """Take a number from an organisation that never came into use."""
    held_by = db.session.get_one(Organisation, number.organisation_id, with_for_update=True)
    db.session.delete(number)
    db.session.flush()
    audit.record("organisation:number_released", subject=held_by, by=None)
