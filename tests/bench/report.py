"""The table of a run: what was measured, and whether it is what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measured thing; `verdict` is empty where nothing was asked."""

    what: str
    found: str
    asked: str = ""
    verdict: str = ""


def at_least(what: str, found: float, floor: float, aim: float | None = None) -> Line:
    """A ratio that must reach a floor, and should reach an aim."""
    met = "met" if found >= floor else "not met"
    if aim is None:
        return Line(what, f"{found:.2f}", f"at least {floor:g}", met)
    if met == "met":
        met = "floor met, aim met" if found >= aim else "floor met, aim not met"
    return Line(what, f"{found:.3f}", f"floor {floor:g}, aim {aim:g}", met)


def at_most(what: str, found: float, limit: float, unit: str = "") -> Line:
    """A figure that must not pass a limit."""
    met = "met" if found <= limit else "not met"
    return Line(what, f"{found:.2f}{unit}", f"at most {limit:g}{unit}", met)


def as_table(lines: Sequence[Line]) -> str:
    """The lines as a Markdown table."""
    head = "| Measured | Found | Asked | Verdict |\n|---|---|---|---|"
    rows = [f"| {each.what} | {each.found} | {each.asked} | {each.verdict} |" for each in lines]
    return "\n".join([head, *rows])
