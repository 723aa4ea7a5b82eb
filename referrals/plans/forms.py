"""The forms of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
    DateField,
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    WholeNumberField,
)
from referrals.delivery.models import METHODS, Method
from referrals.drafts.base import choices
from referrals.plans.kinds import OTHER, ActivityKind, label_of
from referrals.plans.models import DOERS, FREQUENCIES, MOST_SESSIONS, Doer, Frequency
from referrals.plans.queries import Said


class ActivityForm(OnceForm):
    """One activity; `seen` says how it stood when the page was opened."""

    seen = HiddenField()
    kind = RadioField(_l("What will be done?"), [Required(_l("Select what will be done"))])
    words = LongTextField(
        _l("Say more about it"),
        longest=1000,
        show_count=True,
        called=_l("What you say about it"),
        description=_l("Needed where you select “Something else”."),
    )
    doer = RadioField(
        _l("Who does it?"), [Required(_l("Select who does it"))], choices=choices(DOERS)
    )
    frequency = RadioField(
        _l("How often?"), [Required(_l("Select how often"))], choices=choices(FREQUENCIES)
    )
    method = RadioField(
        _l("How will it be done?"),
        [Required(_l("Select how it will be done"))],
        choices=choices(METHODS),
    )
    by_on = DateField(_l("By when?"), [Required(_l("Enter the day by which it should be done"))])

    def offer(self, kinds: Sequence[ActivityKind], kept: str | None) -> None:
        """Offer these kinds, the one that is `kept` though it is no longer offered, and "other"."""
        named = [SelectChoice(kind.code, kind.label) for kind in kinds]
        if kept and kept != OTHER and kept not in {kind.code for kind in kinds}:
            named.append(SelectChoice(kept, label_of(kept)))
        self.kind.choices = [*named, SelectChoice(OTHER, label_of(OTHER))]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.kind.data == OTHER and not self.words.data and not self.words.errors:
            self.words.errors = [_("Say in words what the activity is")]
            return False
        return valid

    def said(self, outcome_id: UUID) -> Said:
        """What was said of the activity."""
        assert self.by_on.data is not None
        return Said(
            outcome_id,
            self.kind.data,
            self.words.data or None,
            Doer(self.doer.data),
            Frequency(self.frequency.data),
            Method(self.method.data),
            self.by_on.data,
        )


class SessionsForm(Form):
    """How many sessions there are to be in all."""

    seen = HiddenField()
    sessions = WholeNumberField(
        _l("How many sessions will there be in all?"),
        [Required(_l("Enter the number of sessions"))],
        least=1,
        most=MOST_SESSIONS,
    )


class CommentForm(OnceForm):
    """What somebody says of the plan."""

    text = LongTextField(
        _l("What do you want to say about the plan?"),
        [Required(_l("Enter what you want to say"))],
        longest=4000,
        show_count=True,
        called=_l("Comment"),
    )
