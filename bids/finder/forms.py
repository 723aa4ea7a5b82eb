"""What an entry says, and a message."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from bids.finder.actions import MOST_DAYS, NamesLot, Sought, problem_of_day
from bids.finder.models import FinderEntry, Side
from marketplace.areas.queries import area_choices
from marketplace.categories.queries import categories
from marketplace.lifecycle import Refusal
from marketplace.web.fields import (
    CheckboxesField,
    DateField,
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    Words,
)

USUAL_DAYS = 90
ENTRY_WORDS = 150
MESSAGE_WORDS = 400


class EntryForm(OnceForm):
    """Who is looked for, where, for what, and until when."""

    seen = HiddenField()
    side = RadioField(
        _l("Whom do you look for?"),
        [Required(_l("Select whom you look for"))],
        choices=[
            SelectChoice(Side.LEAD.value, _l("A lead: we want to deliver a part")),
            SelectChoice(Side.PARTNERS.value, _l("Partners: we want to lead a bid")),
        ],
    )
    areas = CheckboxesField(_l("In which areas?"), [Required(_l("Select at least one area"))])
    categories = CheckboxesField(
        _l("For which kinds of service?"), [Required(_l("Select at least one kind of service"))]
    )
    words = LongTextField(
        _l("What do you offer, and what do you look for?"),
        [Required(_l("Enter what you offer and look for")), Words(ENTRY_WORDS)],
        called=_l("Your text"),
        description=_l(
            "Every signed-in provider can read it. Name no lot: who bids for which lot stays "
            "unknown until its bids are opened. You need no address: people write to you here."
        ),
    )
    ends_on = DateField(
        _l("Until when should others find this?"), [Required(_l("Enter the last day"))]
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.areas.choices = [SelectChoice(code, name) for code, name in area_choices()]
        self.categories.choices = [SelectChoice(each.code, each.label) for each in categories()]
        self.ends_on.description = _(
            "The last day can be up to %(most)s days from now.", most=MOST_DAYS
        )

    def validate_ends_on(self, field: DateField) -> None:
        """After today, and not for ever."""
        if field.data:
            problem = problem_of_day(field.data)
            if problem:
                raise ValidationError(problem)

    def refuse(self, refusal: Refusal) -> None:
        """Say what is refused: beside the text where it names a lot, else above the form."""
        if isinstance(refusal, NamesLot):
            self.words.errors = [str(refusal.text)]
        else:
            self.form_errors.append(str(refusal.text))

    def fill(self, entry: FinderEntry) -> None:
        """Show what the entry says."""
        self.side.data, self.words.data = entry.side.value, entry.words
        self.areas.data = [each.area_code for each in entry.areas]
        self.categories.data = [each.category_code for each in entry.categories]
        self.ends_on.data = entry.ends_on

    def sought(self) -> Sought:
        """What was typed; call it on a valid form."""
        assert self.ends_on.data is not None
        return Sought(
            Side(self.side.data),
            tuple(self.areas.data or ()),
            tuple(self.categories.data or ()),
            self.words.data or "",
            self.ends_on.data,
        )


class MessageForm(OnceForm):
    """A message to another organisation."""

    text = LongTextField(
        _l("Your message"),
        [Required(_l("Enter your message")), Words(MESSAGE_WORDS)],
    )
