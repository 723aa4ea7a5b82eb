"""The demonstration world, set up once for a whole run as an operator does; tests take copies."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

from tests.support.server import environment_of, run_command


def set_up(folder: Path, database_url: str = "") -> None:
    """Set up a product with its world in this folder and in this database, or one in the folder."""
    settings = {"demonstration": "true", "log_level": "WARNING"}
    run_command(environment_of(folder, database_url=database_url, **settings), "setup")


def set_up_once(run_folder: Path) -> Path:
    """The folder of one on SQLite: the first test process to ask makes it, the others wait."""
    done = run_folder / "demonstration"
    with open(run_folder / "demonstration.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            making = run_folder / "demonstration-making"
            shutil.rmtree(making, ignore_errors=True)
            set_up(making)
            making.rename(done)
    return done
