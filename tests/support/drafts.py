"""Drafts for several services, and people the case-management system knows, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask

from referrals.case_system.files import PEOPLE, CaseFolder
from tests.support.contracts import make_live_contract
from tests.support.referrals import make_draft

KNOWN = {
    "crn": "X123456",
    "name": "Robin O’Example",
    "date_of_birth": "1990-02-28",
    "sex": "female",
    "language": "cy",
    "phone": "01632 960001",
}


def connect(app: Flask, folder: Path) -> CaseFolder:
    """Have the application ask and tell this folder, which knows one person."""
    folder.mkdir(exist_ok=True)
    (folder / PEOPLE).write_text(json.dumps([KNOWN]), encoding="utf-8")
    system = CaseFolder(folder)
    app.extensions["case_system"] = system
    return system


def make_other_service(house: Any) -> UUID:
    """Another service of the same region, for women with several needs."""
    return (
        make_live_contract(house.charity, buyer=house.region, service_code="womens-services")
        .areas[0]
        .id
    )


def add_to(world: Any) -> None:
    """A draft and a case, each with a service to choose, for the walk through every address."""
    author = world.by("author")
    area_id = world.things["service"]["contract_area_id"]
    draft = make_draft(area_id, author)
    world.things["draft and service"] = {"draft_id": draft.id, "contract_area_id": area_id}
    world.things["case and service"] = world.things["new case"] | {"contract_area_id": area_id}
