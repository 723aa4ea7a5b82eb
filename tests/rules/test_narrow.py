"""On a narrow screen no column of a table of money is out of sight: each row is a card."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = [
    "marketplace/templates/marketplace/payments",
    *(
        f"lots/templates/lots/contracts/{room}"
        for room in ("books", "claims", "contributions", "partners")
    ),
]
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
MOST_COLUMNS = 3


def test_a_wide_table_of_money_is_cards_with_labels():
    found = []
    for path in (each for folder in FOLDERS for each in (ROOT / folder).rglob("*.html")):
        for table in TABLE.findall(path.read_text()):
            if table.count('scope="col"') <= MOST_COLUMNS:
                continue
            sums = re.findall(r"<td[^>]*--numeric[^>]*>", table)
            bare = [cell for cell in sums if "data-label" not in cell and "{%" not in cell]
            if bare or "app-stacked" not in table:
                found.append(path.relative_to(ROOT))
    assert found == []
