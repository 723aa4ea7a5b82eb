"""The forms of a sent referral."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.acting import Acting
from marketplace.web.fields import (
    CheckboxesField,
    EmailField,
    Form,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
)
from referrals.answering import access
from referrals.answering.queries import Colleague
from referrals.codes import (
    DECLINE_REASONS,
    END_REASONS,
    GIVEN_BY_SYSTEM,
    DeclineReason,
    EndReason,
)
from referrals.drafts.base import choices

END_CHOICES = [each for each in choices(END_REASONS) if each.value not in GIVEN_BY_SYSTEM]
COMMENT = 2500


class Explained:
    """Words are needed with these reasons, which do not say enough alone; `message` asks for them.

    The reason stands in the form's field `reason`.
    """

    def __init__(self, reasons: tuple[str, ...], message: Any):
        self.reasons = reasons
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if form.reason.data in self.reasons and not (field.data or "").strip():
            raise ValidationError(str(self.message))


class QueryForm(Form):
    """The provider's question."""

    text = LongTextField(
        _l("What do you need to know before you decide?"),
        [Required(_l("Enter your question"))],
        longest=4000,
        show_count=True,
        called=_l("Question"),
    )


class ReplyForm(Form):
    """The practitioner's reply."""

    text = LongTextField(
        _l("Your reply"),
        [Required(_l("Enter your reply"))],
        longest=4000,
        show_count=True,
        called=_l("Reply"),
    )


class DeclineForm(Form):
    """Why a referral is declined."""

    reason = RadioField(
        _l("Why are you declining this referral?"),
        [Required(_l("Select why you are declining"))],
        choices=choices(DECLINE_REASONS),
    )
    comment = LongTextField(
        _l("What should the practitioner know?"),
        [
            Explained(
                (DeclineReason.NOT_ENOUGH_INFORMATION,),
                _l("Say what is missing, so that the practitioner can add it"),
            )
        ],
        description=_l("If information is missing, say which. Write nothing about risk here."),
        longest=COMMENT,
        show_count=True,
        called=_l("What to know"),
    )


class WithdrawForm(Form):
    """Why a referral is taken back before the work has begun."""

    reason = RadioField(
        _l("Why are you withdrawing this referral?"),
        [Required(_l("Select why you are withdrawing it"))],
        choices=[each for each in END_CHOICES if each.value != EndReason.COMPLETED_EARLY],
    )
    comment = LongTextField(
        _l("What should the provider know?"),
        [Explained((EndReason.OTHER,), _l("Say what has changed"))],
        longest=COMMENT,
        show_count=True,
        called=_l("What to know"),
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
        _l("What should the provider know?"),
        [Explained((EndReason.OTHER,), _l("Say what has changed"))],
        longest=COMMENT,
        show_count=True,
        called=_l("What to know"),
    )


class AssignForm(Form):
    """Who works on a case, besides those who do already."""

    people = CheckboxesField(
        _l("Who should work on this case?"), [Required(_l("Select at least one person"))]
    )

    def offer(self, staff: list[Colleague], own: str) -> None:
        """Offer these people; of another organisation than `own`, its name stands beside."""
        self.people.choices = [
            SelectChoice(
                str(each.id),
                each.name
                if each.organisation == own
                else _(
                    "%(name)s (partner: %(organisation)s)",
                    name=each.name,
                    organisation=each.organisation,
                ),
            )
            for each in staff
        ]


class NameForm(Form):
    """Somebody else who may see a restricted case; `by` is who names them."""

    by: Acting | None = None
    email = EmailField(
        _l("Email address of a colleague who may see this case"),
        [Required(_l("Enter the colleague’s email address"))],
        called=_l("Email address"),
    )

    def validate_email(self, field: Any) -> None:
        """It is a colleague's."""
        if field.data and self.by and access.colleague_with(field.data, self.by) is None:
            raise ValidationError(access.not_a_colleague())
