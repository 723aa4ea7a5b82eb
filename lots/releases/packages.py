"""Packages: what wraps releases and records, who publishes them, under which licence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from lots.releases.values import moment

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
PUBLISHER = "Dynamic Framework marketplace"
_COMMUNITY = "https://raw.githubusercontent.com/open-contracting-extensions"
# The extensions whose fields are published, by the addresses the standard knows them by.
EXTENSIONS = [
    *(
        f"{_COMMUNITY}/ocds_{name}_extension/master/extension.json"
        for name in (
            "awardCriteria",
            "awardRationale",
            "bid",
            "communication",
            "enquiry",
            "legalBasis",
            "location",
            "lots",
            "metrics",
            "options",
            "partyDetails_scale",
            "renewal",
            "selectionCriteria",
            "suitability",
            "techniques",
        )
    ),
    "https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json",
]


def address(path: str) -> str:
    """The public address of a path of this service."""
    return current_app.extensions["settings"].address.rstrip("/") + path


def head(path: str, at: datetime) -> dict[str, Any]:
    """What stands at the top of a package; `at` is its contents' last change."""
    return {
        "uri": address(path),
        "version": "1.1",
        "extensions": EXTENSIONS,
        "publishedDate": moment(at),
        "publisher": {"name": PUBLISHER, "uri": address("/")},
        "license": LICENCE,
        "publicationPolicy": address("/open-data"),
    }


def release_package(path: str, at: datetime, releases: list[dict[str, Any]]) -> dict[str, Any]:
    """Releases as a package of the standard."""
    return head(path, at) | {"releases": releases}


def record_package(path: str, at: datetime, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Records as a package of the standard."""
    return head(path, at) | {"records": records}
