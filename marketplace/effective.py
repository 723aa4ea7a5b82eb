"""Reference data in versions: one row per version of a code, each with the days it is in force."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import get_locale
from sqlalchemy import CheckConstraint, ColumnElement, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from marketplace.database import db, new_id

COLUMNS = "id code name name_cy valid_from valid_to"


class Effective:
    """A version of a named code. `valid_from` and `valid_to` are its first and last day."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    name_cy: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @declared_attr.directive
    def __table_args__(cls) -> tuple:
        return (
            UniqueConstraint("code", "valid_from"),
            CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days_in_order"),
        )

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_cy if in_welsh() else self.name

    @classmethod
    def in_force(cls, day: date) -> ColumnElement[bool]:
        """The condition that picks the version in force on `day`."""
        return (cls.valid_from <= day) & or_(cls.valid_to.is_(None), cls.valid_to >= day)


def in_welsh() -> bool:
    """Whether the reader reads Welsh."""
    locale = get_locale()
    return locale is not None and locale.language == "cy"


def names_of(model: Any) -> dict[str, str]:
    """The latest name of every code of a model in the reader's language; one statement."""
    name = model.name_cy if in_welsh() else model.name
    versions = select(model.code, name).order_by(model.valid_from)
    return {code: name for code, name in db.session.execute(versions)}


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of one of the product's own data files."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def add_versions(model: Any, rows: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Add the versions that are missing and return the added by code.

    What stands already is left alone: commissioners own it once it is loaded.
    """
    known = {tuple(row) for row in db.session.execute(select(model.code, model.valid_from))}
    added = {}
    for row in rows:
        valid_from = date.fromisoformat(row["valid_from"])
        if (row["code"], valid_from) in known:
            continue
        facts: dict[str, Any] = {name: value or None for name, value in row.items()}
        facts["valid_from"] = valid_from
        facts["valid_to"] = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
        added[row["code"]] = model(**facts)
    db.session.add_all(added.values())
    db.session.flush()
    return added
