"""Merging a process's releases into its compiled release, by the standard's own rules."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ocdsmerge import Merger

DATA = Path(__file__).parent / "data"


def release_schema() -> dict[str, Any]:
    """OCDS 1.1.5 with its registered extensions and the United Kingdom's fields published here."""
    schema = json.loads((DATA / "release-schema.json").read_text(encoding="utf-8"))
    patch = json.loads((DATA / "united-kingdom.json").read_text(encoding="utf-8"))
    _merge(schema, patch)
    return schema


def _merge(into: dict[str, Any], patch: dict[str, Any]) -> None:
    for name, value in patch.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


@cache
def _merger() -> Merger:
    return Merger(release_schema())


def merge(releases: list[dict[str, Any]]) -> dict[str, Any]:
    """The compiled release of one process; `releases` in their order."""
    return _merger().create_compiled_release(releases)
