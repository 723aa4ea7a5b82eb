"""Who writes and who reads the question bank."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Role
from marketplace.permissions import policy, rule


class QuestionPermission(StrEnum):
    """What can be done with question sets."""

    SEE = "questions:see"
    WRITE = "questions:write"
    PUBLISH = "questions:publish"


TABLE = {
    QuestionPermission.SEE: rule([Role.FRAMEWORK_MANAGER, Role.AUDITOR]),
    QuestionPermission.WRITE: rule([Role.FRAMEWORK_MANAGER]),
    QuestionPermission.PUBLISH: rule([Role.FRAMEWORK_MANAGER]),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
