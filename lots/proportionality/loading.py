"""Load the versions of the market's policy that the product comes with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from lots.proportionality.models import MarketPolicy, PolicyCap, PolicyRule
from lots.proportionality.vocabulary import Basis, PolicyState
from lots.vocabulary import Level, Route
from marketplace import clock
from marketplace.database import db, write

DATA = Path(__file__).parent / "data" / "policies.json"


def load_policies() -> int:
    """Add the versions that are missing, inside a write; returns how many were added.

    What stands already is left alone: the framework team owns it.
    """
    known = set(db.session.scalars(select(MarketPolicy.version)))
    missing = [told for told in json.loads(DATA.read_text()) if told["version"] not in known]
    db.session.add_all(_policy(told) for told in missing)
    db.session.flush()
    return len(missing)


def _policy(told: dict[str, Any]) -> MarketPolicy:
    now = clock.now()
    return MarketPolicy(
        version=told["version"],
        state=PolicyState.PUBLISHED,
        valid_from=date.fromisoformat(told["valid_from"]),
        created_at=now,
        published_at=now,
        **told["numbers"],
        caps=[_cap(position, row) for position, row in enumerate(told["caps"], start=1)],
        rules=[_rule(position, row) for position, row in enumerate(told["rules"], start=1)],
    )


def _cap(position: int, row: dict[str, Any]) -> PolicyCap:
    route = Route(row["route"]) if row["route"] else None
    return PolicyCap(position=position, **row | {"route": route})


def _rule(position: int, row: dict[str, Any]) -> PolicyRule:
    coded = {"level": Level(row["level"]), "basis": Basis(row["basis"])}
    return PolicyRule(position=position, **row | coded)


@click.command("load-policies")
def load() -> None:
    """Load the market's rules, caps and windows; what is already there stays."""
    with write():
        added = load_policies()
    click.echo(f"{added} versions of the market policy added.")


def register(app: Flask) -> None:
    """Add the command to `flask --app wsgi`."""
    app.cli.add_command(load)
