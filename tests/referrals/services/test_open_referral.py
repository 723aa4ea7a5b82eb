"""The directory for machines: by the standard, by page, and without a statement per service."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from referrals.services.models import Meeting
from tests.support.contracts import make_live_contract
from tests.support.services import describe
from tests.support.statements import statements_sent

# What the Human Services Data Specification requires of each object of version 3.
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "location": {"id", "location_type"},
    "addresses": {
        *("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    },
    "taxonomy_term": {"id", "name", "description"},
    "capacities": {"id", "available", "updated", "unit"},
    "unit": {"id", "name"},
}
STATUSES = {"active", "inactive", "defunct", "temporarily closed"}
LISTS = {
    *("service_at_locations", "service_areas", "schedules", "languages", "capacities"),
    *("attributes", "addresses", "accessibility"),
}
URL = "/api/open-referral/services"


def problems(thing: Any, name: str = "service") -> list[str]:
    """Every way in which an object breaks the standard's rules."""
    found = [f"{name} lacks {field}" for field in REQUIRED.get(name, {"id"}) - thing.keys()]
    try:
        UUID(thing["id"])
    except (KeyError, ValueError):
        found.append(f"{name} has no uuid")
    for field, value in thing.items():
        if value in (None, "", []):
            found.append(f"{name}.{field} is empty")
        if (field in LISTS) != isinstance(value, list):
            found.append(f"{name}.{field} is a list or is none")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                found += problems(each, field)
    return found


def test_a_service_follows_the_standard(house, client):
    describe(
        house.area_id,
        house.by.manager,
        *("step_free", "group", "veterans", "language-cy"),
        meeting=Meeting.SHOWN,
        address_line="1 Harbour Street",
        town="Dover",
        postcode="CT16 1AA",
        description="Tea",
    )
    service = client.get(f"{URL}/{house.area_id}").json
    assert problems(service) == []
    assert service["status"] in STATUSES
    assert service["organization"]["name"] == "Harbour Trust"
    assert [each["code"] for each in service["languages"]] == ["cy"]
    location = service["service_at_locations"][0]["location"]
    assert location["addresses"][0]["postal_code"] == "CT16 1AA"
    terms = {each["taxonomy_term"]["code"] for each in service["attributes"]}
    assert {"accommodation", "veterans", "group"} <= terms
    assert service["minimum_age"] == 18 and service["capacities"][0]["available"] == 2
    assert datetime.fromisoformat(service["last_modified"]).tzinfo
    assert client.get(f"{URL}/{house.region.id}").status_code == 404


def test_the_list_goes_by_pages_and_is_not_sent_twice(house, client):
    with statements_sent() as few:
        answer = client.get(URL)
    assert problems(answer.json["contents"][0]) == []
    again = client.get(URL, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for _ in range(3):
        make_live_contract(house.charity, buyer=house.region)
    with statements_sent() as many:
        first = client.get(f"{URL}?per_page=3").json
    assert len(many) == len(few)
    second = client.get(f"{URL}?per_page=3&page=2").json
    assert (first["total_items"], first["total_pages"], first["last_page"]) == (4, 2, False)
    assert second["last_page"] and len(second["contents"]) == 1
    ids = {each["id"] for each in first["contents"] + second["contents"]}
    assert len(ids) == 4
    for crafted in ("page=-1&per_page=-3", "page=x&per_page=999999999", "page=99999"):
        assert client.get(f"{URL}?{crafted}").status_code == 200
    assert "person" not in json.dumps(first["contents"][0].get("organization"))
    assert URL in client.show("/open-data").links().values()
