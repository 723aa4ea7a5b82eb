"""A request from key to answer: whose it is, what goes wrong on demand, and once per key."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Request, Response

from marketplace.payments.standin import faults, forms
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused, in_use, other_parameters
from marketplace.payments.standin.expanding import expanded
from marketplace.payments.standin.faults import Kind
from marketplace.payments.standin.routes import ROUTES, Route
from marketplace.payments.standin.store import Books, Merchant, Store, Thing

# A request that has not ended by then died with its process, having done nothing.
DEAD_AFTER_SECONDS = 60
LONGEST_KEY = 255
log = logging.getLogger(__name__)
BROKEN = {
    "error": {
        "message": "An unknown error occurred (the stand-in was asked for one).",
        "type": "api_error",
    }
}


@dataclass(frozen=True)
class Answer:
    """A status, a body, and whether it was answered before under the same key."""

    status: int
    body: Thing
    replayed: bool = False


@dataclass(frozen=True)
class Asked:
    """A request that is understood, but not yet worked on."""

    merchant: Merchant
    account: str
    route: Route
    ids: tuple[str, ...]
    path: str
    params: Thing
    key: str
    address: str

    @property
    def fingerprint(self) -> str:
        """The same for the same request only."""
        said = json.dumps([self.route.verb, self.path, self.params], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def run(self, books: Books) -> Thing:
        """Do what is asked. Raises Refused."""
        call = Call(
            *(books, self.merchant, self.account, self.path, self.params, self.key, self.address)
        )
        return expanded(call, self.route.handler(call, *self.ids))


def answer(store: Store, request: Request, address: str) -> Response:
    """Answer one request to the API."""
    try:
        asked = _understand(store, request, address)
    except Refused as refusal:
        return _response(Answer(refusal.status, refusal.body), "", None)
    with store.write() as books:
        what = f"{asked.route.verb} {asked.path}"
        fault = faults.take(books, asked.merchant.id, what, faults.OF_REQUESTS)
    try:
        given = _refuse_on_demand(fault, asked) or _work(store, asked, fault)
    except Exception:
        log.exception("the payment stand-in failed")
        given = Answer(500, BROKEN)
    with store.write() as books:
        books.rows(
            "INSERT INTO asked (at, merchant, account, method, path, key, status, fault) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(time.time(), asked.merchant.id, asked.account, asked.route.verb, asked.path),
            *(asked.key, given.status, fault.kind if fault else ""),
        )
    if fault and fault.kind == Kind.ANSWERED_LATE:
        time.sleep(fault.seconds)
    return _response(given, asked.key, fault)


def _understand(store: Store, request: Request, address: str) -> Asked:
    with store.read() as books:
        merchant = _merchant(books, request)
        account = request.headers.get("Stripe-Account", "")
        if account == merchant.id:
            account = ""
        if account and books.get(merchant.id, "", "account", account) is None:
            raise Refused(
                f"The provided key does not have access to account '{account[:60]}' (or that "
                "account does not exist). Application access may have been revoked.",
                "account_invalid",
                status=403,
            )
    for route in ROUTES:
        ids = route.match(request.method, request.path)
        if ids is not None:
            break
    else:
        raise Refused(
            f"Unrecognized request URL ({request.method}: {request.path[:80]}). The stand-in "
            "answers only a part of the API.",
            status=404,
        )
    key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
    if len(key) > LONGEST_KEY:
        raise Refused("Idempotency keys have up to 255 characters.", kind="idempotency_error")
    given = request.form if request.method == "POST" else request.args
    params = forms.nested(list(given.items(multi=True)))
    return Asked(merchant, account, route, ids, request.path, params, key, address)


def _merchant(books: Books, request: Request) -> Merchant:
    key = (request.authorization.token if request.authorization else "") or ""
    if key.startswith(("sk_live", "rk_live")):
        raise Refused(
            "This is a stand-in for Stripe. It refuses live keys, and has not kept this one.",
            status=401,
        )
    if not key:
        raise Refused("You did not provide an API key.", status=401)
    found = books.merchant_of_key(key)
    if found is None:
        raise Refused(f"Invalid API Key provided: {key[:8]}****", status=401)
    return found


def _refuse_on_demand(fault: faults.Fault | None, asked: Asked) -> Answer | None:
    if fault is None:
        return None
    if fault.kind == Kind.CONFLICT:
        refusal = in_use(asked.key)
        return Answer(refusal.status, refusal.body)
    if fault.kind == Kind.TOO_MANY:
        refusal = Refused("Too many requests hit the API too quickly.", "rate_limit", status=429)
        return Answer(refusal.status, refusal.body)
    return Answer(500, BROKEN) if fault.kind == Kind.BROKEN else None


def _work(store: Store, asked: Asked, fault: faults.Fault | None) -> Answer:
    started = time.time()
    try:
        if asked.key and (before := _begin(store, asked, started)):
            return before
        if fault and fault.kind == Kind.DELAYED:
            time.sleep(fault.seconds)
        return _finish(store, asked, started, fault)
    except Refused as refusal:
        return Answer(refusal.status, refusal.body)


def _begin(store: Store, asked: Asked, started: float) -> Answer | None:
    """Take the key; gives what was answered before under it. Raises Refused."""
    with store.write() as books:
        row = _kept(books, asked)
        if row is not None and row["fingerprint"] != asked.fingerprint:
            raise other_parameters(asked.key)
        if row is not None and row["status"] is not None:
            return Answer(row["status"], json.loads(row["body"]), replayed=True)
        if row is not None and row["started"] > started - DEAD_AFTER_SECONDS:
            raise in_use(asked.key)
        forms.check(asked.route.method, asked.params)
        books.rows(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            *(asked.merchant.id, asked.account, asked.key, asked.fingerprint, started),
        )
    return None


def _kept(books: Books, asked: Asked) -> sqlite3.Row | None:
    found = books.rows(
        "SELECT * FROM idempotency WHERE merchant = ? AND account = ? AND key = ?",
        *(asked.merchant.id, asked.account, asked.key),
    )
    return found[0] if found else None


def _finish(store: Store, asked: Asked, started: float, fault: faults.Fault | None) -> Answer:
    """Do the work and keep the answer under its key, both or neither."""
    forms.check(asked.route.method, asked.params)
    try:
        with store.write() as books:
            body = asked.run(books)
            broken = fault is not None and fault.kind == Kind.BROKEN_AFTER
            given = Answer(500, BROKEN) if broken else Answer(200, body)
            _keep(books, asked, started, given)
            return given
    except Refused as refusal:
        given = Answer(refusal.status, refusal.body)
        with store.write() as books:
            if refusal.begun:
                _keep(books, asked, started, given)
            else:
                _forget(books, asked, started)
        return given
    except BaseException:
        with store.write() as books:
            _forget(books, asked, started)
        raise


def _keep(books: Books, asked: Asked, started: float, given: Answer) -> None:
    if not asked.key:
        return
    kept = books.rows(
        "UPDATE idempotency SET status = ?, body = ? WHERE merchant = ? AND account = ? "
        "AND key = ? AND started = ? AND status IS NULL RETURNING key",
        *(given.status, json.dumps(given.body)),
        *(asked.merchant.id, asked.account, asked.key, started),
    )
    if not kept:
        # It took so long that another request has taken the key over.
        raise in_use(asked.key)


def _forget(books: Books, asked: Asked, started: float) -> None:
    books.rows(
        "DELETE FROM idempotency WHERE merchant = ? AND account = ? AND key = ? AND started = ? "
        "AND status IS NULL",
        *(asked.merchant.id, asked.account, asked.key, started),
    )


def _response(given: Answer, key: str, fault: faults.Fault | None) -> Response:
    text = json.dumps(given.body, indent=2)
    dropped = fault is not None and fault.kind == Kind.DROPPED
    response = Response(_broken_off(text) if dropped else text, given.status)
    response.content_type = "application/json"
    response.headers["Request-Id"] = f"req_{secrets.token_hex(8)}"
    response.headers["X-Stand-In"] = "not Stripe"
    if dropped:
        response.headers["Content-Length"] = str(len(text.encode()))
    if key:
        response.headers["Idempotency-Key"] = key
    if given.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    if given.status == 409:
        response.headers["Stripe-Should-Retry"] = "true"
    elif given.status >= 500:
        response.headers["Stripe-Should-Retry"] = "false"
    return response


def _broken_off(text: str) -> Iterator[bytes]:
    yield text[: len(text) // 2].encode()
    raise ConnectionAbortedError("The stand-in was asked to drop this answer.")


def forget_unfinished(store: Store) -> None:
    """When a lone server starts: what its forerunner was working on when it died did not happen."""
    with store.write() as books:
        books.rows("DELETE FROM idempotency WHERE status IS NULL")
