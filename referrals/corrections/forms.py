"""The form on which a record is put right."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from marketplace.web.fields import DateField, LongTextField, OnceForm, RadioField, Required
from referrals.corrections.actions import Right
from referrals.corrections.models import WRONGS, Wrong
from referrals.drafts.base import choices
from referrals.ending.models import ACHIEVEMENTS, Achievement

WHY_LONGEST = 2000
OF_MEETINGS = (Wrong.NOT_HELD, Wrong.OTHER_PERSON, Wrong.OTHER_DAY)


def _why() -> LongTextField:
    return LongTextField(
        _l("How do you know, and how did it come about?"),
        [Required(_l("Say how it came about"))],
        longest=WHY_LONGEST,
        show_count=True,
        called=_l("How it came about"),
        description=_l("The practitioner reads this."),
    )


class _DayWhereOther:
    """The day is needed where the meeting took place on another one."""

    field_flags: dict[str, Any] = {}

    def __call__(self, form: Any, field: Any) -> None:
        if form.wrong.data == Wrong.OTHER_DAY and not field.data and not field.errors:
            raise ValidationError(str(_l("Enter the day on which it took place")))


class MeetingForm(OnceForm):
    """What is wrong with a meeting that was recorded as attended."""

    wrong = RadioField(
        _l("What is wrong?"),
        [Required(_l("Select what is wrong"))],
        choices=choices({each: WRONGS[each] for each in OF_MEETINGS}),
    )
    on = DateField(
        _l("On which day did it take place?"), [_DayWhereOther()], called=_l("Day of the meeting")
    )
    why = _why()

    @property
    def said(self) -> Right:
        """What was answered; a day typed beside another choice does not count."""
        wrong = Wrong(self.wrong.data)
        on = self.on.data if wrong == Wrong.OTHER_DAY else None
        return Right(wrong, self.why.data or "", on=on)


class ResultForm(OnceForm):
    """What is right instead of the result that the end of service report gives."""

    result = RadioField(
        _l("What is right?"),
        [Required(_l("Select what is right"))],
        choices=choices(
            {**ACHIEVEMENTS, Wrong.OTHER_PERSON: WRONGS[Wrong.OTHER_PERSON]},
        ),
    )
    why = _why()

    @property
    def said(self) -> Right:
        """What was answered."""
        if self.result.data == Wrong.OTHER_PERSON:
            return Right(Wrong.OTHER_PERSON, self.why.data or "")
        result = Achievement(self.result.data)
        return Right(Wrong.OTHER_RESULT, self.why.data or "", result=result)
