"""The questions of a referral, answered page by page in whatever order a draft asks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tests.journeys.thread import typed
from tests.journeys.visitors import FIRST, Values, Visitor

SAVE = "Save and continue"


# What is said of anybody who lives in the community, by the page's name in its address.
USUAL: dict[str, Values] = {
    "born": typed("date_of_birth", date(1991, 4, 28)),
    "sex": {"sex": "Female"},
    "contact": {"phone": "07700 900778"},
    "language": {"language": "English"},
    "whereabouts": {"whereabouts": "In the community"},
    "practitioner": {"email": "practitioner@probation.example"},
    "restricted": {"is_restricted": "No"},
    "risk-flags": {"flags": ["None of these"]},
    "risk": {"at_risk": "Nobody is known to be at risk.", "understood": True},
    "other-needs": {"needs": ["None of these"]},
    "access": {"access": ["None of these"]},
    "interpreter": {"needs_interpreter": "No"},
    "commitments": {"has_commitments": "No"},
    "sentence-status": {"status": "Community order"},
    "relevant-sentence": {"sentence": "Community order of 18 months."},
    "rar": {"has_rar": "Yes", "maximum": "30"},
    "reason": {"reason": "Sees nobody from one week to the next.", "aims": "Somebody to ask."},
    "priority": {"priority": "No, the usual order is right"},
    "needs": {"needs": [FIRST]},
    "outcomes": {"outcomes": [FIRST]},
    "complexity": {"complexity": "Medium"},
    "rar-days": {"rar_days": "10"},
}


def dates(today: date) -> dict[str, Values]:
    """The end of a sentence ten months away, and work to be complete before."""
    ends_on = today + timedelta(days=300)
    return {
        "sentence": {"has_end": "Yes"} | typed("ends_on", ends_on),
        "complete-by": typed("complete_by", ends_on - timedelta(days=40)),
    }


def answer(visitor: Visitor, said: Mapping[str, Values], until: str = "") -> None:
    """Answer page after page, to the end of the draft or until the page of this name."""
    while SAVE in visitor.page.buttons():
        slug = visitor.page.url.split("?")[0].rsplit("/", 1)[1]
        if slug == until:
            return
        values = said.get(slug.split("~")[0]) or said[slug.split("~")[0].split("-")[0]]
        visitor.press(SAVE, values)
        assert visitor.page.url.split("?")[0].rsplit("/", 1)[1] != slug, visitor.page.text
