"""The steps of an application to qualify."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step
from marketplace.qualification.models import APPLICATION_STATES, Application, ApplicationState
from marketplace.qualification.permissions import QualificationPermission
from marketplace.questions.queries import questions_of


def missing(application: Application) -> list[str]:
    """The questions still without an answer, in the reader's language."""
    answered = {each.question_id for each in application.answers if each.answer}
    asked = questions_of(application.set_id)
    return [question.asked for question in asked if question.id not in answered]


def all_answered(application: Application) -> str | None:
    """Nothing may be missing from what is submitted."""
    left = missing(application)
    if not left:
        return None
    return _("Answer these before you submit: %(questions)s", questions="; ".join(left))


def has_reasons(application: Application) -> str | None:
    """A "not yet" always says why (domain, section 3)."""
    return None if application.reasons else _("Give the reasons: the applicant will read them.")


SUBMIT = Step(
    "submit",
    frm=(ApplicationState.DRAFT,),
    to=ApplicationState.SUBMITTED,
    label=_l("Submit"),
    permission=QualificationPermission.SUBMIT,
    guard=all_answered,
)
QUALIFY = Step(
    "qualify",
    frm=(ApplicationState.SUBMITTED,),
    to=ApplicationState.QUALIFIED,
    label=_l("Qualify"),
    permission=QualificationPermission.ASSESS,
)
SAY_NOT_YET = Step(
    "say_not_yet",
    frm=(ApplicationState.SUBMITTED,),
    to=ApplicationState.NOT_YET,
    label=_l("Not yet"),
    permission=QualificationPermission.ASSESS,
    guard=has_reasons,
)

APPLICATION = Lifecycle(
    "application", Application, APPLICATION_STATES, [SUBMIT, QUALIFY, SAY_NOT_YET]
)
