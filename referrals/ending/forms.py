"""The form of the end of service report, made for one case's outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.web.fields import LongTextField, RadioField, Required, SelectChoice
from referrals.drafts.base import choices
from referrals.ending.actions import OutcomeResult
from referrals.ending.models import ACHIEVEMENTS, RATINGS, Achievement
from referrals.outcomes.forms import NOT_SAID, OutcomesForm
from referrals.outcomes.queries import Travelled


def _achievement(each: Travelled) -> RadioField:
    return RadioField(
        _("Was it achieved?"),
        [Required(_("Select how far “%(outcome)s” was achieved", outcome=each.outcome))],
        choices=choices(ACHIEVEMENTS),
    )


def _comment(each: Travelled) -> LongTextField:
    return LongTextField(
        _("What was done, and what changed?"),
        [Required(_("Say what was done for “%(outcome)s”", outcome=each.outcome))],
        longest=4000,
        called=_("What was done"),
    )


def _next_steps(each: Travelled) -> LongTextField:
    return LongTextField(
        _("What should happen next?"),
        longest=2000,
        called=_("What should happen next"),
    )


class ReportForm(OutcomesForm):
    """The end of service report."""

    MAKERS: ClassVar[Mapping[str, Callable[[Travelled], Any]]] = {
        "achievement": _achievement,
        "comment": _comment,
        "next": _next_steps,
        **OutcomesForm.MAKERS,
    }

    summary = LongTextField(
        _l("Summary of the work"),
        [Required(_l("Enter a summary of the work"))],
        longest=8000,
        called=_l("Summary"),
    )
    rating = RadioField(
        _l("How does the person rate the service?"),
        choices=[*choices(RATINGS), SelectChoice(NOT_SAID, _l("They did not want to say"))],
        default=NOT_SAID,
        description=_l(
            "Ask them. The average of many ratings is shown in the directory, never one alone."
        ),
    )

    @property
    def rated(self) -> int | None:
        """The person's rating from 1 to 5, where they gave one."""
        return int(self.rating.data) if self.rating.data in map(str, RATINGS) else None

    def results(self, outcomes: Sequence[Travelled]) -> list[OutcomeResult]:
        """What was said of each outcome, in order."""
        positions, own = self.positions(outcomes), self.own_positions(outcomes)
        said = zip(
            outcomes,
            self.answers("achievement", outcomes),
            self.answers("comment", outcomes),
            self.answers("next", outcomes),
            strict=True,
        )
        return [
            OutcomeResult(
                each.outcome_id,
                Achievement(achieved),
                comment,
                positions[each.outcome_id],
                next_steps or "",
                own.get(each.outcome_id),
            )
            for each, achieved, comment, next_steps in said
        ]
