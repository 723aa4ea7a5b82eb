"""The directory for machines, by Open Referral UK 3 (the Human Services Data Specification).

An address that is withheld is not stored, so it is not in it. Ids of parts are made from the
service's own, so that they stay the same.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from lots.contracts.models import ContractArea
from lots.contracts.places import open_on
from marketplace.database import db
from referrals.services.directory import Listing, described, directory_now, listing
from referrals.services.models import Meeting
from referrals.services.traits import ACCESS, ATTRIBUTES, CUSTODY, WAYS, languages_of

SIZE, MOST = 50, 100
MOST_PAGES = 1000
Json = dict[str, Any]


def page(number: int, size: int) -> Json:
    """One page of the services that take referrals today, with how many there are."""
    directory = directory_now()
    number, size = min(max(number, 1), MOST_PAGES), min(max(size, 1), MOST)
    conditions = open_on(directory.today)
    total = db.session.scalar(select(func.count(ContractArea.id)).where(*conditions)) or 0
    shown = described(conditions, directory, size, offset=(number - 1) * size)
    moments = _moments([each.id for each in shown])
    pages = -(-total // size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(shown),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not shown,
        "contents": [service(each, moments[each.id]) for each in shown],
    }


def one(contract_area_id: UUID) -> Json:
    """One service. Raises NotYours where it does not exist or never opened."""
    found = listing(contract_area_id)
    return service(found, _moments([found.id])[found.id])


def _moments(ids: list[UUID]) -> dict[UUID, datetime]:
    rows = db.session.execute(
        select(
            ContractArea.id,
            ContractArea.opened_at,
            ContractArea.places_set_at,
            ContractArea.stopped_at,
            ContractArea.closed_at,
        ).where(ContractArea.id.in_(ids))
    )
    return {row[0]: max(moment for moment in row[1:] if moment) for row in rows}


def service(each: Listing, changed_at: datetime) -> Json:
    """One service as the standard names its parts; what is empty is left out."""
    profile = each.profile
    if profile:
        changed_at = max(changed_at, profile.changed_at)
    youngest, oldest = each.ages
    return _filled(
        {
            "id": str(each.id),
            "name": f"{each.name}, {each.where}",
            "description": _description(each),
            "status": _status(each),
            "url": url_for("services.show", contract_area_id=each.id, _external=True),
            "email": each.offer.provider_email,
            "application_process": _("A probation practitioner refers the person in this service."),
            "fees_description": _("Free to the person."),
            "wait_time": _wait(each),
            "eligibility_description": "; ".join(_eligibility(each)),
            "minimum_age": youngest,
            "maximum_age": oldest,
            "alert": _alert(each),
            "last_modified": _moment(changed_at),
            "assured_date": profile.changed_at.date().isoformat() if profile else None,
            "organization": {
                "id": str(each.offer.provider_id),
                "name": each.offer.provider_name,
                "description": each.offer.provider_name,
            },
            "service_at_locations": _locations(each),
            "service_areas": [_area(each)],
            "schedules": _schedules(each),
            "languages": [
                {"id": _id(each, f"language/{code}"), "name": name, "code": code}
                for code, name in each.directory.languages.items()
                if code in languages_of(each.codes)
            ],
            "capacities": [_capacity(each, changed_at)],
            "attributes": _attributes(each),
        }
    )


def _filled(values: Json) -> Json:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _id(each: Listing, part: str) -> str:
    return str(uuid5(each.id, part))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _status(each: Listing) -> str:
    if not each.offer.takes_referrals(each.directory.today):
        return "inactive"
    return "temporarily closed" if each.paused_until else "active"


def _description(each: Listing) -> str:
    own = each.profile.description if each.profile else ""
    return own or _("Support with: %(needs)s.", needs=", ".join(each.needs))


def _eligibility(each: Listing) -> list[str]:
    groups = [group.label for group in each.groups]
    return [*groups, *map(str, each.points)] or [_("Adults on probation or about to be")]


def _wait(each: Listing) -> str | None:
    days = each.wait.median_days
    if days is None:
        return None
    return ngettext("%(num)s day (median)", "%(num)s days (median)", days)


def _alert(each: Listing) -> str | None:
    if not each.paused_until:
        return None
    day = format_date(each.paused_until, "d MMMM y")
    return _("Paused. Takes people again on %(day)s.", day=day)


def _locations(each: Listing) -> list[Json]:
    profile = each.profile
    location: Json = {"id": _id(each, "location"), "location_type": "virtual"}
    if profile and profile.meeting == Meeting.SHOWN:
        location |= {
            "location_type": "physical",
            "name": profile.address_line,
            "addresses": [
                {
                    "id": _id(each, "address"),
                    "address_1": profile.address_line,
                    "city": profile.town,
                    "state_province": each.region,
                    "postal_code": profile.postcode,
                    "country": "GB",
                    "address_type": "physical",
                }
            ],
        }
    access = each.said_of(ACCESS)
    if access:
        location["accessibility"] = [
            {"id": _id(each, f"access/{words}"), "description": str(words)} for words in access
        ]
    if "addresses" not in location and not access:
        return []
    return [{"id": _id(each, "at-location"), "location": location}]


def _area(each: Listing) -> Json:
    code = each.offer.area_code or each.offer.region_code
    return {"id": _id(each, f"area/{code}"), "name": each.where, "description": code}


def _schedules(each: Listing) -> list[Json]:
    day = each.next_start
    if day is None:
        return []
    words = _("Next start")
    return [{"id": _id(each, "next"), "valid_from": day.isoformat(), "description": words}]


def _capacity(each: Listing, changed_at: datetime) -> Json:
    return {
        "id": _id(each, "capacity"),
        "unit": {"id": str(uuid5(NAMESPACE_URL, "unit/place")), "name": _("place")},
        "available": each.free_places,
        "maximum": each.offer.places,
        "updated": _moment(changed_at),
    }


def _attributes(each: Listing) -> list[Json]:
    own = each.directory.services.get(each.offer.service_code)
    codes = own.need_codes if own else []
    terms = [("needs", code, each.directory.needs.get(code, code)) for code in codes]
    for taxonomy, kind in (("offers", ATTRIBUTES | CUSTODY), ("ways", WAYS)):
        terms += [(taxonomy, code, str(kind[code])) for code in kind if code in each.codes]
    return [
        {
            "id": _id(each, f"{taxonomy}/{code}"),
            "link_entity": "service",
            "taxonomy_term": {
                "id": str(uuid5(NAMESPACE_URL, f"{taxonomy}/{code}")),
                "code": code,
                "name": name,
                "description": name,
                "taxonomy": taxonomy,
            },
        }
        for taxonomy, code, name in terms
    ]
