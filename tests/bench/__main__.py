"""`make bench`: measure everything in one run and print the table with its verdicts."""

from __future__ import annotations

import argparse
import logging
import os
import platform
import tempfile
from pathlib import Path

from tests.bench import directory, lists, lists_at_scale, month_close, places, rush, sending
from tests.bench.report import Line, as_table
from tests.support import postgres
from tests.support.databases import PostgresDatabases, SqliteDatabases

# Parts that can be run by themselves.
ALONE = {
    "rush": rush.lines,
    "lists-at-scale": lists_at_scale.lines,
    "places": places.lines,
    "month-close": month_close.lines,
}


def main() -> None:
    """Measure (a) to (h); `docs/performance.md` says what each is."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run, for trying it out")
    parser.add_argument("--only", choices=list(ALONE), help="only this part")
    asked = parser.parse_args()
    logging.disable(logging.INFO)
    print(machine(), flush=True)
    server = postgres.start(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="df-bench-") as place:
            lines = measure(server, Path(place), asked.quick, asked.only)
    finally:
        server.remove()
    print(as_table(lines))


def measure(
    server: postgres.Server, folder: Path, quick: bool, only: str | None = None
) -> list[Line]:
    """Every line of the table, in the issues' order."""
    on_postgres, on_sqlite = PostgresDatabases(server, folder), SqliteDatabases(folder, folder)
    on_postgres.prepare()
    if only is not None:
        return ALONE[only](on_postgres, folder, quick)
    on_sqlite.prepare()
    sendings, on_files = sending.lines(server, on_postgres, on_sqlite, folder, quick)
    listed = directory.lines(on_postgres, folder, quick)
    equal = lists.lines(on_postgres.prepared("lists"), folder)
    rushed = rush.lines(on_postgres, folder, quick)
    crowded = lists_at_scale.lines(on_postgres, folder, quick)
    closed = month_close.lines(on_postgres, folder, quick)
    return [*sendings, *listed, *equal, *on_files, *rushed, *crowded, *closed]


def machine() -> str:
    """Processor, how many, system and Python: what the figures were had on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {model}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load before the run {busy:.1f}"
    )


if __name__ == "__main__":
    main()
