"""Register numbers as org-id: the register's code, a hyphen, the number (org-id.guide)."""

from __future__ import annotations

from collections.abc import Iterable

CHARITIES = "GB-CHC"
COMPANIES = "GB-COH"


def number_in(org_ids: Iterable[str], register: str) -> str:
    """The organisation's number in this register; empty where it has none."""
    prefix = f"{register}-"
    return next((each.removeprefix(prefix) for each in org_ids if each.startswith(prefix)), "")
