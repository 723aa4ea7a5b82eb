"""The forms of a sent referral."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
    Form,
    LongTextField,
    RadioField,
    Required,
    SelectField,
)
from referrals.codes import DECLINE_REASONS, END_REASONS, GIVEN_BY_SYSTEM, EndReason
from referrals.drafts.base import choices

END_CHOICES = [each for each in choices(END_REASONS) if each.value not in GIVEN_BY_SYSTEM]


class QueryForm(Form):
    """The provider's question."""

    text = LongTextField(
        _l("What do you need to know before you decide?"),
        [Required(_l("Enter your question"))],
        longest=4000,
        called=_l("Question"),
    )


class ReplyForm(Form):
    """The practitioner's reply."""

    text = LongTextField(
        _l("Your reply"), [Required(_l("Enter your reply"))], longest=4000, called=_l("Reply")
    )


class DeclineForm(Form):
    """Why a referral is declined."""

    reason = RadioField(
        _l("Why are you declining this referral?"),
        [Required(_l("Select why you are declining"))],
        choices=choices(DECLINE_REASONS),
    )


class WithdrawForm(Form):
    """Why a referral is taken back before the work has begun."""

    reason = RadioField(
        _l("Why are you withdrawing this referral?"),
        [Required(_l("Select why you are withdrawing it"))],
        choices=[each for each in END_CHOICES if each.value != EndReason.COMPLETED_EARLY],
    )
    comment = LongTextField(
        _l("What should the provider know?"), longest=2500, called=_l("What to know")
    )


class EndEarlyForm(WithdrawForm):
    """Why the work ends before its end report."""

    reason = RadioField(
        _l("Why is the work ending early?"),
        [Required(_l("Select why the work is ending early"))],
        choices=END_CHOICES,
    )
    # Again, because fields stand on the page in the order in which they were made.
    comment = LongTextField(
        _l("What should the provider know?"), longest=2500, called=_l("What to know")
    )


class AssignForm(Form):
    """Who works on a case."""

    person = SelectField(_l("Who should work on this case?"), [Required(_l("Select a caseworker"))])
