"""Prepared databases of either kind, each copied from one that was filled once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.support import apps, postgres

KINDS = ("sqlite", "postgresql")

# From a name to the address of a fresh database with tables, triggers and reference data.
NewDatabase = Callable[[str], str]


def sqlite_databases(folder: Path) -> NewDatabase:
    """Copies of one prepared file in this folder."""
    prepared = folder / "prepared.sqlite3"
    apps.prepare(f"sqlite:///{prepared}", folder)

    def new(name: str) -> str:
        file = folder / f"{name}.sqlite3"
        shutil.copyfile(prepared, file)
        for left in folder.glob(f"{file.name}-*"):
            left.unlink()
        return f"sqlite:///{file}"

    return new


def postgres_databases(server: postgres.Server, folder: Path) -> NewDatabase:
    """Copies of one prepared database on this server."""
    apps.prepare(server.fresh_database("prepared"), folder)
    return lambda name: server.fresh_database(name, template="prepared")
