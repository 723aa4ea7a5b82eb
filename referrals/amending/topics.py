"""What can be amended: groups of a draft's questions that make one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from referrals.drafts.questions import Question, service_questions, shared_questions

RISK = "risk"
PLACE = "place"
DATES = "dates"


@dataclass(frozen=True)
class Topic:
    """Some questions that are answered together; those of a need carry its code."""

    name: str
    label: Any
    slugs: tuple[str, ...]
    need: str | None = None


SHARED = (
    Topic("contact", _l("Contact details"), ("contact",)),
    Topic("language", _l("Language"), ("language",)),
    Topic(
        PLACE,
        _l("Where the person is, and their release"),
        ("whereabouts", "establishment", "release", "address"),
    ),
    Topic(
        "practitioner",
        _l("Practitioner’s details and delivery unit"),
        ("practitioner", "main-contact"),
    ),
    Topic(RISK, _l("Risk information"), ("risk-flags", "risk")),
    Topic("other-needs", _l("Other needs"), ("other-needs",)),
    Topic("access", _l("Accessibility"), ("access",)),
    Topic("interpreter", _l("Interpreter"), ("interpreter",)),
    Topic("commitments", _l("Caring and work commitments"), ("commitments",)),
    Topic(DATES, _l("End of sentence and completion date"), ("sentence", "complete-by")),
    Topic("rar", _l("Enforceable (RAR) days"), ("rar", "rar-days")),
    Topic("reason", _l("Reason and aims"), ("reason",)),
)
OF_NEED = (
    Topic("outcomes", _l("Outcomes"), ("outcomes-{need}",)),
    Topic("complexity", _l("Complexity"), ("complexity-{need}",)),
)
NAMES = {each.name: each.label for each in (*SHARED, *OF_NEED)}


def topics(needs: list[str]) -> list[Topic]:
    """Every topic of a referral with these needs, in the order of the draft."""
    found = list(SHARED)
    for need in needs:
        for each in OF_NEED:
            slugs = tuple(slug.format(need=need) for slug in each.slugs)
            found.append(Topic(each.name, each.label, slugs, need))
    return found


def asked(topic: Topic, answers: dict[str, Any], needs: list[str]) -> list[Question]:
    """The questions of a topic that these answers lead to, in order."""
    found = [*shared_questions(answers), *service_questions(answers, needs)]
    by_slug = {each.slug: each for each in found}
    return [by_slug[slug] for slug in topic.slugs if slug in by_slug]
