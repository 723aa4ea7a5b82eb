"""What the stand-in remembers: one SQLite file, committed before anything is answered."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from marketplace.payments.standin.shapes import PREFIXES

Thing = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS merchant (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_key TEXT NOT NULL UNIQUE,
    settle_seconds REAL, takes_fees INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS thing (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    merchant TEXT NOT NULL, account TEXT NOT NULL, body TEXT NOT NULL, due REAL);
CREATE INDEX IF NOT EXISTS thing_listed ON thing (merchant, account, kind, seq);
CREATE INDEX IF NOT EXISTS thing_group
    ON thing (merchant, kind, json_extract(body, '$.transfer_group'));
CREATE INDEX IF NOT EXISTS thing_due ON thing (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS idempotency (
    merchant TEXT NOT NULL, account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
    started REAL NOT NULL, status INTEGER, body TEXT, PRIMARY KEY (merchant, account, key));
CREATE TABLE IF NOT EXISTS endpoint (
    id TEXT PRIMARY KEY, merchant TEXT NOT NULL, secret TEXT NOT NULL, hears TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL,
    due REAL NOT NULL, leased REAL NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    behind INTEGER NOT NULL DEFAULT 0, done REAL, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (done, due);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, matching TEXT NOT NULL,
    merchant TEXT NOT NULL, seconds REAL NOT NULL, skip INTEGER NOT NULL, times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS asked (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, merchant TEXT NOT NULL,
    account TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, key TEXT NOT NULL,
    status INTEGER NOT NULL, fault TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS form_secret (id INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS link (
    token TEXT PRIMARY KEY, merchant TEXT NOT NULL, account TEXT NOT NULL, return_url TEXT NOT NULL,
    refresh_url TEXT NOT NULL, expires REAL NOT NULL, used REAL);
"""


@dataclass(frozen=True)
class Merchant:
    """One Stripe account with its own key: what the product calls a body's account."""

    id: str
    name: str
    secret_key: str
    # Seconds until money on its way arrives by itself; None: only when it is told to.
    settle_seconds: float | None
    takes_fees: bool


class Store:
    """The file; every request and every test opens its own connection to it."""

    def __init__(self, path: Path):
        self.path = path

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection in autocommit; closed at the end."""
        opened = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        opened.row_factory = sqlite3.Row
        try:
            # Enough for the death of the process; the death of the machine ends a test anyway.
            opened.execute("PRAGMA synchronous = NORMAL")
            yield opened
        finally:
            opened.close()

    @cached_property
    def kept_open(self) -> sqlite3.Connection:
        """Make the tables where they are missing; stays open, as closing the last one is slow."""
        opened = sqlite3.connect(
            self.path, timeout=30, isolation_level=None, check_same_thread=False
        )
        opened.execute("PRAGMA journal_mode = WAL")
        opened.executescript(SCHEMA)
        return opened

    @contextmanager
    def write(self) -> Iterator[Books]:
        """One transaction: one writer at a time, all of it or nothing."""
        assert self.kept_open
        with self.connection() as opened:
            opened.execute("BEGIN IMMEDIATE")
            try:
                yield Books(opened)
            except BaseException:
                opened.execute("ROLLBACK")
                raise
            opened.execute("COMMIT")

    @contextmanager
    def read(self) -> Iterator[Books]:
        """One consistent look."""
        assert self.kept_open
        with self.connection() as opened:
            opened.execute("BEGIN")
            yield Books(opened)


class Books:
    """All things of all merchants, within one transaction. An account of '' is the merchant's."""

    def __init__(self, connection: sqlite3.Connection):
        self.connection = connection

    def form_secret(self) -> str:
        """What the stand-in's own pages sign their forms with: the same in every process."""
        self.rows("INSERT OR IGNORE INTO form_secret VALUES (1, ?)", secrets.token_hex(16))
        return self.rows("SELECT value FROM form_secret")[0]["value"]

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """What a statement gives."""
        return self.connection.execute(statement, values).fetchall()

    def merchants(self) -> list[Merchant]:
        """All of them, by name."""
        return [_merchant(row) for row in self.rows("SELECT * FROM merchant ORDER BY name, id")]

    def merchant_of_key(self, secret_key: str) -> Merchant | None:
        """Whose key it is."""
        found = self.rows("SELECT * FROM merchant WHERE secret_key = ?", secret_key)
        return _merchant(found[0]) if found else None

    def merchant(self, merchant_id: str) -> Merchant:
        """One that is known to be there."""
        return _merchant(self.rows("SELECT * FROM merchant WHERE id = ?", merchant_id)[0])

    def add_merchant(
        self,
        name: str,
        secret_key: str = "",
        settle_seconds: float | None = None,
        takes_fees: bool = True,
    ) -> Merchant:
        """A new Stripe account; the key is made where none is given."""
        made = Merchant(
            f"acct_{secrets.token_hex(8)}",
            name,
            secret_key or f"sk_test_{secrets.token_hex(16)}",
            settle_seconds,
            takes_fees,
        )
        self.rows(
            "INSERT INTO merchant VALUES (?, ?, ?, ?, ?)",
            *(made.id, made.name, made.secret_key, made.settle_seconds, made.takes_fees),
        )
        return made

    def add(self, merchant: str, account: str, body: Thing, due: float | None = None) -> Thing:
        """Keep a new thing; one without an id gets one."""
        kind = body["object"]
        if not body.get("id"):
            body["id"] = f"{PREFIXES[kind]}_{secrets.token_hex(12)}"
        self.rows(
            "INSERT INTO thing (id, kind, merchant, account, body, due) VALUES (?, ?, ?, ?, ?, ?)",
            *(body["id"], kind, merchant, account, json.dumps(body), due),
        )
        return body

    def save(self, body: Thing) -> Thing:
        """Keep what a thing has become."""
        self.rows("UPDATE thing SET body = ? WHERE id = ?", json.dumps(body), body["id"])
        return body

    def wait(self, thing_id: str, due: float | None) -> None:
        """When something happens to it next by itself; None: never."""
        self.rows("UPDATE thing SET due = ? WHERE id = ?", due, thing_id)

    def remove(self, thing_id: str) -> None:
        """Forget it."""
        self.rows("DELETE FROM thing WHERE id = ?", thing_id)

    def get(self, merchant: str, account: str, kind: str, thing_id: str) -> Thing | None:
        """One thing of this merchant and account."""
        found = self.rows(
            "SELECT body FROM thing WHERE id = ? AND kind = ? AND merchant = ? AND account = ?",
            *(thing_id, kind, merchant, account),
        )
        return json.loads(found[0]["body"]) if found else None

    def find(self, merchant: str, account: str, kind: str, **equal: object) -> list[Thing]:
        """Every thing of a kind, newest first, whose fields are equal to those given."""
        conditions = "".join(f" AND json_extract(body, '$.{field}') = ?" for field in equal)
        found = self.rows(
            "SELECT body FROM thing WHERE merchant = ? AND account = ? AND kind = ?"
            f"{conditions} ORDER BY seq DESC",
            *(merchant, account, kind, *equal.values()),
        )
        return [json.loads(row["body"]) for row in found]

    def balance(self, merchant: str, account: str, status: str) -> int:
        """Pence that are "available" or "pending": the sum of the balance transactions."""
        return self.rows(
            "SELECT coalesce(sum(json_extract(body, '$.net')), 0) AS pence FROM thing "
            "WHERE merchant = ? AND account = ? AND kind = 'balance_transaction' "
            "AND json_extract(body, '$.status') = ?",
            *(merchant, account, status),
        )[0]["pence"]


def _merchant(row: sqlite3.Row) -> Merchant:
    return Merchant(
        row["id"], row["name"], row["secret_key"], row["settle_seconds"], bool(row["takes_fees"])
    )


def now() -> int:
    """The real clock, in whole seconds as Stripe counts."""
    return int(time.time())
