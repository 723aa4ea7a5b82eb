"""What the ground shows from the floors above: plain lists, filled in each `register(app)`.

A registry gains a kind only with a decision record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import Flask, current_app

from marketplace.acting import Acting


@dataclass(frozen=True)
class NavigationEntry:
    """One link in the header, or at the foot of every page; `needs` None shows it to everybody."""

    label: Any
    endpoint: str
    needs: StrEnum | None = None
    position: int = 50
    at_foot: bool = False


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits for this person, with the address that deals with it."""

    text: str
    href: str
    count: int = 1


@dataclass(frozen=True)
class DemonstrationPart:
    """One floor's share of the demonstration world; parts are built in order of `position`."""

    name: str
    build: Callable[[], None]
    position: int


@dataclass
class Registries:
    """Everything the floors register."""

    navigation: list[NavigationEntry] = field(default_factory=list)
    waiting: list[Callable[[Acting], list[WaitingItem]]] = field(default_factory=list)
    panels: dict[str, list[Callable[..., Any]]] = field(default_factory=dict)
    measures: dict[str, Callable[..., Any]] = field(default_factory=dict)
    demonstration: list[DemonstrationPart] = field(default_factory=list)


def _registries(app: Flask | None) -> Registries:
    return (app or current_app).extensions["registries"]


def navigation(app: Flask | None = None) -> list[NavigationEntry]:
    """Links of the header."""
    return _registries(app).navigation


def waiting(app: Flask | None = None) -> list[Callable[[Acting], list[WaitingItem]]]:
    """Functions from the acting person to what waits for them."""
    return _registries(app).waiting


def panels(app: Flask | None = None) -> dict[str, list[Callable[..., Any]]]:
    """Functions that render a named part of a lower floor's page; each returns Markup or ''."""
    return _registries(app).panels


def measures(app: Flask | None = None) -> dict[str, Callable[..., Any]]:
    """Named figures a lower floor asks of an upper one."""
    return _registries(app).measures


def demonstration(app: Flask | None = None) -> list[DemonstrationPart]:
    """The parts of the demonstration world."""
    return _registries(app).demonstration


def register(app: Flask) -> None:
    """Give the application its empty registries."""
    app.extensions["registries"] = Registries()
