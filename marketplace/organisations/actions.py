"""Making organisations and keeping their profiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from marketplace import audit, clock
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db, new_id
from marketplace.organisations.models import Organisation, OrganisationArea
from marketplace.organisations.permissions import OrganisationPermission
from marketplace.permissions import check


def create_organisation(kind: OrganisationKind, by: Acting, **facts: Any) -> Organisation:
    """Make an organisation of any kind; `facts` are its columns."""
    check(by, OrganisationPermission.CREATE)
    return add_organisation(kind, by, **facts)


def add_organisation(kind: OrganisationKind, by: Acting | None, **facts: Any) -> Organisation:
    """Write an organisation's row, after whoever calls has judged that it may be made."""
    made = Organisation(id=new_id(), kind=kind, created_at=clock.now(), **facts)
    db.session.add(made)
    db.session.flush()
    audit.record("organisation:created", subject=made, by=by, facts={"kind": kind})
    return made


def change_profile(
    organisation_id: UUID, profile: dict[str, Any], area_codes: Iterable[str], by: Acting
) -> None:
    """Keep a changed profile and the areas covered; the audit names the fields that changed."""
    changing = db.session.get_one(Organisation, organisation_id, with_for_update=True)
    check(by, OrganisationPermission.EDIT_PROFILE, changing)
    changed = [name for name, value in profile.items() if getattr(changing, name) != value]
    for name in changed:
        setattr(changing, name, profile[name])
    wanted, held = set(area_codes), {each.area_code: each for each in changing.areas}
    if wanted != held.keys():
        changed.append("areas")
    for code in held.keys() - wanted:
        changing.areas.remove(held[code])
    for code in sorted(wanted - held.keys()):
        changing.areas.append(OrganisationArea(id=new_id(), area_code=code))
    if changed:
        audit.record("organisation:changed", subject=changing, by=by, fields=sorted(changed))
