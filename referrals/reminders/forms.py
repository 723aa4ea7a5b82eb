"""The form in which a person's agreement to reminders is recorded."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from marketplace import outbox
from marketplace.outbox import Channel
from marketplace.web.fields import (
    CheckboxField,
    EmailField,
    OnceForm,
    RadioField,
    Required,
    TextField,
)
from referrals.delivery.session_forms import missing
from referrals.drafts.base import choices
from referrals.models import Referral
from referrals.reminders.actions import MOBILE, PHONE, Agreed, digits
from referrals.reminders.models import CHANNELS, LANGUAGES, Languages


class ConsentForm(OnceForm):
    """How the person wants to be reminded, and that they agreed to it."""

    channel = RadioField(
        _l("How do they want to be reminded?"),
        [Required(_l("Select how they want to be reminded"))],
    )
    mobile = TextField(_l("Mobile number"), longest=20)
    email = EmailField(_l("Email address"))
    language = RadioField(
        _l("In which language?"),
        [Required(_l("Select a language"))],
        choices=choices(LANGUAGES),
    )
    call = TextField(
        _l("Which number can they call if they cannot come?"),
        [Required(_l("Enter a number they can call"))],
        longest=20,
        called=_l("Number to call"),
    )
    is_safe = CheckboxField(_l("Messages to this address follow the safe contact instructions"))
    agreed = CheckboxField(
        _l("The person has agreed to be sent these messages"),
        [Required(_l("Confirm that the person has agreed"))],
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asks_if_safe = bool(referral.safe_contact)
        texts = outbox.texts_are_carried()
        offered = {key: CHANNELS[key] for key in Channel if texts or key != Channel.TEXT}
        self.channel.choices = choices(dict(reversed(offered.items())))

    def validate_mobile(self, field: Field) -> None:
        wanted = self.channel.data == Channel.TEXT and field.data
        if wanted and not MOBILE.fullmatch(digits(field.data)):
            raise ValidationError(_("Enter a UK mobile number, like 07700 900123"))

    def validate_call(self, field: Field) -> None:
        if field.data and not PHONE.fullmatch(digits(field.data)):
            raise ValidationError(_("Enter a UK phone number, like 01632 960001"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        wrong = False
        if self.channel.data == Channel.TEXT:
            wrong = missing(self.mobile, _("Enter the mobile number"))
        elif self.channel.data == Channel.MAIL:
            wrong = missing(self.email, _("Enter the email address"))
        if self.asks_if_safe:
            sentence = _("Confirm that this follows the safe contact instructions")
            wrong = missing(self.is_safe, sentence) or wrong
        return valid and not wrong

    @property
    def answer(self) -> Agreed:
        """What the person agreed to."""
        channel = Channel(self.channel.data)
        address = digits(self.mobile.data) if channel == Channel.TEXT else self.email.data
        return Agreed(channel, address, Languages(self.language.data), self.call.data)
