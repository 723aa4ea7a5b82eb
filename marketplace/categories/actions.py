"""Load categories, cohorts, outcomes and services from the product's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from marketplace.categories.models import Category, Cohort, Outcome, Service, ServiceNeed
from marketplace.database import db
from marketplace.effective import add_versions, rows_of

DATA = Path(__file__).parent / "data"


def load_categories() -> int:
    """Add what is missing, inside a write, and return how many versions were added."""
    added = len(add_versions(Category, _placed("service_categories.csv")))
    added += len(add_versions(Outcome, _placed("outcomes.csv")))
    added += len(add_versions(Cohort, _numbered(rows_of(DATA / "cohorts.csv"))))
    return added + _load_services()


def _load_services() -> int:
    rows = _placed("services.csv")
    needs = {row["code"]: row.pop("needs").split(";") for row in rows}
    added = add_versions(Service, rows)
    for code, service in added.items():
        for position, category_code in enumerate(needs[code], start=1):
            db.session.add(
                ServiceNeed(service_id=service.id, category_code=category_code, position=position)
            )
    db.session.flush()
    return len(added)


def _placed(name: str) -> list[dict[str, Any]]:
    rows = rows_of(DATA / name)
    return [{**row, "position": position} for position, row in enumerate(rows, start=1)]


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ages = ("minimum_age", "maximum_age")
    return [{**row, **{age: int(row[age]) if row[age] else None for age in ages}} for row in rows]
