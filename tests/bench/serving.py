"""Servers to be measured: gunicorn on a free port, as an operator runs it."""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.apps import SECRET_KEY
from tests.support.server import PROGRAMS, PROJECT, READY_WITHIN_SECONDS, Product, free_port

PRODUCT = "wsgi:app"
MINIMAL = "tests.bench.minimal:app"


@contextmanager
def served(
    module: str, folder: Path, workers: int, database_url: str, name: str
) -> Iterator[Product]:
    """The product or the minimal handler on this database, stopped at the end."""
    port = free_port()
    place = folder / name
    place.mkdir()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("MARKETPLACE_")},
        "MARKETPLACE_INSTANCE": str(folder),
        "MARKETPLACE_SECRET_KEY": SECRET_KEY,
        "MARKETPLACE_DATABASE_URL": database_url,
        "MINIMAL_DATABASE_URL": database_url,
    }
    command = [str(PROGRAMS / "gunicorn"), "--workers", str(workers)]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", str(place)]
    command += ["--no-control-socket", module]
    with open(place / "server.log", "ab") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    product = Product(f"http://127.0.0.1:{port}", place, environment, process)
    try:
        _wait(product)
        yield product
    finally:
        product.stop()


def _wait(product: Product) -> None:
    ready = urllib.request.Request(f"{product.address}/health/ready")
    for _try in range(READY_WITHIN_SECONDS * 10):
        try:
            with urllib.request.urlopen(ready, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if product.process.poll() is not None:
                break
            try:
                product.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
    raise AssertionError(f"not ready:\n{product.log()}")
