"""What an application comes to before anybody has looked at it: "you meet 11 of 12"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.organisations.models import Organisation
from marketplace.organisations.queries import profile_gaps
from marketplace.qualification.models import Application
from marketplace.questions.models import Question
from marketplace.questions.passing import Outcome, outcome
from marketplace.questions.queries import questions_of


class Part(StrEnum):
    """The pages of an application."""

    COMMON = "common"
    CATEGORY = "category"


PARTS = {
    Part.COMMON: _l("About your organisation"),
    Part.CATEGORY: _l("About this category"),
}


@dataclass(frozen=True)
class Missing:
    """One requirement that is not met; `part` is None for the organisation's profile.

    `stops` is False where an answer was given that does not pass: a person then looks at it.
    """

    label: str
    reason: str
    part: Part | None
    question: Question | None = None
    stops: bool = True


@dataclass(frozen=True)
class Result:
    """The checks of an application: the profile is one, every question that is asked another."""

    total: int
    lacks: tuple[Missing, ...]
    judged: tuple[Question, ...]

    @property
    def met(self) -> int:
        """How many are met; what a person still reads counts as met once it is answered."""
        return self.total - len(self.lacks)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What must be there before it can be submitted."""
        return tuple(each for each in self.lacks if each.stops)

    @property
    def automatic(self) -> bool:
        """Whether it qualifies by the checks alone."""
        return not self.lacks and not self.judged

    def of(self, part: Part | None) -> list[Missing]:
        """What is not met on one page."""
        return [each for each in self.lacks if each.part is part]


def questions_for(application: Application) -> dict[Part, Sequence[Question]]:
    """The questions of both parts, in the versions this application is made of."""
    return {
        Part.COMMON: questions_of(application.set_id),
        Part.CATEGORY: questions_of(application.category_set_id),
    }


def result_of(
    application: Application, questions: dict[Part, Sequence[Question]] | None = None
) -> Result:
    """Judge the profile and the answers as they stand."""
    asked = questions or questions_for(application)
    given = application.given
    found = {part: outcome(asked[part], given) for part in Part}
    lacks = _profile_lacks(application.organisation)
    for part, each in found.items():
        lacks += [
            Missing(lack.question.asked, lack.reason, part, lack.question, not lack.answered)
            for lack in each.missing
        ]
    both: Outcome = found[Part.COMMON] + found[Part.CATEGORY]
    total = 1 + len(both.met) + len(both.missing) + len(both.judged)
    return Result(total, tuple(lacks), both.judged)


def _profile_lacks(organisation: Organisation) -> list[Missing]:
    gaps = profile_gaps(organisation)
    if not gaps:
        return []
    return [
        Missing(_("Your profile"), _("missing: %(what)s", what=", ".join(map(str, gaps))), None)
    ]
