"""The forms of a competition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.competition import held
from lots.competition.changes import Wanted
from lots.competition.vocabulary import CHOSEN_HINTS, CHOSEN_KINDS, ChangeKind
from lots.models import Lot
from marketplace import clock
from marketplace.web.fields import (
    DateField,
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    TimeField,
    WholeNumberField,
    Words,
)

# As many as the whole lot may ask of a bidder.
LONGEST_TEXT = 20_000


class ApproveForm(Form):
    """When an approved lot opens by itself."""

    day = DateField(_l("On which day should it open?"), [Required(_l("Enter the day"))])
    at = TimeField(_l("At what time, in London?"), [Required(_l("Enter the time"))])

    def moment(self) -> datetime:
        """The chosen moment, aware."""
        assert self.day.data is not None and self.at.data is not None
        return datetime.combine(self.day.data, self.at.data, clock.LONDON)

    def validate_at(self, field: Any) -> None:
        """Only a moment still ahead."""
        if self.day.data and field.data and self.moment() <= clock.now():
            raise ValidationError(_("The opening must be still ahead"))


class AskForm(OnceForm):
    """A bidder's question."""

    question = LongTextField(
        _l("Your question"),
        [Required(_l("Write your question")), Words(300)],
        description=_l("Leave out your organisation’s name and anything that gives it away."),
    )


class AnswerForm(Form):
    """The buyer's answer. `seen` is the edition that the page was opened with."""

    seen = HiddenField()
    wording = LongTextField(
        _l("The question as everybody will read it"),
        [Required(_l("Write the question as everybody will read it")), Words(400)],
        description=_l("Take out words that show who asks. Keep the meaning."),
    )
    answer = LongTextField(_l("Your answer"), [Words(1000)])


class ClosingForm(OnceForm):
    """A later closing day."""

    day = DateField(
        _l("New closing day"),
        [Required(_l("Enter the new closing day"))],
        description=_l("Bids will close at noon on that day. It can never move back."),
    )
    why = LongTextField(
        _l("Why does closing move?"),
        [Required(_l("Give the reason")), Words(150)],
        description=_l("Everybody reads it."),
    )


class _Change(OnceForm):
    seen = HiddenField()
    kind = RadioField(
        _l("What kind of change is it?"),
        [Required(_l("Select the kind of change"))],
        choices=[SelectChoice(kind.value, label) for kind, label in CHOSEN_KINDS.items()],
        hints={kind.value: hint for kind, hint in CHOSEN_HINTS.items()},
    )
    what = LongTextField(
        _l("What changes?"),
        [Required(_l("Say what changes")), Words(150)],
        description=_l("In a sentence or two, for bidders."),
    )
    why = LongTextField(_l("Why?"), [Required(_l("Give the reason")), Words(150)])
    closes_on = DateField(
        _l("Later closing day"),
        description=_l("Leave it empty to keep the day, or the day that the policy gives."),
    )


def _key(name: str) -> str:
    return "f_" + name.replace(":", "_").replace("-", "")


def change_form(lot: Lot) -> Any:
    """The page that changes an open lot: every field that may change, filled with what it holds."""
    values = held.held(lot)
    fields: dict[str, Any] = {}
    for name in values:
        label = held.label(lot, name)
        if name in held.NUMBERS:
            fields[_key(name)] = WholeNumberField(label, least=0, most=100_000)
        elif name in held.DATES:
            fields[_key(name)] = DateField(label)
        else:
            fields[_key(name)] = LongTextField(label, longest=LONGEST_TEXT)
    form = type("ChangeForm", (_Change,), fields)()
    if not form.is_submitted():
        form.seen.data = held.fingerprint(lot)
        for name, value in values.items():
            is_date = name in held.DATES and value
            form[_key(name)].data = datetime.fromisoformat(value).date() if is_date else value
    form.named = [(name, _key(name)) for name in values]
    return form


def wanted_of(form: Any) -> Wanted:
    """What was typed into the page that changes a lot."""
    values = {}
    for name, key in form.named:
        data = form[key].data
        values[name] = data.isoformat() if name in held.DATES and data else data
    return Wanted(
        kind=ChangeKind(form.kind.data),
        what=form.what.data,
        why=form.why.data,
        values=values,
        closes_on=form.closes_on.data,
        seen=form.seen.data,
    )
