"""Grant or contract: six questions, and what the answers speak for.

A grant gives money for a purpose and gets nothing in return; a contract buys something for a
price. What pays a profit or takes money back for non-delivery is bought.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from lots.vocabulary import Route


@dataclass(frozen=True)
class Asked:
    """One question; a yes speaks for a contract for this reason, and `decides` does so alone."""

    name: str
    text: Any
    hint: Any
    reason: Any
    decides: bool = False


QUESTIONS = (
    Asked(
        "specify",
        _l("Must you lay down exactly how the service is run?"),
        _l("Say no if you can leave the how to those who know the people."),
        _l("you lay down how the service is run"),
    ),
    Asked(
        "control",
        _l("Will you direct the work from week to week?"),
        _l("Agreeing outcomes and reading a yearly report is not directing."),
        _l("you direct the work"),
    ),
    Asked(
        "ordered",
        _l("Must a place be there for everybody a court or practitioner sends?"),
        _l("Say no if support may be offered as far as the money goes."),
        _l("places must be there for everybody who is sent"),
    ),
    Asked(
        "penalties",
        _l("Would money be held back or reclaimed because too little was delivered?"),
        _l("Taking back what was not spent is no penalty: grants do that too."),
        _l("money is at stake if too little is delivered"),
        decides=True,
    ),
    Asked(
        "profit",
        _l("May the provider be paid more than the work costs it?"),
        _l("A grant covers costs, its share of rent and management included."),
        _l("the price may be above the cost"),
        decides=True,
    ),
    Asked(
        "market",
        _l("Do several firms sell this service at a going rate?"),
        _l("Renting rooms, for example. Work that charities made up themselves is not."),
        _l("the service is sold at a going rate"),
    ),
)
ENOUGH = 3


@dataclass(frozen=True)
class Verdict:
    """What fits, and the reasons that speak for a contract."""

    route: Route
    reasons: list[Any]


def verdict(answers: Mapping[str, str]) -> Verdict | None:
    """What the answers ("yes" or "no" by question) speak for; None until all are given."""
    if any(answers.get(each.name) not in ("yes", "no") for each in QUESTIONS):
        return None
    speaking = [each for each in QUESTIONS if answers[each.name] == "yes"]
    bought = len(speaking) >= ENOUGH or any(each.decides for each in speaking)
    return Verdict(Route.CONTRACT if bought else Route.GRANT, [each.reason for each in speaking])
