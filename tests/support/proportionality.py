"""The policy that the product comes with, without a database; and what a walk here needs."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import select

from lots.proportionality import actions
from lots.proportionality.loading import DATA
from lots.proportionality.models import MarketPolicy
from lots.proportionality.policy import Cap, Policy, Rule
from lots.proportionality.vocabulary import Basis
from lots.vocabulary import Level, LotState, Route
from marketplace.database import db, write
from marketplace.overtaken import fingerprint
from tests.support.lots import make_lot

AREAS = [("K", "kent", 30), ("K", "sussex", 20)]


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


def add_to(world: Any) -> None:
    """Lots whose terms forbid speaking, one with a reason for it, and a draft of the policy."""
    buyer = world.people["director"][1]
    against = make_lot(LotState.DRAFT, buyer=buyer, areas=AREAS, forbids_speaking=True)
    world.things["lot against a rule"] = {"lot_id": against.id, "code": "gagging"}
    aside = make_lot(LotState.DRAFT, buyer=buyer, areas=AREAS, forbids_speaking=True)
    seen = fingerprint(dict(actions.overridable_finding(aside, "gagging").figures))
    with write():
        given = actions.override(aside.id, "gagging", "Asked for.", seen, world.by("director"))
        world.things["rule set aside"] = {"lot_id": aside.id, "override_id": given.id}
    in_force = db.session.scalars(select(MarketPolicy.id)).one()
    world.things["policy in force"] = {"policy_id": in_force}
    with write():
        draft = actions.start_version(in_force, world.by("framework manager"))
        world.things["draft of the policy"] = {"policy_id": draft.id}
