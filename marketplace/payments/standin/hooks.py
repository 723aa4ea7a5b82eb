"""Events, who listens to them, and the signed letters that are sent until they are taken."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from marketplace.jobs import pause_after
from marketplace.payments.standin import faults
from marketplace.payments.standin.shapes import shape
from marketplace.payments.standin.store import Books, Store, Thing, now

ANSWER_WITHIN_SECONDS = 10
LEASE_SECONDS = 30
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=1)
# As long as Stripe itself goes on: three days.
GIVE_UP_SECONDS = 3 * 86400
BATCH = 50

# Sends a signed body to an address: the status of the answer, 0 where none came.
Post = Callable[[str, bytes, dict[str, str]], int]


def emit(books: Books, merchant: str, account: str, kind: str, body: Thing, key: str = "") -> Thing:
    """Write an event down, with a letter to each endpoint that wants it."""
    event = shape(
        "event",
        api_version=_version(),
        created=now(),
        data={"object": body},
        type=kind,
        request={"id": None, "idempotency_key": key or None},
    )
    if account:
        event["account"] = account
    wanted = [row for row in _endpoints(books, merchant) if _hears(books, row, account, kind)]
    event["pending_webhooks"] = len(wanted)
    books.add(merchant, account, event)
    for endpoint in wanted:
        _write_letters(books, event, endpoint["id"], merchant)
    return event


def _version() -> str:
    import stripe

    return stripe.api_version


def _endpoints(books: Books, merchant: str) -> list[sqlite3.Row]:
    return books.rows("SELECT * FROM endpoint WHERE merchant = ?", merchant)


def _hears(books: Books, endpoint: sqlite3.Row, account: str, kind: str) -> bool:
    told = books.get(endpoint["merchant"], "", "webhook_endpoint", endpoint["id"])
    if told is None or told["status"] != "enabled":
        return False
    if endpoint["hears"] == ("own" if account else "connected"):
        return False
    return "*" in told["enabled_events"] or kind in told["enabled_events"]


def _write_letters(books: Books, event: Thing, endpoint: str, merchant: str) -> None:
    fault = faults.take(books, merchant, event["type"], faults.OF_HOOKS)
    due, behind = time.time(), 0
    if fault and fault.kind == faults.Kind.HOOK_LATE:
        due += fault.seconds
    if fault and fault.kind == faults.Kind.HOOK_REORDERED:
        due, behind = due + fault.seconds, 1
    for _time in range(2 if fault and fault.kind == faults.Kind.HOOK_DOUBLED else 1):
        books.rows(
            "INSERT INTO delivery (event, endpoint, due, behind) VALUES (?, ?, ?, ?)",
            *(event["id"], endpoint, due, behind),
        )


def add_endpoint(
    books: Books,
    merchant: str,
    url: str,
    *,
    kinds: list[str] | None = None,
    secret: str = "",
    hears: str = "both",
    description: str | None = None,
) -> tuple[Thing, str]:
    """Have events told to an address; gives the endpoint and its signing secret.

    `hears` is "own", "connected", or "both": Stripe itself needs two endpoints for both.
    """
    secret = secret or f"whsec_{secrets.token_hex(16)}"
    body = shape(
        "webhook_endpoint",
        created=now(),
        description=description,
        enabled_events=kinds or ["*"],
        status="enabled",
        url=url,
    )
    books.add(merchant, "", body)
    books.rows("INSERT INTO endpoint VALUES (?, ?, ?, ?)", body["id"], merchant, secret, hears)
    return body, secret


def deliver_due(store: Store, post: Post, moment: float | None = None) -> int:
    """Send every letter that is due by `moment` (technical seconds, now if None); how many."""
    sent = 0
    moment = time.time() if moment is None else moment
    for letter in _claim(store, moment):
        sent += 1
        _deliver(store, post, letter, moment)
    return sent


def _claim(store: Store, moment: float) -> list[dict[str, Any]]:
    with store.write() as books:
        due = books.rows(
            "SELECT d.id, d.event, d.attempts, d.endpoint, e.secret, t.body AS event_body, "
            "w.body AS endpoint_body FROM delivery d JOIN endpoint e ON e.id = d.endpoint "
            "JOIN thing t ON t.id = d.event JOIN thing w ON w.id = d.endpoint "
            "WHERE d.done IS NULL AND d.due <= ? AND d.leased <= ? ORDER BY d.due, d.id LIMIT ?",
            *(moment, moment, BATCH),
        )
        for letter in due:
            books.rows(
                "UPDATE delivery SET leased = ? WHERE id = ?",
                *(time.time() + LEASE_SECONDS, letter["id"]),
            )
        return [dict(letter) for letter in due]


def _deliver(store: Store, post: Post, letter: dict[str, Any], moment: float) -> None:
    url = json.loads(letter["endpoint_body"])["url"]
    status = post(
        url, letter["event_body"].encode(), signed(letter["event_body"], letter["secret"])
    )
    with store.write() as books:
        if 200 <= status < 300:
            books.rows(
                "UPDATE delivery SET done = ?, attempts = attempts + 1, answer = ? WHERE id = ?",
                *(time.time(), str(status), letter["id"]),
            )
            # What was held back comes right behind the one that overtook it.
            books.rows(
                "UPDATE delivery SET behind = 0, due = ? WHERE endpoint = ? AND behind = 1 "
                "AND id < ?",
                *(time.time(), letter["endpoint"], letter["id"]),
            )
        else:
            _try_again(books, letter, status, moment)


def _try_again(books: Books, letter: dict[str, Any], status: int, moment: float) -> None:
    wait = pause_after(letter["attempts"] + 1, FIRST_WAIT, LONGEST_WAIT).total_seconds()
    created = json.loads(letter["event_body"])["created"]
    over = time.time() - created > GIVE_UP_SECONDS
    books.rows(
        "UPDATE delivery SET attempts = attempts + 1, due = ?, leased = 0, done = ?, answer = ? "
        "WHERE id = ?",
        *(moment + wait, time.time() if over else None, str(status or "none"), letter["id"]),
    )


def signed(body: str, secret: str, moment: int | None = None) -> dict[str, str]:
    """The headers of a letter, signed as the library verifies it."""
    from stripe import WebhookSignature

    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (stand-in)",
        "Stripe-Signature": WebhookSignature.generate_signature_header(body, secret, moment),
    }


def post_with_requests(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Over the network."""
    import requests

    try:
        return requests.post(
            url, data=body, headers=headers, timeout=ANSWER_WITHIN_SECONDS, allow_redirects=False
        ).status_code
    except requests.RequestException:
        return 0
