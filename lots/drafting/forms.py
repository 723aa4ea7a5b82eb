"""The pages of a draft as forms: each is filled with what a page holds, and gives it back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.forms import choices
from lots.models import Lot
from lots.vocabulary import (
    CUSTODY_CLOCKS,
    MOST_CUSTODY_DAYS,
    SENTENCE_STATUSES,
    CustodyClocks,
)
from marketplace.categories.models import Cohort, Outcome, Service
from marketplace.categories.queries import (
    category_name,
    cohorts,
    outcomes_by_category,
    service_choices,
    services,
)
from marketplace.clock import today
from marketplace.web.fields import (
    CheckboxesField,
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
    WholeNumberField,
    Words,
)

OWN_FIELDS = ("seen", "once", "csrf_token")


class StartForm(OnceForm):
    """The two things that a draft begins with."""

    title = TextField(_l("Title of the lot"), [Required(_l("Enter a title"))])
    service_code = RadioField(_l("Which service is to be bought?"), [Required(_l("Select one"))])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.service_code.choices = [SelectChoice(*choice) for choice in service_choices()]


class PageForm(Form):
    """One page of a draft. `seen` carries what the page held when it was opened."""

    seen = HiddenField()

    def offer(self, lot: Lot) -> None:
        """Offer what depends on the lot, before anything is filled in or checked."""

    def press(self, pressed: str) -> bool:
        """Do what another button than "Save" asks; whether to save then."""
        return True

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the page holds."""
        for name, value in held.items():
            if name in self:
                self[name].data = value

    def values(self) -> dict[str, Any]:
        """What was typed, as the page's values."""
        return {name: field.data for name, field in self._fields.items() if name not in OWN_FIELDS}


class ServiceForm(PageForm):
    """What is bought and what it is to achieve."""

    title = TextField(_l("Title of the lot"), [Required(_l("Enter a title"))])
    service_code = RadioField(
        _l("Which service is to be bought?"), [Required(_l("Select the service"))]
    )
    summary = LongTextField(
        _l("What is to be bought, in plain words"),
        [Words(400)],
        description=_l("Bidders decide in two minutes whether to read on."),
    )
    outcomes = CheckboxesField(
        _l("Which outcomes is it to achieve?"),
        description=_l("Providers report on these, and nothing else."),
    )

    def offer(self, lot: Lot) -> None:
        """Today's services with the needs they meet, and the outcomes of the chosen one's needs."""
        self.offered = {each.code: each for each in services()}
        self.service_code.choices = [
            SelectChoice(each.code, each.label) for each in self.offered.values()
        ]
        self.service_code.hints = {
            each.code: _("Needs it meets: %(needs)s", needs=_needs(each))
            for each in self.offered.values()
        }
        self.groups = self._outcomes_of(self.service_code.data or lot.service_code)
        self.outcomes.choices = [
            SelectChoice(outcome.code, outcome.label)
            for _need, group in self.groups
            for outcome in group
        ]
        shown = {choice.value for choice in self.outcomes.choices}
        self.outcomes.data = [code for code in self.outcomes.data or [] if code in shown]

    def _outcomes_of(self, code: str) -> list[tuple[str, list[Outcome]]]:
        needs = self.offered[code].need_codes if code in self.offered else []
        found = outcomes_by_category(needs, today())
        return [(category_name(need), found[need]) for need in needs if need in found]

    def press(self, pressed: str) -> bool:
        """Another service was chosen: show its outcomes, and save nothing yet."""
        return pressed != "outcomes"

    def validate_outcomes(self, field: Any) -> None:
        """At least one outcome, where the needs of the service have any."""
        if field.choices and not field.data:
            raise ValidationError(_("Select at least one outcome of this service"))

    def values(self) -> dict[str, Any]:
        """The page's values."""
        return super().values() | {"outcomes": sorted(set(self.outcomes.data or []))}


def _needs(service: Service) -> str:
    return "; ".join(category_name(code) for code in service.need_codes) or _("none of its own")


class EligibilityForm(PageForm):
    """Who may be referred, and from when in prison, as rules that the product applies."""

    cohort = SelectField(_l("Is it for one group of people only?"))
    min_age = WholeNumberField(_l("Youngest age"), least=18, most=120)
    max_age = WholeNumberField(_l("Oldest age"), least=18, most=120)
    statuses = CheckboxesField(
        _l("At which points of a sentence can somebody be referred?"),
        [Required(_l("Select at least one point of a sentence"))],
    )
    custody_days = WholeNumberField(
        _l("How many days before release is a place kept for somebody in prison?"),
        most=MOST_CUSTODY_DAYS,
        called=_l("Days before release"),
    )
    custody_clocks = RadioField(
        _l("From when are the first meeting and the assessment counted for them?")
    )
    eligibility_note = LongTextField(
        _l("Anything else that decides who it is for"),
        [Words(150)],
        description=_l("For example, that people travel to one town."),
    )

    def offer(self, lot: Lot) -> None:
        """Today's groups, and the statuses."""
        self.groups = {each.code: each for each in cohorts()}
        everybody = SelectChoice("", _("No, for everybody"))
        named = [SelectChoice(each.code, each.label) for each in self.groups.values()]
        self.cohort.choices = [everybody, *named]
        self.statuses.choices = choices(SENTENCE_STATUSES)
        self.custody_clocks.choices = choices(CUSTODY_CLOCKS)

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the page holds; no group is the first choice."""
        super().fill(held | {"cohort": held["cohort"] or ""})

    def validate_max_age(self, field: Any) -> None:
        """Ages are in order, and somebody of the group is of these ages."""
        least, most = self.min_age.data, field.data
        if least is not None and most is not None and most < least:
            raise ValidationError(_("Oldest age must be the same as or above the youngest age"))
        group = self.groups.get(self.cohort.data or "")
        if group is not None and _misses(group, least, most):
            raise ValidationError(
                _("Nobody in the group “%(group)s” is of these ages", group=group.label)
            )

    def values(self) -> dict[str, Any]:
        """The page's values; no group is None."""
        chosen = [each for each in SENTENCE_STATUSES if each in (self.statuses.data or [])]
        return super().values() | {
            "cohort": self.cohort.data or None,
            "statuses": chosen,
            "custody_clocks": CustodyClocks(self.custody_clocks.data or CustodyClocks.AT_SENDING),
        }


def _misses(group: Cohort, least: int | None, most: int | None) -> bool:
    too_old = least is not None and group.maximum_age is not None and least > group.maximum_age
    too_young = most is not None and group.minimum_age is not None and most < group.minimum_age
    return too_old or too_young
