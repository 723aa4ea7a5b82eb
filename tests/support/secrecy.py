"""Searching pages, mails, log lines and a whole database for what must not stand in them."""

from __future__ import annotations

import base64
import gzip
import io
import json
import logging
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.engine import Connection

LONGEST_UNPACKED = 20_000_000
LEAST_OPAQUE = 8
A_HASH = re.compile(r"[0-9a-f]{40,}")
AN_ID = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])"
)
# What everybody reads, or what many things belong to: nothing is tied to a bid by leading to one
# of these rows. Whether such a row says something of a bid is asked of the row itself.
HUBS = re.compile(
    r"lot|lot_(?!why|key|follow).*|organisation.*|person|region|area.*|audit_head|market_policy.*|"
    r"question.*|service.*|category.*|fund.*|alembic_version"
)


def forms_of(what: str | UUID) -> list[bytes]:
    """The bytes by which a text or id could stand somewhere: as it is, or in base 64."""
    if isinstance(what, UUID):
        plain = [str(what).encode(), what.hex.encode(), what.bytes]
    else:
        plain = [what.encode()]
    return [*plain, *(coded for each in plain for coded in _in_base64(each))]


def _in_base64(data: bytes) -> Iterator[bytes]:
    """At each of the three offsets, without the letters that depend on the neighbours."""
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + data).decode().rstrip("=")
        start = (0, 2, 3)[offset]
        whole = len(coded) if (offset + len(data)) % 3 == 0 else len(coded) - 1
        for text in {coded[start:whole], coded[start:whole].translate(str.maketrans("+/", "-_"))}:
            yield text.encode()


class Search:
    """Finds any of these texts and ids, by their names."""

    def __init__(self, wanted: dict[str, str | UUID]):
        self.names: dict[bytes, str] = {}
        for name, what in wanted.items():
            for form in forms_of(what):
                self.names[form] = name
        longest_first = sorted(self.names, key=len, reverse=True)
        self.pattern = re.compile(b"|".join(map(re.escape, longest_first)))

    def in_bytes(self, data: bytes) -> set[str]:
        """Which of them stand in these bytes, unpacked where they are an archive."""
        return {
            self.names[match] for part in unpacked(data) for match in self.pattern.findall(part)
        }

    def in_texts(self, texts: Iterable[str]) -> set[str]:
        """Which of them stand in any of these texts."""
        return self.in_bytes("\n".join(texts).encode())


def unpacked(data: bytes) -> Iterator[bytes]:
    """The bytes, and what is inside where they are gzip, zlib or a zip archive (Word too)."""
    yield data
    if data[:2] == b"\x1f\x8b" or data[:1] == b"\x78":
        try:
            inner = zlib.decompressobj(wbits=47).decompress(data, LONGEST_UNPACKED)
        except (zlib.error, gzip.BadGzipFile):
            return
        yield inner
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name))


@dataclass
class StoredRow:
    """One row as the database holds it. `ids` are all ids that stand in it, its own too."""

    table: str
    values: dict[str, Any]
    written_by: str = ""
    ids: set[UUID] = field(default_factory=set)
    data: bytes = b""

    @property
    def own_id(self) -> UUID | None:
        """The row's own id, where it has one."""
        found = AN_ID.fullmatch(_text(self.values.get("id")))
        return UUID(found.group()) if found else None

    @property
    def is_hub(self) -> bool:
        return HUBS.fullmatch(self.table) is not None


def every_row(connection: Connection) -> list[StoredRow]:
    """Every row of every table that the database has, in the raw; on PostgreSQL with its writer."""
    on_postgres = connection.dialect.name == "postgresql"
    writer = "xmin::text AS written_by, " if on_postgres else ""
    found = []
    for table in inspect(connection).get_table_names():
        answer = connection.exec_driver_sql(f'SELECT {writer}t.* FROM "{table}" t')
        for row in answer.mappings():
            values = dict(row)
            found.append(_stored(table, values, values.pop("written_by", "")))
    return found


def _stored(table: str, values: dict[str, Any], written_by: str) -> StoredRow:
    parts = [part for value in values.values() for part in _bytes_of(value)]
    texts = " ".join(_text(value) for value in values.values())
    ids = {UUID(each) for each in AN_ID.findall(texts)}
    return StoredRow(table, values, written_by, ids, b"\0".join(parts))


def _bytes_of(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes | memoryview):
        yield from unpacked(bytes(value))
    else:
        yield _text(value).encode()
        if isinstance(value, UUID):
            yield value.bytes


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, default=str)
    return value.hex if isinstance(value, UUID) else str(value)


def tied_to(rows: list[StoredRow], ids: Iterable[UUID]) -> list[StoredRow]:
    """The rows that lead to one of these things, or that one of those leads to, however far.

    The way never goes through what everybody shares.
    """
    shared = {row.own_id for row in rows if row.is_hub}
    known, left, tied = set(ids), list(rows), []
    while True:
        met = [row for row in left if row.ids & known]
        if not met:
            return tied
        left = [row for row in left if not row.ids & known]
        tied += met
        for row in met:
            if not row.is_hub:
                known |= row.ids - shared


def opaque_values(rows: Iterable[StoredRow]) -> set[Any]:
    """Every id, hash and ciphertext of these rows: two rows that share one are tied by it."""
    found: set[Any] = set().union(*(row.ids for row in rows))
    for row in rows:
        for value in row.values.values():
            if isinstance(value, bytes | memoryview) and len(value) >= LEAST_OPAQUE:
                found.add(bytes(value))
            elif isinstance(value, str) and A_HASH.fullmatch(value):
                found.add(value)
    return found


class LogLines(logging.Handler):
    """Keeps every log line with all its fields, as any handler could write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__}")
