"""Forms that ask about every outcome of one case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from flask_babel import gettext as _

from marketplace.web.fields import Form, RadioField, Required, SelectChoice
from referrals.drafts.base import choices
from referrals.outcomes.models import POSITIONS
from referrals.outcomes.queries import Travelled

NOT_SAID = "not_said"


def _position(each: Travelled) -> RadioField:
    return RadioField(
        _("Where do you think the person is now?"),
        [Required(_("Select a position for “%(outcome)s”", outcome=each.outcome))],
        choices=choices(POSITIONS),
    )


def _own(each: Travelled) -> RadioField:
    return RadioField(
        _("Where does the person say they are?"),
        choices=[*choices(POSITIONS), SelectChoice(NOT_SAID, _("They did not want to say"))],
        default=NOT_SAID,
    )


class OutcomesForm(Form):
    """A form with questions about each outcome, named by the outcome's number in the case."""

    MAKERS: ClassVar[Mapping[str, Callable[[Travelled], Any]]] = {
        "position": _position,
        "own": _own,
    }

    @classmethod
    def for_outcomes(cls, outcomes: Sequence[Travelled]) -> type:
        """This form with its questions for each outcome."""
        fields: dict[str, Any] = {}
        for number, each in enumerate(outcomes):
            for kind, maker in cls.MAKERS.items():
                fields[f"{kind}_{number}"] = maker(each)
        return type(f"{cls.__name__}OfCase", (cls,), fields)

    def answers(self, kind: str, outcomes: Sequence[Travelled]) -> list[Any]:
        """What was answered for each outcome, in order."""
        return [self[f"{kind}_{number}"].data for number in range(len(outcomes))]

    def positions(self, outcomes: Sequence[Travelled]) -> dict[UUID, int]:
        """The caseworker's position on each outcome."""
        given = self.answers("position", outcomes)
        return {each.outcome_id: int(said) for each, said in zip(outcomes, given, strict=True)}

    def own_positions(self, outcomes: Sequence[Travelled]) -> dict[UUID, int]:
        """The person's own position on those outcomes on which they wished to say."""
        given = zip(outcomes, self.answers("own", outcomes), strict=True)
        return {each.outcome_id: int(said) for each, said in given if said and said != NOT_SAID}
