"""The forms of sessions: when and where, what came of one, another time, what is added."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from marketplace import clock
from marketplace.areas.queries import offices_on
from marketplace.clock import LONDON
from marketplace.web.fields import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
    TimeField,
    WholeNumberField,
)
from referrals.delivery.feedback import Feedback
from referrals.delivery.models import (
    ASKED_BY,
    CONCERN_KINDS,
    HEARD,
    LONGEST,
    METHODS,
    NOT_HELD_REASONS,
    RESPONSES,
    SHORTEST,
    USUAL,
    Attendance,
    ConcernKind,
    Heard,
    Method,
    NotHeld,
    Response,
)
from referrals.delivery.venues import Venue
from referrals.drafts.base import YES_OR_NO, choices

TEXT = 4000
NOTHING = "nothing"
# A postcode of the United Kingdom: outward and inward part, the space left to the writer.
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})")


def missing(field: Field, message: Any) -> bool:
    """Whether this field, asked for by another answer, is empty; it says so beside the field."""
    if field.data:
        return False
    field.errors = [*field.errors, str(message)]
    return True


class WhyMovedForm(Form):
    """Who asked for another time, and why."""

    asked_by = RadioField(
        _l("Who asked for another time?"),
        [Required(_l("Select who asked for another time"))],
        choices=choices(ASKED_BY),
    )
    reason = LongTextField(
        _l("Why?"),
        [Required(_l("Enter why the session is moved"))],
        longest=1000,
        show_count=True,
        called=_l("Reason"),
    )


class WhenForm(OnceForm):
    """The moment of a session. Forms are put together in the order in which their pages ask."""

    day = DateField(_l("Day"), [Required(_l("Enter the day of the session"))])
    time = TimeField(_l("Time"), [Required(_l("Enter the time of the session"))])

    @property
    def starts_at(self) -> datetime:
        """The moment as aware UTC; the day and time are London's."""
        assert self.day.data is not None and self.time.data is not None
        return datetime.combine(self.day.data, self.time.data, LONDON).astimezone(UTC)


class VenueForm(Form):
    """How, where and how long people meet."""

    minutes = WholeNumberField(
        _l("How long will it take, in minutes?"),
        [Required(_l("Enter how many minutes it will take"))],
        least=SHORTEST,
        most=LONGEST,
        default=USUAL,
        called=_l("Minutes"),
    )
    method = RadioField(
        _l("How will you meet?"),
        [Required(_l("Select how you will meet"))],
        choices=choices(METHODS),
    )
    office = SelectField(_l("Which probation office?"))
    line_1 = TextField(_l("Address line 1"), longest=100)
    line_2 = TextField(_l("Address line 2"), longest=100)
    town = TextField(_l("Town or city"), longest=100)
    postcode = TextField(_l("Postcode"), longest=10)

    def __init__(self, *args: Any, region_code: str | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offices = offices_on(clock.today())
        # Those of the service's own region first: they are nearly always the ones meant.
        near = [each for each in offices if each.region_code == region_code]
        far = [each for each in offices if each.region_code != region_code]
        self.office.choices = [
            SelectChoice("", _("Select an office")),
            *(SelectChoice(each.code, each.label) for each in (*near, *far)),
        ]

    def validate_postcode(self, field: Field) -> None:
        if self.method.data != Method.IN_PERSON_OTHER or not field.data:
            return
        found = POSTCODE.fullmatch(field.data.upper().replace(" ", ""))
        if found is None:
            raise ValidationError(_("Enter a full UK postcode, like TN23 1AB"))
        field.data = " ".join(found.groups())

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        wrong = False
        if self.method.data == Method.IN_PERSON_OFFICE:
            wrong = missing(self.office, _("Select the probation office"))
        elif self.method.data == Method.IN_PERSON_OTHER:
            wrong = missing(self.line_1, _("Enter the first line of the address"))
            wrong = missing(self.town, _("Enter the town or city")) or wrong
            wrong = missing(self.postcode, _("Enter the postcode")) or wrong
        return valid and not wrong

    @property
    def venue(self) -> Venue:
        """What was answered; the parts that belong to another way of meeting are left out."""
        method = Method(self.method.data)
        lines = (self.line_1.data, self.line_2.data, self.town.data, self.postcode.data)
        elsewhere = method == Method.IN_PERSON_OTHER
        return Venue(
            method,
            self.minutes.data or USUAL,
            self.office.data if method == Method.IN_PERSON_OFFICE else None,
            "\n".join(line for line in lines if line) if elsewhere else None,
        )


class SessionForm(WhenForm, VenueForm):
    """When and how a session takes place; `despite` is the moment whose clash was seen."""

    despite = HiddenField()

    @property
    def moment(self) -> str:
        """What `despite` must say for a clash to be accepted: this time, and no other."""
        return f"{self.starts_at.isoformat()}/{self.minutes.data}"


class MoveForm(WhyMovedForm, SessionForm):
    """Another time for a session."""


class TreeForm(Form):
    """What came of a session: each answer opens the questions that follow from it."""

    happened = RadioField(
        _l("Did the session happen?"),
        [Required(_l("Select whether the session happened"))],
        choices=list(YES_OR_NO),
    )
    late = RadioField(_l("Was the person late?"), choices=list(YES_OR_NO))
    late_reason = TextField(_l("Why were they late?"), called=_l("Why they were late"))
    response = RadioField(_l("How did the person take part?"), choices=choices(RESPONSES))
    done = LongTextField(
        _l("What did you do in the session?"), longest=TEXT, show_count=True, called=_l("What")
    )
    responded = LongTextField(
        _l("How did they respond?"), longest=TEXT, show_count=True, called=_l("How they responded")
    )
    next_steps = LongTextField(
        _l("What is planned next?"), longest=TEXT, show_count=True, called=_l("What is planned")
    )
    came = RadioField(_l("Did the person come?"), choices=list(YES_OR_NO))
    not_held = RadioField(_l("Why did the session not happen?"), choices=choices(NOT_HELD_REASONS))
    why = LongTextField(
        _l("What happened?"), longest=TEXT, show_count=True, called=_l("What happened")
    )
    heard = RadioField(_l("What have you heard from them?"), choices=choices(HEARD))
    known = LongTextField(
        _l("What do you know about why, and how did you try to reach them?"),
        longest=TEXT,
        show_count=True,
        called=_l("What you know"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return not any([missing(*each) for each in self._asked()]) and valid

    def _asked(self) -> list[tuple[Field, str]]:
        if self.happened.data == "yes":
            asked: list[tuple[Field, str]] = [
                (self.late, _("Select whether the person was late")),
                (self.response, _("Select how the person took part")),
                (self.done, _("Enter what you did in the session")),
            ]
            if self.late.data == "yes":
                asked.append((self.late_reason, _("Enter why they were late")))
            return asked
        if self.happened.data != "no":
            return []
        asked = [(self.came, _("Select whether the person came"))]
        if self.came.data == "yes":
            asked.append((self.not_held, _("Select why the session did not happen")))
            asked.append((self.why, _("Enter what happened")))
        elif self.came.data == "no":
            asked.append((self.heard, _("Select what you have heard from them")))
            asked.append((self.known, _("Enter what you know about why they did not come")))
        return asked


class AddedForm(OnceForm):
    """What is added to a record."""

    text = LongTextField(
        _l("What do you want to add or put right?"),
        [Required(_l("Enter what you want to add"))],
        longest=TEXT,
        show_count=True,
        called=_l("What you add"),
    )


class ToldForm(Form):
    """What the practitioner must know of now, each kind in words."""

    tell = CheckboxesField(
        _l("Is there anything the practitioner must know of now?"),
        [Required(_l("Select what the practitioner must know of, or that there is nothing"))],
        choices=[
            *choices(CONCERN_KINDS),
            SelectChoice(NOTHING, _l("No, there is nothing")),
        ],
    )
    concern = LongTextField(
        _l("What is the concern?"), longest=TEXT, show_count=True, called=_l("Concern")
    )
    behaviour = LongTextField(
        _l("What did the person do, and what did you do about it?"),
        longest=TEXT,
        show_count=True,
        called=_l("Poor behaviour"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        told = self.tell.data or []
        if NOTHING in told and len(told) > 1:
            self.tell.errors = [_("Select either what it is, or that there is nothing")]
            return False
        wrong = "concern" in told and missing(self.concern, _("Enter what the concern is"))
        if "behaviour" in told:
            wrong = missing(self.behaviour, _("Enter what the person did")) or wrong
        return valid and not wrong

    @property
    def told(self) -> dict[ConcernKind, str]:
        """By kind, what is to be told."""
        chosen = self.tell.data or []
        return {kind: self[kind.value].data for kind in ConcernKind if kind.value in chosen}


class FeedbackForm(TreeForm, ToldForm):
    """What came of a session, and what the practitioner must know of."""

    @property
    def said(self) -> Feedback:
        """The answers that belong together; those of another branch are left out."""
        if self.happened.data == "yes":
            late = self.late.data == "yes"
            return Feedback(
                Attendance.LATE if late else Attendance.ATTENDED,
                self.done.data,
                response=Response(self.response.data),
                responded=self.responded.data or None,
                next_steps=self.next_steps.data or None,
                late_reason=self.late_reason.data if late else None,
                concerns=self.told,
            )
        if self.came.data == "yes":
            because = NotHeld(self.not_held.data)
            return Feedback(
                Attendance.NOT_HELD, self.why.data, not_held=because, concerns=self.told
            )
        heard = Heard(self.heard.data)
        return Feedback(Attendance.ABSENT, self.known.data, heard=heard, concerns=self.told)


class HeldForm(SessionForm, FeedbackForm):
    """A session of an earlier day, with what came of it."""


class AdditionForm(AddedForm, ToldForm):
    """Something to add to what was recorded."""


class ConcernForm(OnceForm):
    """Something the practitioner must know of, outside of any session."""

    kind = RadioField(
        _l("What is it?"), [Required(_l("Select what it is"))], choices=choices(CONCERN_KINDS)
    )
    text = LongTextField(
        _l("What must the practitioner know?"),
        [Required(_l("Enter what the practitioner must know"))],
        longest=TEXT,
        show_count=True,
        called=_l("What they must know"),
    )
