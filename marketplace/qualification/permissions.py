"""Who may apply, and who decides."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule
from marketplace.qualification.models import Application


class QualificationPermission(StrEnum):
    """What can be done with an application to qualify."""

    SEE_OWN = "qualification:see_own"
    APPLY = "qualification:apply"
    SUBMIT = "qualification:submit"
    ASSESS = "qualification:assess"


def is_own(by: Acting, application: Application) -> bool:
    """The applicant is the organisation acted for."""
    return application.organisation_id == by.organisation_id


APPLICANTS = (Role.BID_MANAGER, Role.TRUSTEE)

TABLE = {
    # A one-time link alone opens qualification and drafts, not submitting (domain, section 11).
    QualificationPermission.SEE_OWN: rule(
        [*APPLICANTS, Role.SERVICE_MANAGER], when=is_own, second_factor=False
    ),
    QualificationPermission.APPLY: rule(APPLICANTS, when=is_own, second_factor=False),
    QualificationPermission.SUBMIT: rule(APPLICANTS, when=is_own),
    QualificationPermission.ASSESS: rule([Role.FRAMEWORK_MANAGER]),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
