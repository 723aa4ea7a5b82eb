"""Who may apply, who signs off, and who decides."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule


class QualificationPermission(StrEnum):
    """What can be done with an application to qualify, and with what came of it."""

    SEE_OWN = "qualification:see_own"
    APPLY = "qualification:apply"
    SUBMIT = "qualification:submit"
    SIGN_OFF = "qualification:sign_off"
    RECONFIRM = "qualification:reconfirm"
    ASSESS = "qualification:assess"
    SEE_ALL = "qualification:see_all"
    SUPERVISE = "qualification:supervise"
    PUBLISH_POLICY = "qualification:publish_policy"


def is_own(by: Acting, thing: Any) -> bool:
    """It belongs to the organisation acted for."""
    return thing.organisation_id == by.organisation_id


APPLICANTS = (Role.BID_MANAGER, Role.TRUSTEE)

TABLE = {
    # A one-time link alone opens qualification and drafts, not submitting (domain, section 11).
    QualificationPermission.SEE_OWN: rule(
        [*APPLICANTS, Role.SERVICE_MANAGER], when=is_own, second_factor=False
    ),
    QualificationPermission.APPLY: rule(APPLICANTS, when=is_own, second_factor=False),
    QualificationPermission.SUBMIT: rule(APPLICANTS, when=is_own),
    QualificationPermission.SIGN_OFF: rule([Role.TRUSTEE], when=is_own),
    QualificationPermission.RECONFIRM: rule(APPLICANTS, when=is_own),
    QualificationPermission.ASSESS: rule([Role.FRAMEWORK_MANAGER]),
    # The national auditor reads the queue and what was decided, and changes nothing.
    QualificationPermission.SEE_ALL: rule([Role.FRAMEWORK_MANAGER, Role.AUDITOR]),
    QualificationPermission.SUPERVISE: rule([Role.FRAMEWORK_MANAGER]),
    QualificationPermission.PUBLISH_POLICY: rule([Role.FRAMEWORK_MANAGER]),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
