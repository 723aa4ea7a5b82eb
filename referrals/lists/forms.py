"""The forms of the lists: finding a case again, filters, and saving a list."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError

from marketplace.web.fields import (
    CheckboxField,
    Form,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
)
from referrals.codes import REFERRAL_STATES, ReferralState
from referrals.drafts.base import choices
from referrals.lists.asking import Asked
from referrals.lists.folding import FEWEST, whole
from referrals.lists.saving import SAVE_REASONS
from referrals.lists.tabs import SORTS, sorts_for, states_of


def long_enough(_form: Form, field: Field) -> None:
    """At least three letters or digits: fewer would find half of everybody."""
    if len(whole(field.data or "")) < FEWEST:
        raise ValidationError(_("Enter at least 3 letters or digits"))


class LookUpForm(Form):
    """Search by how a name, CRN or reference begins."""

    what = TextField(
        _l("Find a case by name, CRN or reference"),
        [Required(_l("Enter a name, a CRN or a reference")), long_enough],
        description=_l("At least the first 3 letters or digits"),
        longest=100,
        called=_l("name, CRN or reference"),
    )


class FilterForm(Form):
    """What a list is narrowed to, and its order; it stands in the address."""

    class Meta(Form.Meta):
        csrf = False

    service = SelectField(_l("Service"))
    person = SelectField(_l("Worked on by"))
    whose = SelectField(_l("Whose"))
    state = SelectField(_l("State"))
    sort = SelectField(_l("Sort by"))


def filters(
    asked: Asked, services: dict[UUID, str], people: dict[UUID, str], *, of_provider: bool
) -> FilterForm:
    """The form with what this list can be narrowed to, showing what is chosen.

    A provider has nobody who waits in its lists, so it is not offered that state.
    """
    chosen = asked.choices()
    form = FilterForm(
        formdata=None,
        data={name: chosen.get(name, "") for name in ("service", "person", "whose", "state")}
        | {"sort": asked.sort.value},
    )
    form.service.choices = [SelectChoice("", _("Every service")), *choices(services)]
    form.person.choices = [SelectChoice("", _("Anybody")), *choices(people)]
    form.whose.choices = [
        SelectChoice("", _("All I may see")),
        SelectChoice("own", _("Only my own")),
    ]
    states = {each: REFERRAL_STATES[each] for each in states_of(asked.tab)}
    if of_provider:
        states.pop(ReferralState.WAITING, None)
    form.state.choices = [SelectChoice("", _("Any state")), *choices(states)]
    form.sort.choices = choices({each: SORTS[each] for each in sorts_for(asked.tab)})
    return form


class SaveForm(Form):
    """Why a list is saved, and whether with names."""

    reason = RadioField(
        _l("Why do you need this table?"),
        [Required(_l("Choose why you need this table"))],
        choices=choices(SAVE_REASONS),
    )
    names = CheckboxField(_l("With names and CRNs"))
