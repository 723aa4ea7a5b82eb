"""The policy that the product comes with, without a database."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

from lots.proportionality.loading import DATA
from lots.proportionality.policy import Cap, Policy, Rule
from lots.proportionality.vocabulary import Basis
from lots.vocabulary import Level, Route


@cache
def shipped_policy() -> Policy:
    """Version 1 of the market's policy, as it stands in the product's own file."""
    told = json.loads(DATA.read_text())[0]
    caps = tuple(
        Cap(row["under_pence"], row["questions"], row["words"], Route(row["route"]))
        if row["route"]
        else Cap(row["under_pence"], row["questions"], row["words"])
        for row in told["caps"]
    )
    rules = {
        row["code"]: Rule(
            code=row["code"],
            level=Level(row["level"]),
            basis=Basis(row["basis"]),
            source=row["source"],
            why=row["why"],
            link=row["link"],
            overridable=row["overridable"],
            needs_reason=row["needs_reason"],
        )
        for row in told["rules"]
    }
    valid_from = date.fromisoformat(told["valid_from"])
    return Policy(
        version=told["version"], valid_from=valid_from, caps=caps, rules=rules, **told["numbers"]
    )
