"""A case-management system in a folder: people in one file, and one file for each record.

For demonstrations, for tests, and for exchanging files with a system that has no interface.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from referrals.case_system.interface import Person

PEOPLE = "people.json"


class CaseFolder:
    """`people.json` is a list of people with `crn`; records are written below `referrals` and
    `attendance`, named by their key, so that the same record told twice is one file.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    def look_up(self, crn: str) -> Person | None:
        """The person of this CRN in `people.json`."""
        file = self.folder / PEOPLE
        if not file.exists():
            return None
        wanted = "".join(crn.split()).upper()
        for known in json.loads(file.read_text(encoding="utf-8")):
            if known.get("crn", "").upper() == wanted:
                born = known.get("date_of_birth")
                facts = {
                    name: str(known[name])
                    for name in ("sex", "language", "phone", "email")
                    if known.get(name)
                }
                return Person(
                    crn=wanted,
                    name=str(known["name"]),
                    date_of_birth=date.fromisoformat(born) if born else None,
                    **facts,
                )
        return None

    def record_referral(self, key: str, facts: dict[str, Any]) -> None:
        """Write a referral's state into a file of its own."""
        self._record("referrals", key, facts)

    def record_attendance(self, key: str, facts: dict[str, Any]) -> None:
        """Write what came of a session into a file of its own."""
        self._record("attendance", key, facts)

    def _record(self, kind: str, key: str, facts: dict[str, Any]) -> None:
        folder = self.folder / kind
        folder.mkdir(parents=True, exist_ok=True)
        # Whoever reads the folder sees whole files only.
        unfinished = folder / f".{uuid4().hex}"
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"key": key, **facts}, file, ensure_ascii=False, indent=1)
        os.replace(unfinished, folder / f"{UUID(key)}.json")
