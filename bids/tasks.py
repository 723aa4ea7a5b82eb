"""One line of a bid's task list; each room makes its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Group(StrEnum):
    """The headings of the task list, in their order."""

    QUALIFICATION = "qualification"
    ANSWERS = "answers"
    FILES = "files"
    PARTNERS = "partners"
    PRICE = "price"


GROUPS = {
    Group.QUALIFICATION: _l("Qualification"),
    Group.ANSWERS: _l("Answers"),
    Group.FILES: _l("What else is asked"),
    Group.PARTNERS: _l("Partners"),
    Group.PRICE: _l("Price"),
}


@dataclass(frozen=True)
class Task:
    """One part of a bid; `problem` says what is missing, None where nothing is.

    `endpoint` and `values` name the page that deals with it; None where nothing is to be done.
    `who` must act, where that is known. `urged` says what should be seen to although the bid can be
    submitted without it. `part` is what may be given to a colleague. The checklist fills in the
    group, and as the part its name where a room does not say.
    """

    label: str
    endpoint: str | None
    problem: str | None
    hint: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    who: str | None = None
    urged: str | None = None
    group: Group = Group.ANSWERS
    part: str = ""

    @property
    def done(self) -> bool:
        """Nothing is missing."""
        return self.problem is None


def part_of(question_id: Any) -> str:
    """The name of one question's answer as a part of a bid."""
    return f"question-{question_id}"
