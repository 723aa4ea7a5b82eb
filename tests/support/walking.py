"""Asking every endpoint as anybody, each request undone afterwards, and proving what it changed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from flask.wrappers import Response
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from werkzeug.routing import Rule

from marketplace.database import db
from tests.support.isolation import CHANGING
from tests.support.world import VISITOR, World

# What a GET may write: the three observations, and how often something was tried.
OBSERVED = {"reading", "empty_search", "throttle"}
OBSERVED_COLUMNS = {"sign_in_session": {"last_seen_at"}}
MOST_REDIRECTS = 3
A_FEW = ("bid manager", "director", "author", "administrator")
CSRF = "a token of this walk"


def contents(connection: Connection) -> dict[str, str]:
    """A hash of every table's rows as they are stored, observations left out."""
    return {
        name: _rows_hash(connection, name, list(table.columns.keys()))
        for name, table in db.metadata.tables.items()
        if name not in OBSERVED
    }


def _rows_hash(connection: Connection, name: str, columns: list[str]) -> str:
    kept = [f'"{each}"' for each in columns if each not in OBSERVED_COLUMNS.get(name, ())]
    rows = connection.execute(text(f'SELECT {", ".join(kept)} FROM "{name}"'))
    lines = sorted(repr(tuple(row)) for row in rows)
    return f"{len(lines)} rows {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"


def changed_tables(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables whose rows differ."""
    return {name for name in before if before[name] != after[name]}


class Walker:
    """Sends requests as anybody of the world; each is answered, judged and undone."""

    def __init__(self, world: World, connection: Connection):
        self.world = world
        self.connection = connection
        self.before = contents(connection)
        self.rules = rules_of(world)
        self.client = FlaskClient(world.app, Response, use_cookies=False)

    def address(self, endpoint: str, method: str, thing: str | None) -> str:
        """The path of an endpoint for a thing. Raises LookupError where an argument is missing."""
        rule = self.rules[endpoint, method]
        known = self.world.things[thing] if thing else {}
        missing = rule.arguments - known.keys()
        if missing:
            raise LookupError(f"{endpoint} needs {missing}, which {thing!r} does not give")
        values = {name: known[name] for name in rule.arguments}
        return self.world.app.url_map.bind("localhost").build(endpoint, values, method)

    def readers(self, row: Any) -> list[str]:
        """Who to look at a row's page as: all who may, or a few of each side where all may."""
        if row.expected(VISITOR) == "yes":
            return [VISITOR, *A_FEW]
        if all(row.expected(who) == "yes" for who in A_FEW):
            return list(A_FEW)
        return [who for who in self.world.people if row.expected(who) == "yes"]

    def ask(self, who: str, method: str, path: str, form: Any = None) -> Response:
        """The last answer to this request, redirects of a GET followed."""
        headers = {"Cookie": cookie_of(self.world, who)}
        data = {**(form or {}), "csrf_token": _csrf_token(self.world)}
        answer = self._send(method, path, headers, None if method == "GET" else data)
        for _redirect in range(MOST_REDIRECTS):
            if method != "GET" or not answer.location or judged(answer, who) != "yes":
                break
            answer = self._send("GET", answer.location, headers, None)
        return answer

    def _send(self, method: str, path: str, headers: Any, data: Any) -> Any:
        return Context().run(
            self.client.open, path, method=method, headers=headers, data=data, buffered=True
        )

    @contextmanager
    def undone(self) -> Iterator[list[str]]:
        """Undo the body's changes; yields the statements that changed something, as they come."""
        sent: list[str] = []

        def before(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith(CHANGING):
                sent.append(statement)

        event.listen(self.connection, "before_cursor_execute", before)
        savepoint = self.connection.begin_nested()
        try:
            yield sent
        finally:
            event.remove(self.connection, "before_cursor_execute", before)
            savepoint.rollback()

    def changes(self, sent: list[str]) -> set[str]:
        """The tables that differ from the world as built; only asked where anything was sent."""
        return changed_tables(self.before, contents(self.connection)) if sent else set()


@contextmanager
def without_pages() -> Iterator[None]:
    """Leave templates out: who may is decided before, and other tests look at the pages."""
    requests_log = logging.getLogger("marketplace.requests")
    with patch("flask.templating._render", lambda *_args: ""):
        requests_log.disabled = True
        yield
    requests_log.disabled = False


def rules_of(world: World) -> dict[tuple[str, str], Rule]:
    """Each endpoint's rule by endpoint and method; static files left out."""
    return {
        (rule.endpoint, method): rule
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def judged(answer: Response, who: str) -> str:
    """What an answer amounts to: yes, no, hidden, sign in, step up, or bad."""
    refused = {400: "bad", 401: "sign in", 403: "no", 404: "hidden", 405: "bad"}
    if answer.status_code in refused:
        return refused[answer.status_code]
    to = urlsplit(answer.location or "")
    if to.path == "/sign-in" and (who == VISITOR or "next=" in to.query):
        return "sign in"
    if to.path in ("/confirm", "/sign-in/second-factor"):
        return "step up"
    return "bad" if answer.status_code >= 500 else "yes"


def cookie_of(world: World, who: str) -> str:
    """The session cookie of this person's browser, with the walk's form token in it."""
    app = world.app
    held = {"csrf_token": CSRF}
    if who != VISITOR:
        held["_user_id"] = world.tokens[who]
    signer = app.session_interface.get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held)}"


def _csrf_token(world: World) -> str:
    return URLSafeTimedSerializer(world.app.secret_key, salt="wtf-csrf-token").dumps(CSRF)
