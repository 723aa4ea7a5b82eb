"""Describing a service: what stands, what a manager saves, and which services are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from lots.contracts.models import ContractArea
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, insert_into
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import NotYours, check
from referrals.permissions import delivered_by
from referrals.services.directory import Listing, described, directory_now
from referrals.services.models import Meeting, ServiceProfile, ServiceTrait
from referrals.services.permissions import ServicePermission, delivers_area

MOST = 200


@dataclass(frozen=True)
class Said:
    """What a page says of a service; `traits` sorted, the address empty unless it is shown."""

    next_start_on: date | None = None
    meeting: Meeting = Meeting.NONE
    address_line: str = ""
    town: str = ""
    postcode: str = ""
    reach_in: str = ""
    description: str = ""
    traits: tuple[str, ...] = ()


def said_of(profile: ServiceProfile | None) -> Said:
    """What stands of a service; nothing where nobody has described it."""
    if profile is None:
        return Said()
    words = {name: getattr(profile, name) for name in asdict(Said()) if name != "traits"}
    return Said(**words, traits=tuple(sorted(profile.codes)))


def seen(said: Said) -> str:
    """Says whether what stands has changed since a page was opened."""
    return fingerprint(asdict(said))


def check_own(contract_area_id: UUID, by: Acting) -> None:
    """Whether this manager may describe the service. Raises Refused, NotYours."""
    check(by, ServicePermission.DESCRIBE)
    if not delivers_area(by, contract_area_id):
        raise NotYours()


def profile_of(contract_area_id: UUID) -> ServiceProfile | None:
    """How a service is described, None where it is not."""
    return db.session.get(ServiceProfile, contract_area_id)


def describe(contract_area_id: UUID, said: Said, was: str, by: Acting) -> ServiceProfile:
    """Save what a manager says, all of it; `was` is `seen` of what the page was opened with.

    Raises NotYours, Refused, Overtaken.
    """
    check_own(contract_area_id, by)
    profile = _locked(contract_area_id, by)
    before = said_of(profile)
    if was != seen(before):
        raise Overtaken()
    changed = [name for name, value in asdict(said).items() if asdict(before)[name] != value]
    for name in changed:
        if name != "traits":
            setattr(profile, name, getattr(said, name))
    wanted = set(said.traits)
    profile.traits = [each for each in profile.traits if each.trait in wanted] + [
        ServiceTrait(trait=each) for each in sorted(wanted - profile.codes)
    ]
    profile.changed_at, profile.changed_by_id = clock.now(), by.person_id
    db.session.flush()
    audit.record("service:described", subject=profile, by=by, fields=changed)
    return profile


def _locked(contract_area_id: UUID, by: Acting) -> ServiceProfile:
    first = {
        "contract_area_id": contract_area_id,
        "meeting": Meeting.NONE,
        "address_line": "",
        "town": "",
        "postcode": "",
        "reach_in": "",
        "description": "",
        "changed_at": clock.now(),
        "changed_by_id": by.person_id,
    }
    # Two who describe a service for the first time at once meet here, not at the constraint.
    table = insert_into(ServiceProfile.__table__)
    db.session.execute(table.values(first).on_conflict_do_nothing())
    return db.session.get_one(
        ServiceProfile, contract_area_id, with_for_update=True, populate_existing=True
    )


def own_services(by: Acting) -> Sequence[Listing]:
    """The services an organisation delivers, as provider or partner, that are not over."""
    directory = directory_now()
    mine = delivered_by(by.organisation_id)
    return described(
        (mine, ContractArea.closed_at.is_(None), ContractArea.ends_on >= directory.today),
        directory,
        MOST,
    )


def own_service(contract_area_id: UUID) -> Listing:
    """One service, opened or not; who may know of it was checked. Raises NotYours."""
    found = described((ContractArea.id == contract_area_id,), directory_now(), 1)
    if not found:
        raise NotYours()
    return found[0]
