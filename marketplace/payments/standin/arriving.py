"""Money that was on its way arrives: by itself after a while, or when it is told to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from marketplace.payments.standin import collecting, hooks, money, payouts
from marketplace.payments.standin.store import Books, Store, Thing


def arrive_due(store: Store, everything: bool = False, merchant: str = "") -> int:
    """One step for each thing whose time has come, or for all that is on its way; how many."""
    limit = float("inf") if everything else time.time()
    with store.write() as books:
        rows = books.rows(
            "SELECT id, kind, merchant, account, body FROM thing WHERE due IS NOT NULL "
            "AND due <= ? AND ? IN ('', merchant) ORDER BY seq",
            *(limit, merchant),
        )
        for row in rows:
            books.wait(row["id"], None)
            STEPS[row["kind"]](books, row["merchant"], row["account"], json.loads(row["body"]))
        return len(rows)


def _topup(books: Books, merchant: str, account: str, body: Thing) -> None:
    moved = money.move(books, merchant, account, "topup", body["amount"], body["id"])
    body |= {"status": "succeeded", "balance_transaction": moved["id"]}
    books.save(body)
    hooks.emit(books, merchant, account, "topup.succeeded", body)


def fail_topup(books: Books, merchant: str, thing_id: str) -> Thing:
    """The bank refuses a top-up that is on its way."""
    body = books.get(merchant, "", "topup", thing_id)
    assert body is not None and body["status"] == "pending"
    body |= {
        "status": "failed",
        "failure_code": "insufficient_funds",
        "failure_message": "Your bank account has insufficient funds to complete the top-up.",
    }
    books.save(body)
    books.wait(thing_id, None)
    hooks.emit(books, merchant, "", "topup.failed", body)
    return body


def _charge(books: Books, merchant: str, account: str, body: Thing) -> None:
    # On a connected account it is a payment that came in, here one by a customer.
    if account:
        payouts.pay_out(books, merchant, account, body)
    else:
        collecting.clear(books, merchant, account, body)


STEPS: dict[str, Callable[[Books, str, str, Thing], None]] = {
    "balance_transaction": collecting.settle,
    "charge": _charge,
    "payout": payouts.arrive,
    "topup": _topup,
}
