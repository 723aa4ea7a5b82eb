"""The forms of an early end."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, LongTextField, RadioField, Required
from referrals.answering.forms import COMMENT, Explained
from referrals.codes import END_REASONS, EndReason
from referrals.drafts.base import choices

# What a provider can know of; the courts' reasons are the practitioner's.
PROPOSABLE = (
    EndReason.COMPLETED_EARLY,
    EndReason.NEEDS_MET_ELSEWHERE,
    EndReason.NOT_ENGAGED,
    EndReason.MOVED,
    EndReason.WORK_CARE_OR_SICKNESS,
    EndReason.RETURNED_TO_CUSTODY,
    EndReason.INELIGIBLE,
    EndReason.DIED,
    EndReason.OTHER,
)
AGREE, DISAGREE = "agree", "disagree"


class ProposeForm(Form):
    """Why the case should end early."""

    reason = RadioField(
        _l("Why should the work end early?"),
        [Required(_l("Select why the work should end early"))],
        choices=choices({each: END_REASONS[each] for each in PROPOSABLE}),
    )
    why = LongTextField(
        _l("What should the practitioner know before they answer?"),
        [Required(_l("Say what the practitioner should know"))],
        longest=COMMENT,
        show_count=True,
        called=_l("What to know"),
    )


class AnswerForm(Form):
    """Agree, or disagree with words; `revealed` names the field shown beneath a choice."""

    revealed = (DISAGREE, "answer")
    reason = RadioField(
        _l("Should the case end early?"),
        [Required(_l("Select whether the case should end"))],
        choices=choices({AGREE: _l("Yes, end it now"), DISAGREE: _l("No, the case goes on")}),
    )
    answer = LongTextField(
        _l("What should happen now?"),
        [Explained((DISAGREE,), _l("Say why the case should go on"))],
        longest=COMMENT,
        show_count=True,
        called=_l("What should happen"),
    )
