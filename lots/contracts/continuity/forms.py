"""The forms of a notice."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.contracts.continuity.actions import Notice
from lots.contracts.continuity.models import (
    ACT_KINDS,
    ACT_REASONS,
    CANCEL_REASONS,
    EMERGENCY_REASONS,
    NOBODY_GIVES,
    ActKind,
    ActReason,
    CancelReason,
)
from marketplace import clock
from marketplace.web.fields import (
    CheckboxField,
    DateField,
    Form,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
)

ALL = "all"
HINTS = {
    ActKind.ENDING: _l("Somebody who decides for your organisation confirms it first"),
    ActKind.SUSPENSION: _l("You can let it resume later"),
    ActKind.AREA_LOSS: _l("The contract goes on everywhere else"),
}


class NoticeForm(OnceForm):
    """What is to happen, where, why, and on which day."""

    kind = RadioField(
        _l("What is going to happen?"),
        [Required(_l("Select what is going to happen"))],
        choices=[SelectChoice(str(kind), ACT_KINDS[kind]) for kind in HINTS],
        hints=HINTS,
    )
    where = SelectField(_l("Where?"), [Required(_l("Select where"))])
    reason = RadioField(
        _l("Why?"),
        [Required(_l("Select why"))],
        choices=[
            SelectChoice(str(reason), label)
            for reason, label in ACT_REASONS.items()
            if reason not in NOBODY_GIVES
        ],
    )
    effective_on = DateField(
        _l("On what day does it take effect?"),
        [Required(_l("Enter the day on which it takes effect"))],
        called=_l("The day on which it takes effect"),
        description=_l(
            "The last day of the service there, or the first day of a suspension. New referrals "
            "stop when notice is given."
        ),
    )

    def validate_effective_on(self, field: DateField) -> None:
        """Notice looks ahead."""
        if field.data and field.data < clock.today():
            raise ValidationError(_("The day on which it takes effect must be today or later"))

    def validate_where(self, field: SelectField) -> None:
        """A contract ends everywhere; one area leaves alone."""
        if self.kind.data == ActKind.ENDING and field.data != ALL:
            raise ValidationError(_("A contract ends in every area. Select “Every area”."))
        if self.kind.data == ActKind.AREA_LOSS and field.data == ALL:
            raise ValidationError(_("Select the one area that leaves the contract"))

    def notice(self) -> Notice:
        """What was asked for."""
        assert self.effective_on.data is not None  # Required
        where = None if self.where.data == ALL else UUID(self.where.data)
        return Notice(
            ActKind(self.kind.data), ActReason(self.reason.data), self.effective_on.data, where
        )


class StopForm(Form):
    """The emergency stop."""

    reason = RadioField(
        _l("Why must the service stop at once?"),
        [Required(_l("Select why the service must stop at once"))],
        choices=[SelectChoice(str(reason), ACT_REASONS[reason]) for reason in EMERGENCY_REASONS],
    )
    understood = CheckboxField(
        _l("I understand that every session still ahead is cancelled and everybody is told"),
        [Required(_l("Confirm that you understand what the stop does"))],
    )

    def why(self) -> ActReason:
        """The reason chosen."""
        return ActReason(self.reason.data)


class CancelForm(Form):
    """Taking a notice back."""

    reason = RadioField(
        _l("Why are you cancelling it?"),
        [Required(_l("Select why you are cancelling it"))],
        choices=[SelectChoice(str(reason), label) for reason, label in CANCEL_REASONS.items()],
    )

    def why(self) -> CancelReason:
        """The reason chosen."""
        return CancelReason(self.reason.data)
