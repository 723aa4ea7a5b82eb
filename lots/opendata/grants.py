"""Grants by the 360Giving data standard, version 1.4: one package, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app, url_for

from lots.opendata.published import Published, day, first_and_last
from lots.releases.packages import LICENCE, PUBLISHER, address

VERSION = "1.4"
PROGRAMME = {"code": "DF", "title": "Dynamic Framework"}
CHARITY, COMPANY = "GB-CHC", "GB-COH"
OWN_PARTY = "DFM-"
# The standard's longest title.
LONGEST_TITLE = 140

# The standard's headings of a table, and where each stands in a grant.
COLUMNS: dict[str, tuple[str | int, ...]] = {
    "Identifier": ("id",),
    "Title": ("title",),
    "Description": ("description",),
    "Currency": ("currency",),
    "Amount Awarded": ("amountAwarded",),
    "Award Date": ("awardDate",),
    "URL": ("url",),
    "Planned Dates:Start Date": ("plannedDates", 0, "startDate"),
    "Planned Dates:End Date": ("plannedDates", 0, "endDate"),
    "Planned Dates:Duration (months)": ("plannedDates", 0, "duration"),
    "Recipient Org:Identifier": ("recipientOrganization", 0, "id"),
    "Recipient Org:Name": ("recipientOrganization", 0, "name"),
    "Recipient Org:Charity Number": ("recipientOrganization", 0, "charityNumber"),
    "Recipient Org:Company Number": ("recipientOrganization", 0, "companyNumber"),
    "Funding Org:Identifier": ("fundingOrganization", 0, "id"),
    "Funding Org:Name": ("fundingOrganization", 0, "name"),
    "Grant Programme:Code": ("grantProgramme", 0, "code"),
    "Grant Programme:Title": ("grantProgramme", 0, "title"),
    "Beneficiary Location:Name": ("beneficiaryLocation", 0, "name"),
    "Beneficiary Location:Country Code": ("beneficiaryLocation", 0, "countryCode"),
    "Last Modified": ("dateModified",),
    "Data Source": ("dataSource",),
}


def package(grants: Iterable[Published]) -> dict[str, Any]:
    """Every grant as one package of the standard."""
    return {
        "version": VERSION,
        "title": "Grants awarded within the Dynamic Framework",
        "identifier": prefix(),
        "publisher": {"name": PUBLISHER, "website": address("/")},
        "license": LICENCE,
        "accessURL": address(url_for("open_data.index")),
        "downloadURL": address(url_for("open_data.grants_json")),
        "grants": [grant(each) for each in grants],
    }


def prefix() -> str:
    """What every id of a grant begins with, as registered with 360Giving (a setting)."""
    return current_app.extensions["settings"].grants_prefix


def grant(published: Published) -> dict[str, Any]:
    """One grant; its id is that of the award and never changes."""
    lot = published.lots[0]
    starts, ends = first_and_last(published.period)
    months = lot.get("contractPeriod", {}).get("durationInMonths")
    where = "; ".join(places(published.items))
    dates = {"startDate": starts, "endDate": ends, "duration": str(months) if months else ""}
    return {
        "id": f"{prefix()}-{published.award['id']}",
        "title": lot["title"][:LONGEST_TITLE],
        "description": lot.get("description") or lot["title"],
        "currency": "GBP",
        "amountAwarded": published.amount,
        "awardDate": day(published.award["date"]),
        "url": published.compiled["tender"]["submissionMethodDetails"],
        "plannedDates": [{name: said for name, said in dates.items() if said}],
        "recipientOrganization": [_organisation(published.supplier)],
        "fundingOrganization": [_organisation(published.buyer)],
        "grantProgramme": [PROGRAMME],
        "beneficiaryLocation": [{"name": where, "countryCode": "GB"}] if where else [],
        "dateModified": published.compiled["date"],
        "dataSource": address(url_for("open_data.grants_json")),
    }


def places(items: Iterable[dict[str, Any]]) -> list[str]:
    """Where services are delivered: areas by name, or a whole region by its own."""
    named = [
        where.get("locality") or where["region"]
        for item in items
        for where in item.get("deliveryAddresses", ())
    ]
    return list(dict.fromkeys(named))


def _organisation(party: dict[str, Any]) -> dict[str, Any]:
    identifiers = [party.get("identifier", {}), *party.get("additionalIdentifiers", ())]
    numbers = {each["scheme"]: each["id"] for each in identifiers if each}
    own = party["id"].startswith(OWN_PARTY)
    known = {
        # Whoever stands in no register gets an id of the publisher's, as the standard asks.
        "id": f"{prefix()}-{party['id'].removeprefix(OWN_PARTY)}" if own else party["id"],
        "name": party["name"],
        "charityNumber": numbers.get(CHARITY),
        "companyNumber": numbers.get(COMPANY),
    }
    return {name: said for name, said in known.items() if said}


def rows(grants: Iterable[Published]) -> list[list[object]]:
    """The same grants as a table, a row each; several places stand in one cell."""
    return [[_at(grant(each), path) for path in COLUMNS.values()] for each in grants]


def _at(thing: Any, path: tuple[str | int, ...]) -> object:
    for step in path:
        if isinstance(step, int):
            thing = thing[step] if thing else {}
        else:
            thing = thing.get(step, "")
    return thing
