"""Databases of either kind; the prepared ones are copies of one that was filled once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.support import apps, demonstrations, postgres

# From a name to the address of a database that nobody used before.
NewDatabase = Callable[[str], str]
PREPARED = "prepared"
DEMONSTRATION = "demonstration"


class Databases(Protocol):
    """What a test may ask for, whichever the kind."""

    def empty(self, name: str) -> str:
        """Make a database without tables; returns its address."""

    def prepared(self, name: str) -> str:
        """Make one with tables, triggers and reference data; returns its address."""

    def prepare(self) -> None:
        """Fill the one that the prepared ones are copies of; once, before the first of them."""

    def demonstration(self, name: str, folder: Path) -> str:
        """Copy the demonstration world, the product's files to this folder; returns its address."""


class SqliteDatabases:
    """Files in a folder."""

    def __init__(self, folder: Path, run_folder: Path):
        self.folder = folder
        self.run_folder = run_folder

    def empty(self, name: str) -> str:
        file = self._file(name)
        for left in self.folder.glob(f"{file.name}*"):
            left.unlink()
        return f"sqlite:///{file}"

    def prepared(self, name: str) -> str:
        address = self.empty(name)
        shutil.copyfile(self._file(PREPARED), self._file(name))
        return address

    def prepare(self) -> None:
        apps.prepare(self.empty(PREPARED), self.folder)

    def demonstration(self, name: str, folder: Path) -> str:
        shutil.copytree(demonstrations.set_up_once(self.run_folder), folder, dirs_exist_ok=True)
        return f"sqlite:///{folder / 'marketplace.sqlite3'}"

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


class PostgresDatabases:
    """Databases of one server."""

    def __init__(self, server: postgres.Server, folder: Path):
        self.server = server
        self.folder = folder

    def empty(self, name: str) -> str:
        return self.server.fresh_database(name)

    def prepared(self, name: str) -> str:
        return self.server.fresh_database(name, template=PREPARED)

    def prepare(self) -> None:
        apps.prepare(self.empty(PREPARED), self.folder)

    def demonstration(self, name: str, folder: Path) -> str:
        made = self.folder / DEMONSTRATION
        if not made.exists():
            demonstrations.set_up(made, self.empty(DEMONSTRATION))
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return self.server.fresh_database(name, template=DEMONSTRATION)
