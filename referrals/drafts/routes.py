"""Which way a draft goes: in the community or in custody, allocated or not, and what follows.

An answer to a question that is no longer asked counts for nothing, so every reader asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from referrals.codes import SentenceStatus, Whereabouts

Answers = Mapping[str, Any]


def in_custody(answers: Answers) -> bool:
    """Whether the person is in prison."""
    return answers.get("whereabouts", {}).get("whereabouts") == Whereabouts.CUSTODY


def is_unallocated(answers: Answers) -> bool:
    """In prison, and no probation practitioner is allocated yet."""
    return in_custody(answers) and answers.get("allocated", {}).get("allocated") == "no"


def is_released(answers: Answers) -> bool:
    """Whether a release is expected in the course of the work."""
    if not in_custody(answers):
        return False
    return not is_unallocated(answers) or answers.get("released", {}).get("released") == "yes"


def release_on(answers: Answers) -> str | None:
    """The expected release date (ISO); None in the community or where it is not known."""
    return answers["release"]["release_on"] if is_released(answers) else None


def is_sentenced(answers: Answers) -> bool:
    """Whether there is a sentence to name; nobody on remand has one."""
    return answers.get("sentence-status", {}).get("status") != SentenceStatus.REMAND


def sentence_end(answers: Answers) -> str | None:
    """The last day of the sentence (ISO), where it has one that is known so far."""
    return answers.get("sentence", {}).get("ends_on") if is_sentenced(answers) else None


def has_rar(answers: Answers) -> bool:
    """Whether enforceable days can be used at all."""
    return answers.get("rar", {}).get("has_rar") != "no"


OF_SERVICE = ("needs", "rar-days", "outcomes-", "complexity-")


def is_of_service(slug: str) -> bool:
    """Whether a question is asked once for each service; all others are shared facts."""
    return slug.startswith(OF_SERVICE)


def slug_of(plain: str, position: int) -> str:
    """Under which slug the service at `position` (1 for the first) keeps an answer."""
    return plain if position == 1 else f"{plain}~{position}"


def of_service(answers: Answers, position: int) -> dict[str, Any]:
    """What the draft says to one of its services: the shared facts, and its own answers plain."""
    mine = f"~{position}"
    shared = {
        slug: answer
        for slug, answer in answers.items()
        if "~" not in slug and (position == 1 or not is_of_service(slug))
    }
    own = {
        slug.removesuffix(mine): answer for slug, answer in answers.items() if slug.endswith(mine)
    }
    return shared | own
