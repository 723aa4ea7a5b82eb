"""Every document that the journey of a decision makes, for docs/examples.

`python -m tests.journeys.examples` walks the journey and writes them anew. Identifiers, hashes and
the minutes of the walk differ each time; here they are masked, so that a comparison finds the rest.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from unittest.mock import patch

from docx import Document
from docx.table import Table
from flask import Flask
from sqlalchemy import select

from lots.market.load import DAY_ONE, load_awards
from lots.notices.models import Notice
from lots.releases.models import Process
from lots.vocabulary import Route
from marketplace import fresh
from marketplace.database import db, write
from tests.journeys import awarding, judging, living
from tests.journeys.deciding_scene import BEGINNING, Scene, set_up
from tests.support import apps
from tests.support.bids import decided_competition

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
STEPS = (*judging.STEPS, *awarding.STEPS, *living.STEPS)
FILES = {
    "360giving.json": "/open-data/360giving.json",
    "360giving.csv": "/open-data/360giving.csv",
    "awards.csv": "/open-data/awards.csv",
    "register.csv": "/open-data/register.csv",
    "market.csv": "/open-data/market.csv",
}
SHARED = "shares this place"
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HASH = re.compile(r"\b[0-9a-f]{64}\b")
# Every step begins on the hour, and the walk takes less than one.
MOMENT = re.compile(r"T(\d\d):\d\d:\d\d(\.\d+)?(Z|\+00:00)")
MINUTE = re.compile(r"\b(\d\d):[0-5]\d\b(?!:)")


def walk(app: Flask) -> Scene:
    """The whole journey, and a grant beside it; references are drawn the same each time."""
    with patch.object(fresh, "secrets", Random(5)):
        scene = set_up(app)
        with write():
            load_awards(DAY_ONE)
        for step in STEPS:
            step(scene)
            db.session.remove()
        decided_competition(
            route=Route.GRANT,
            title="Gardens behind the women’s centre",
            buyer=scene.people["officer"][1],
            bidders=[scene.people[name][1] for name in ("Oak and Ash", "Maple Row")],
            value_net_pence=45_000_00,
            value_gross_pence=45_000_00,
            prices=(1_200_00, 1_250_00),
        )
    return scene


def documents(scene: Scene) -> dict[str, str]:
    """By name of the file: what the journey kept, its notices and its open data, masked."""
    found = {name: _text(name, content) for name, content in scene.documents.items()}
    found["notices.json"] = _json(_notices())
    public = scene.app.test_client()
    for name, path in FILES.items():
        found[name] = public.get(path).get_data(as_text=True).replace("\r\n", "\n")
    found["360giving.json"] = _json(json.loads(found["360giving.json"]))
    for name, path in _processes():
        found[name] = _json(public.get(path).json)
    return _masked(found)


def _notices() -> list[dict[str, object]]:
    posted = db.session.scalars(
        select(Notice).where(Notice.posted_at >= BEGINNING).order_by(Notice.posted_at, Notice.kind)
    )
    return [
        {
            "kind": each.kind,
            "regime": each.regime,
            "is_procurement": each.is_procurement,
            "state": each.state,
            "facts": each.facts,
        }
        for each in posted
    ]


def _processes() -> Iterator[tuple[str, str]]:
    """Releases and record of the competition."""
    ocid = db.session.scalars(select(Process.ocid).where(Process.kind == "competition")).one()
    yield "ocds-releases.json", f"/open-data/ocds/releases/{ocid}.json"
    yield "ocds-record.json", f"/open-data/ocds/records/{ocid}.json"


def _json(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _text(name: str, content: bytes) -> str:
    """A Word document as its lines of text, a table's row in one line; others as they are."""
    if not name.endswith(".docx"):
        return content.decode().replace("\r\n", "\n")
    lines = []
    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            rows = [" | ".join(cell.text for cell in row.cells) for row in block.rows]
            lines += _settled(rows)
        else:
            lines.append(block.text)
    return "\n".join(lines) + "\n"


def _settled(rows: list[str]) -> list[str]:
    """Rows of bidders that share a place, which stand in no order, by their names."""
    alike = sorted(row for row in rows if SHARED in row)
    return [alike.pop(0) if SHARED in row else row for row in rows]


def _masked(found: dict[str, str]) -> dict[str, str]:
    identifiers: dict[str, str] = {}
    hashes: dict[str, str] = {}

    def identifier(match: re.Match[str]) -> str:
        number = len(identifiers) + 1
        return identifiers.setdefault(match[0], f"00000000-0000-0000-0000-{number:012}")

    def hashed(match: re.Match[str]) -> str:
        return hashes.setdefault(match[0], f"{len(hashes) + 1:064}")

    masked = {}
    for name in sorted(found):
        text = IDENTIFIER.sub(identifier, found[name])
        text = HASH.sub(hashed, text)
        text = MINUTE.sub(r"\1:00", MOMENT.sub(r"T\1:00:00.000Z", text))
        masked[f"{name}.txt" if name.endswith(".docx") else name] = text
    return masked


def main() -> None:
    """Walk on a database of its own and write docs/examples."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/examples.db"
        apps.prepare(url, Path(folder))
        app = apps.make_app(url, Path(folder))
        with app.app_context():
            made = documents(walk(app))
    EXAMPLES.mkdir(exist_ok=True)
    for old in EXAMPLES.iterdir():
        if old.name != "README.md" and old.name not in made:
            old.unlink()
    for name, text in made.items():
        (EXAMPLES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
