"""Reading the open data as others do, and what they would complain of."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

SCHEMA = Path(__file__).parents[1] / "fixtures" / "grants-360giving.json"


def grant_problems(package: dict[str, Any]) -> list[str]:
    """What a validator says of a 360Giving package; two grants of one id are wrong as well."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    found = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(package)
    ids = [each["id"] for each in package["grants"]]
    twice = [f"{each} stands twice" for each in set(ids) if ids.count(each) > 1]
    return [f"{each.json_path}: {each.message}" for each in found] + twice


def table(answer: Any) -> list[dict[str, str]]:
    """The rows of a CSV answer by their headings."""
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:])))
