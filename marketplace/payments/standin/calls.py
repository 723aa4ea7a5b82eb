"""One request on its way to its handler, and what every handler needs of it."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

from marketplace.payments.standin import forms, hooks
from marketplace.payments.standin.errors import missing
from marketplace.payments.standin.shapes import listed
from marketplace.payments.standin.store import Books, Merchant, Thing

MOST_IN_A_LIST = 100
LIMITS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


@dataclass(frozen=True)
class Call:
    """A request: whose it is, what it says, and the books it may change."""

    books: Books
    merchant: Merchant
    # The connected account that is acted for; "" for the merchant's own.
    account: str
    path: str
    params: dict[str, Any]
    key: str
    # Where the stand-in's own pages are reached.
    address: str

    def get(self, kind: str, thing_id: str, param: str = "id", status: int = 404) -> Thing:
        """A thing of the account that is acted for. Raises Refused."""
        found = self.books.get(self.merchant.id, self.account, kind, str(thing_id))
        if found is None:
            raise missing(kind, str(thing_id)[:80], param, status)
        return found

    def add(self, body: Thing, due: float | None = None) -> Thing:
        """Keep a new thing of the account that is acted for."""
        return self.books.add(self.merchant.id, self.account, body, due)

    def tell(self, kind: str, body: Thing) -> None:
        """Write an event about a thing, and letters to all who listen."""
        hooks.emit(self.books, self.merchant.id, self.account, kind, body, self.key)

    def listing(self, kind: str, **equal: object) -> Thing:
        """A page of a list, newest first, by `limit`, `starting_after` and `ending_before`."""
        asked = self.params.get("created", {})
        named = asked if isinstance(asked, dict) else {"gte": asked, "lte": asked}
        limits = [(LIMITS[name], forms.whole(named, name)) for name in LIMITS if name in named]
        found = self.books.find(self.merchant.id, self.account, kind, **equal)
        return self.page(
            [
                body
                for body in found
                if all(
                    holds(body.get("created") or body["date"], moment) for holds, moment in limits
                )
            ]
        )

    def page(self, found: list[Thing]) -> Thing:
        """The part of a list that was asked for."""
        limit = min(max(int(self._number("limit", 10)), 1), MOST_IN_A_LIST)
        places = {body["id"]: place for place, body in enumerate(found)}
        if before := self.params.get("ending_before"):
            end = places.get(before, 0)
            start = max(end - limit, 0)
            return listed(found[start:end], self.path, has_more=start > 0)
        after = self.params.get("starting_after")
        start = places.get(after, len(found)) + 1 if after else 0
        return listed(found[start : start + limit], self.path, start + limit < len(found))

    def _number(self, name: str, default: int) -> int:
        value = self.params.get(name, "")
        return int(value) if isinstance(value, str) and value.isdigit() else default
