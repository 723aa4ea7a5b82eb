"""The product as an operator runs it: its own processes, folder, database and port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# For slow machines; a sound start takes a few seconds.
READY_WITHIN_SECONDS = 120
PROGRAMS = Path(sys.executable).parent


@dataclass
class Product:
    """A running product; `address` is where browsers and clients find it."""

    address: str
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def command(self, *words: str) -> str:
        """Run `flask --app wsgi …` beside it, with its settings; returns what it printed."""
        return run_command(self.environment, *words)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it with all its workers; `SIGKILL` as a crash would."""
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            return
        self.process.wait(30)

    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "server.log").read_text(errors="replace")


def run_command(environment: dict[str, str], *words: str) -> str:
    """Run `flask --app wsgi …` to its end. Raises AssertionError with its output on failure."""
    command = [str(PROGRAMS / "flask"), "--app", "wsgi", *words]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(words)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def environment_of(folder: Path, **settings: str) -> dict[str, str]:
    """What a product's own processes find in their environment; an empty setting is left out."""
    given = {"instance": str(folder), **settings}
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("MARKETPLACE_")},
        **{f"MARKETPLACE_{name.upper()}": value for name, value in given.items() if value},
    }


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def start_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Product]]:
    """Starts products, and stops them at the end of the run.

    `start_product(database_url="", workers=0, copy_of=None, **settings)`: `database_url` is a
    database with its tables, or "" where `copy_of` is the folder of an embedded product, which is
    copied; `workers` serves it with that many gunicorn workers instead of waitress; further
    settings by their names, `demonstration="true"` for one.
    """
    started: list[Product] = []

    def start(
        database_url: str = "", workers: int = 0, copy_of: Path | None = None, **settings: str
    ) -> Product:
        folder = tmp_path_factory.mktemp("product")
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        if copy_of:
            shutil.copytree(copy_of, folder, dirs_exist_ok=True)
        environment = environment_of(
            folder, **{"address": address, "database_url": database_url, **settings}
        )
        product = Product(address, folder, environment, _launch(environment, folder, port, workers))
        started.append(product)
        _wait_until_ready(product)
        return product

    yield start
    for product in started:
        product.stop(signal.SIGKILL)


def _launch(
    environment: dict[str, str], folder: Path, port: int, workers: int
) -> subprocess.Popen[bytes]:
    if workers:
        command = [PROGRAMS / "gunicorn", "--workers", workers, "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-tmp-dir", folder, "--no-control-socket", "wsgi:app"]
    else:
        command = [PROGRAMS / "flask", "--app", "wsgi", "serve", "--port", port]
    with open(folder / "server.log", "ab") as log:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(product: Product) -> None:
    limit = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < limit:
        if product.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{product.address}/health/ready", timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    product.stop(signal.SIGKILL)
    raise AssertionError(f"The product did not become ready:\n{product.log()}")
