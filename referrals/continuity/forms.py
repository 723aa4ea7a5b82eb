"""The forms of a decision."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l

from lots.contracts.continuity.models import Decision
from marketplace.web.fields import Form, LongTextField, RadioField, Required, SelectChoice
from referrals.answering.forms import END_CHOICES
from referrals.codes import END_REASONS, EndReason
from referrals.continuity.actions import Choice
from referrals.options import Option

CLOSES = SelectChoice(str(EndReason.SERVICE_CLOSES), END_REASONS[EndReason.SERVICE_CLOSES])


class DecisionForm(Form):
    """What becomes of one case: one of the services with a place, closing it, or staying."""

    choice = RadioField(
        _l("What should happen with this case?"),
        [Required(_l("Select what should happen with this case"))],
    )
    reason = RadioField(_l("Why can it be closed?"), choices=[CLOSES, *END_CHOICES])
    comment = LongTextField(
        _l("What should the provider know?"), longest=2500, called=_l("What to know")
    )

    def offer(self, options: list[Option], may_stay: bool) -> None:
        """Show these services, closing, and, where the service goes on for it, staying."""
        moves = [SelectChoice(str(each.id), each.label) for each in options]
        stays = SelectChoice(str(Decision.RUN_OFF), _l("It stays here until it ends"))
        closes = SelectChoice(str(Decision.EARLY_CLOSE), _l("Close it now"))
        self.choice.choices = [*moves, *([stays] if may_stay else []), closes]
        self.choice.hints = {str(each.id): each.hint for each in options} | {
            str(Decision.RUN_OFF): _l("The provider keeps the place for this person"),
        }

    def validate(self, extra_validators: object = None) -> bool:
        """Whoever closes a case says why."""
        valid = super().validate(extra_validators)
        if self.choice.data == Decision.EARLY_CLOSE and not self.reason.data:
            self.reason.errors = [str(_l("Select why it can be closed"))]
            return False
        return valid

    def chosen(self) -> Choice:
        """The decision as the action takes it."""
        chosen = self.choice.data
        if chosen == Decision.EARLY_CLOSE:
            reason = EndReason(self.reason.data)
            return Choice(Decision.EARLY_CLOSE, reason=reason, comment=self.comment.data or "")
        if chosen == Decision.RUN_OFF:
            return Choice(Decision.RUN_OFF)
        return Choice(Decision.TRANSFER, target=UUID(chosen))


class MoveForm(Form):
    """Which service somebody who waits is sent to instead."""

    choice = RadioField(
        _l("Which service should this person go to instead?"),
        [Required(_l("Select a service"))],
    )

    def offer(self, options: list[Option]) -> None:
        """Show these services."""
        self.choice.choices = [SelectChoice(str(each.id), each.label) for each in options]
        self.choice.hints = {str(each.id): each.hint for each in options}
