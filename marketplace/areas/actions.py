"""Load the geography from the product's own files."""

from __future__ import annotations

from pathlib import Path

from marketplace.areas.models import Area, DeliveryUnit, Prison, ProbationOffice, Region
from marketplace.effective import add_versions, rows_of

DATA = Path(__file__).parent / "data"
FILES = {
    Region: "regions.csv",
    Area: "pcc_areas.csv",
    DeliveryUnit: "delivery_units.csv",
    ProbationOffice: "probation_offices.csv",
    Prison: "prisons.csv",
}


def load_areas() -> int:
    """Add what is missing, inside a write, and return how many versions were added."""
    return sum(len(add_versions(model, rows_of(DATA / name))) for model, name in FILES.items())
