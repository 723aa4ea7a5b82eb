"""What the directory is asked for, and what a provider says of its service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace import clock
from marketplace.areas.queries import area_choices
from marketplace.categories.queries import cohorts, needs
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
    WholeNumberField,
    Words,
)
from referrals.codes import SEXES
from referrals.services.models import MEETINGS, Meeting
from referrals.services.profiles import Said
from referrals.services.searching import COHORT, MOST_AGE, Filters
from referrals.services.traits import (
    ACCESS,
    ATTRIBUTES,
    CUSTODY,
    ENGLISH,
    LABELS,
    WAYS,
    Trait,
    language_names,
    languages_of,
    of_language,
)

MOST_WORDS = 200


def _choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in labels.items()]


class SearchForm(Form):
    """What the directory is asked for; all of it is optional."""

    class Meta(Form.Meta):
        csrf = False

    need = SelectField(_l("Need"))
    area = SelectField(_l("Police area"))
    draft = SelectField(
        _l("Check against a person you have begun to refer"),
        description=_l("Each service then says whether it fits. Nothing of the person is sent."),
    )
    cohort = SelectField(_l("Made for a group of people"))
    sex = SelectField(_l("The person’s sex"))
    age = WholeNumberField(_l("The person’s age"), least=18, most=MOST_AGE)
    language = SelectField(_l("Language"))
    access = CheckboxesField(_l("Access"))
    attributes = CheckboxesField(_l("What it offers"))
    ways = CheckboxesField(_l("How it is delivered"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        every_need = [SelectChoice(each.code, each.label) for each in needs()]
        self.need.choices = [SelectChoice("", _("Any need")), *every_need]
        areas = [SelectChoice(code, name) for code, name in area_choices()]
        self.area.choices = [SelectChoice("", _("All areas")), *areas]
        groups = [SelectChoice(each.code, each.label) for each in cohorts()]
        self.cohort.choices = [SelectChoice("", _("Any group, or everybody")), *groups]
        self.sex.choices = [SelectChoice("", _("Not said")), *_choices(SEXES)]
        spoken = [
            SelectChoice(code, name) for code, name in language_names().items() if code != ENGLISH
        ]
        self.language.choices = [SelectChoice("", _("Any language")), *spoken]
        self.access.choices = _choices(ACCESS)
        self.attributes.choices = _choices(CUSTODY | ATTRIBUTES)
        self.ways.choices = _choices(WAYS)
        self.draft.choices = [SelectChoice("", _("Nobody"))]

    def filters(self) -> Filters:
        """What is asked for, as far as it is understood; what is not, is said on the page."""
        self.validate()

        def read(field: Any) -> Any:
            return None if field.errors else field.data or None

        ticked = [each for field in self._ticked for each in read(field) or ()]
        language = read(self.language)
        return Filters(
            read(self.need),
            read(self.area),
            read(self.cohort),
            read(self.sex),
            read(self.age),
            tuple(sorted({*ticked, *([of_language(language)] if language else ())})),
        )

    @property
    def _ticked(self) -> tuple:
        return self.access, self.attributes, self.ways

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside need and area is asked for, so that it is shown."""
        further = (self.cohort, self.sex, self.age, self.language, *self._ticked)
        return any(field.data or field.errors for field in further)


class ProfileForm(Form):
    """Everything a service manager says of a service in one area."""

    next_start_on = DateField(
        _l("Next start"),
        description=_l(
            "The next day on which somebody new can start, for example a new group. "
            "Leave empty where people start on any day."
        ),
    )
    ways = CheckboxesField(_l("How it is delivered"))
    languages = CheckboxesField(
        _l("Languages spoken"), description=_l("Without an interpreter. Select all that apply.")
    )
    access = CheckboxesField(_l("Access"))
    attributes = CheckboxesField(_l("What it offers"))
    reaches_in = CheckboxField(_l("We go into prisons"))
    reach_in = TextField(
        _l("Which prisons"), description=_l("For example HMP Durham, HMP Low Newton")
    )
    meeting = RadioField(
        _l("Where people are met"),
        [Required(_l("Say where people are met"))],
        hints={
            Meeting.WITHHELD: _l(
                "The address is not kept here, so that it appears nowhere. You tell it to the "
                "person yourself."
            )
        },
    )
    address_line = TextField(_l("Building and street"))
    town = TextField(_l("Town or city"))
    postcode = TextField(_l("Postcode"), longest=10)
    description = LongTextField(
        _l("In a few words"),
        [Words(MOST_WORDS)],
        description=_l(
            "What happens there, for people who have never heard of it. No names and no address."
        ),
    )
    was = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ways.choices = _choices(WAYS)
        self.languages.choices = _choices(language_names())
        self.access.choices = _choices(ACCESS)
        self.attributes.choices = _choices(ATTRIBUTES)
        self.meeting.choices = _choices(MEETINGS)

    def validate_next_start_on(self, field: DateField) -> None:
        """A past day helps nobody; one that stands already may have passed meanwhile."""
        if field.data and field.data < clock.today() and field.data != field.object_data:
            raise ValidationError(_("The next start must be today or later"))

    def validate_address_line(self, field: TextField) -> None:
        """Asked for where it is shown; where it is not, none is taken."""
        if self.meeting.data == Meeting.SHOWN and not field.data:
            raise ValidationError(_("Enter the building and street, or choose another answer"))

    def validate_reach_in(self, field: TextField) -> None:
        """Prisons belong to the statement that they are gone into."""
        if field.data and not self.reaches_in.data:
            raise ValidationError(_("Tick “We go into prisons”, or leave this empty"))

    def said(self) -> Said:
        """What was typed; the address only where it is to be shown."""
        shown = self.meeting.data == Meeting.SHOWN
        ticked = {*self.ways.data, *self.access.data, *self.attributes.data}
        spoken = {of_language(code) for code in self.languages.data}
        custody = {Trait.REACH_IN.value} if self.reaches_in.data else set()
        return Said(
            next_start_on=self.next_start_on.data,
            meeting=Meeting(self.meeting.data),
            address_line=self.address_line.data if shown else "",
            town=self.town.data if shown else "",
            postcode=self.postcode.data.upper() if shown else "",
            reach_in=self.reach_in.data,
            description=self.description.data,
            traits=tuple(sorted(ticked | spoken | custody)),
        )


def typed_of(said: Said) -> dict[str, Any]:
    """What stands, as the form takes it."""
    codes = set(said.traits)

    def of(labels: Any) -> list[str]:
        return [each for each in labels if each in codes]

    return {
        **{name: getattr(said, name) for name in ("next_start_on", "address_line", "town")},
        "postcode": said.postcode,
        "meeting": said.meeting,
        "reach_in": said.reach_in,
        "description": said.description,
        "ways": of(WAYS),
        "languages": languages_of(codes) or [ENGLISH],
        "access": of(ACCESS),
        "attributes": of(ATTRIBUTES),
        "reaches_in": Trait.REACH_IN in codes,
    }


def label_of(code: str, groups: Mapping[str, str]) -> str:
    """What is looked for in a service, in words; `groups` names the groups of people."""
    if code.startswith(COHORT):
        group = code.removeprefix(COHORT)
        return groups.get(group, group)
    if spoken := languages_of([code]):
        return language_names().get(spoken[0], spoken[0])
    return str(LABELS[Trait(code)])
