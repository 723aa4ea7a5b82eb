"""The forms of groups: making one, its people, its dates, and who came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.clock import LONDON
from marketplace.web.fields import (
    CheckboxesField,
    DateField,
    Form,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
    TimeField,
    WholeNumberField,
)
from referrals.delivery.models import Attendance, CaseSession
from referrals.delivery.session_forms import VenueForm
from referrals.groups.actions import MOST_WEEKS, Came
from referrals.groups.models import MOST_PEOPLE
from referrals.models import Referral

NOTE = 300


class GroupForm(VenueForm, OnceForm):
    """A new group."""

    name = TextField(
        _l("What is the group called?"),
        [Required(_l("Enter the name of the group"))],
        longest=80,
        called=_l("Name"),
    )
    service = SelectField(_l("Which service is it for?"), [Required(_l("Select a service"))])
    capacity = WholeNumberField(
        _l("How many people can be in it?"),
        [Required(_l("Enter how many people can be in it"))],
        least=2,
        most=MOST_PEOPLE,
        called=_l("People"),
    )

    def offer(self, services: dict[UUID, str]) -> None:
        """Give the services to choose from."""
        self.service.choices = [
            SelectChoice("", _("Select a service")),
            *(SelectChoice(str(each), name) for each, name in services.items()),
        ]


class PeopleForm(OnceForm):
    """Which people are to join, several at once."""

    people = CheckboxesField(_l("Who joins the group?"), [Required(_l("Select who joins"))])

    def offer(self, cases: Sequence[Referral]) -> None:
        """Give the people to choose from."""
        self.people.choices = [
            SelectChoice(str(each.id), f"{each.name} ({each.reference})") for each in cases
        ]

    @property
    def chosen(self) -> list[UUID]:
        """The cases that were ticked; only what was offered is left by validation."""
        return [UUID(each) for each in self.people.data or ()]


class MeetingsForm(OnceForm):
    """One date, or the same weekday and time for some weeks."""

    day = DateField(_l("First day"), [Required(_l("Enter the first day"))])
    time = TimeField(_l("Time"), [Required(_l("Enter the time"))])
    weeks = WholeNumberField(
        _l("For how many weeks in a row?"),
        [Required(_l("Enter how many weeks, or 1 for a single date"))],
        least=1,
        most=MOST_WEEKS,
        default=1,
        called=_l("Weeks"),
    )

    @property
    def first(self) -> datetime:
        """The first moment as aware UTC; the day and time are London's."""
        assert self.day.data is not None and self.time.data is not None
        return datetime.combine(self.day.data, self.time.data, LONDON).astimezone(UTC)


CAME = {
    Attendance.ATTENDED: _l("Came"),
    Attendance.LATE: _l("Came late"),
    Attendance.ABSENT: _l("Did not come"),
    Attendance.NOT_HELD: _l("It did not happen"),
}


class AttendanceForm(Form):
    """One row a person: whether they came, and a short note."""

    @classmethod
    def for_people(cls, rows: Sequence[tuple[CaseSession, Referral]]) -> type[AttendanceForm]:
        """This form with a row for each of these sessions, named by its id."""
        fields: dict[str, Any] = {}
        for each, case in rows:
            fields[f"came_{each.id.hex}"] = RadioField(
                f"{case.name} ({case.reference})",
                choices=[SelectChoice(str(value), label) for value, label in CAME.items()],
            )
            fields[f"note_{each.id.hex}"] = TextField(
                _("Short note on %(name)s", name=case.name), longest=NOTE, called=_("Note")
            )
        return type("AttendanceFormOfMeeting", (cls,), fields)

    def answers(self, sessions: Sequence[CaseSession]) -> dict[UUID, Came]:
        """By session what was said; a row left empty is left out."""
        said = {}
        for each in sessions:
            came = self[f"came_{each.id.hex}"].data
            if came:
                said[each.id] = Came(Attendance(came), self[f"note_{each.id.hex}"].data or "")
        return said
