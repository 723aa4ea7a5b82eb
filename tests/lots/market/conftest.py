"""The published awards, loaded."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lots.market.load import DAY_ONE, load_awards
from marketplace.database import write


@pytest.fixture
def awards(app: Flask) -> Flask:
    """The product with the 66 published awards."""
    with write():
        load_awards(DAY_ONE)
    return app


GOOD = {
    "award": "X-1",
    "region_code": "D",
    "service": "personal-wellbeing",
    "lead_provider": "A Provider, Somewhere",
    "lead_provider_kind": "vcse",
    "value_gbp": "1000",
    "pcc_areas": "gwent;north-wales",
    "ends_early": "gwent=2022-01-31",
    "start_date": "2021-06-26",
    "end_date": "2025-03-31",
    "subject_to_contract": "",
    "cohorts": "18-25;26+",
    "value_term_months": "33",
    "value_kind": "awarded",
}


@pytest.fixture
def awards_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes an awards file of lines that differ from a good one: `awards_file({…}, {…})`."""

    def make(*lines: dict[str, Any]) -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(GOOD))
        writer.writeheader()
        writer.writerows({**GOOD, **line} for line in lines)
        path = tmp_path / "awards.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    return make
