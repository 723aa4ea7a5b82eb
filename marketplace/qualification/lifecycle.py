"""The steps of an application to qualify."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step
from marketplace.qualification.models import (
    APPLICATION_STATES,
    Application,
    ApplicationState,
)
from marketplace.qualification.outcomes import result_of
from marketplace.qualification.permissions import QualificationPermission


def ready_to_submit(application: Application) -> str | None:
    """Every check is answered, and a trustee has signed off where the organisation asks for it."""
    left = result_of(application).missing
    if left:
        asked = "; ".join(each.label for each in left)
        return _("Finish these before you submit: %(asked)s", asked=asked)
    if application.organisation.wants_sign_off and application.signed_off_at is None:
        return _("A trustee must sign this application off before it can be submitted.")
    return None


def has_reasons(application: Application) -> str | None:
    """A "not yet" always says why (domain, section 3)."""
    return None if application.reasons else _("Give the reasons: the applicant will read them.")


SUBMIT = Step(
    "submit",
    frm=(ApplicationState.DRAFT,),
    to=ApplicationState.SUBMITTED,
    label=_l("Submit"),
    permission=QualificationPermission.SUBMIT,
    guard=ready_to_submit,
)
# Taken by the system in the transaction of the submission, where nothing needs judgement.
QUALIFY_BY_CHECKS = Step(
    "qualify_by_checks",
    frm=(ApplicationState.SUBMITTED,),
    to=ApplicationState.QUALIFIED,
    label=_l("Qualify, as every check passes"),
)
CLAIM = Step(
    "claim",
    frm=(ApplicationState.SUBMITTED, ApplicationState.RESUBMITTED),
    to=ApplicationState.IN_ASSESSMENT,
    label=_l("Assess"),
    permission=QualificationPermission.ASSESS,
)
TAKE_OVER = Step(
    "take_over",
    frm=(ApplicationState.IN_ASSESSMENT,),
    to=ApplicationState.IN_ASSESSMENT,
    label=_l("Take over"),
    permission=QualificationPermission.ASSESS,
)
REQUEST_CORRECTION = Step(
    "request_correction",
    frm=(ApplicationState.IN_ASSESSMENT,),
    to=ApplicationState.CORRECTION_REQUESTED,
    label=_l("Ask for a correction"),
    permission=QualificationPermission.ASSESS,
)
RESUBMIT = Step(
    "resubmit",
    frm=(ApplicationState.CORRECTION_REQUESTED,),
    to=ApplicationState.RESUBMITTED,
    label=_l("Submit the correction"),
    permission=QualificationPermission.SUBMIT,
)
# The window has ended: assessed as it stands.
RETURN = Step(
    "return_uncorrected",
    frm=(ApplicationState.CORRECTION_REQUESTED,),
    to=ApplicationState.IN_ASSESSMENT,
    label=_l("Return to assessment as it stands"),
)
QUALIFY = Step(
    "qualify",
    frm=(ApplicationState.IN_ASSESSMENT,),
    to=ApplicationState.QUALIFIED,
    label=_l("Qualify"),
    permission=QualificationPermission.ASSESS,
)
SAY_NOT_YET = Step(
    "say_not_yet",
    frm=(ApplicationState.IN_ASSESSMENT,),
    to=ApplicationState.NOT_YET,
    label=_l("Not yet"),
    permission=QualificationPermission.ASSESS,
    guard=has_reasons,
)

APPLICATION = Lifecycle(
    "application",
    Application,
    APPLICATION_STATES,
    [
        SUBMIT,
        QUALIFY_BY_CHECKS,
        CLAIM,
        TAKE_OVER,
        REQUEST_CORRECTION,
        RESUBMIT,
        RETURN,
        QUALIFY,
        SAY_NOT_YET,
    ],
)
