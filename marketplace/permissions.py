"""The one policy: a table from permission to roles and a named predicate; default deny."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, current_app

from marketplace.acting import Acting, Role

Predicate = Callable[[Acting, Any], bool]


class Refused(Exception):
    """The person may not do this; shown as a 403 page."""


class NotYours(Exception):
    """The thing is not this person's to know of; shown as a 404 page."""


@dataclass(frozen=True)
class Rule:
    """Held by any of `roles`; with a thing, also `when(acting, thing)`; and how it must be shown.

    `second_factor` asks for one given in this session, `fresh` for one within five minutes.
    """

    roles: frozenset[Role]
    when: Predicate | None = None
    second_factor: bool = True
    fresh: bool = False


def rule(
    roles: Iterable[Role],
    when: Predicate | None = None,
    *,
    second_factor: bool = True,
    fresh: bool = False,
) -> Rule:
    """One line of a permission table."""
    return Rule(frozenset(roles), when, second_factor, fresh)


class Policy:
    """Every floor's table, together."""

    def __init__(self) -> None:
        self.rules: dict[StrEnum, Rule] = {}

    def add(self, table: Mapping[Any, Rule]) -> None:
        """Add one floor's table; a permission stands in one table only."""
        twice = self.rules.keys() & table.keys()
        if twice:
            raise ValueError(f"permissions declared twice: {sorted(twice)}")
        self.rules.update(table)

    def allows(self, by: Acting | None, permission: StrEnum, thing: Any = None) -> bool:
        """Whether the table lets this person do this (to this thing); unknown means no."""
        held = self.rules.get(permission)
        if by is None or held is None or by.roles.isdisjoint(held.roles):
            return False
        return thing is None or held.when is None or held.when(by, thing)


def policy(app: Flask | None = None) -> Policy:
    """The application's policy."""
    return (app or current_app).extensions["policy"]


def allowed(by: Acting | None, permission: StrEnum, thing: Any = None) -> bool:
    """Whether this person may do this; for offering a link or button."""
    return policy().allows(by, permission, thing)


def check(by: Acting, permission: StrEnum, thing: Any = None) -> None:
    """Raise Refused unless the table allows it; every action calls this first."""
    if not allowed(by, permission, thing):
        raise Refused(permission)


def requires(permission: StrEnum) -> Callable:
    """Declare the permission an endpoint asks of whoever calls it."""

    def declare(view: Callable) -> Callable:
        view.permission = permission  # type: ignore[attr-defined]  # on any function
        return view

    return declare


def public(view: Callable) -> Callable:
    """Declare an endpoint open to everybody, without an account."""
    view.permission = None  # type: ignore[attr-defined]  # on any function
    return view


def signed_in(view: Callable) -> Callable:
    """Declare an endpoint open to every signed-in person, whatever their roles."""
    view.permission = "signed in"  # type: ignore[attr-defined]  # on any function
    return view


def register(app: Flask) -> None:
    """Give the application its empty policy: nothing is allowed until a floor says so."""
    app.extensions["policy"] = Policy()
