"""The forms of accounts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.accounts.passwords import problem_with
from marketplace.acting import ROLES, Role
from marketplace.web.fields import (
    EmailField,
    Form,
    OnceForm,
    PasswordField,
    RadioField,
    Required,
    SelectChoice,
    TextField,
)

LONGEST_EMAIL = 254


class SignInForm(Form):
    """The first factor."""

    email = EmailField(
        _l("Email address"), [Required(_l("Enter your email address"))], longest=LONGEST_EMAIL
    )
    password = PasswordField(_l("Password"), [Required(_l("Enter your password"))])


class LinkForm(Form):
    """Where to send a sign-in link."""

    email = EmailField(
        _l("Email address"), [Required(_l("Enter your email address"))], longest=LONGEST_EMAIL
    )


class CodeForm(Form):
    """The authenticator's code."""

    code = TextField(
        _l("Code"),
        [Required(_l("Enter the 6 numbers that your authenticator app shows"))],
        description=_l("The 6 numbers that your authenticator app shows now"),
    )


class RecoveryCodeForm(Form):
    """One of the recovery codes."""

    code = TextField(
        _l("Recovery code"),
        [Required(_l("Enter one of your recovery codes"))],
        description=_l("For example, k7m2p-x9f4q. Each code works once."),
    )


class PressForm(Form):
    """A page that is nothing but its button."""


class NewPasswordForm(Form):
    """A new password for the person signed in."""

    password = PasswordField(
        _l("New password"),
        [Required(_l("Enter a new password"))],
        description=_l("12 characters or more. Three random words are a good start."),
    )

    def __init__(self, email: str, name: str, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.about = (email, name)

    def validate_password(self, field: PasswordField) -> None:
        problem = problem_with(field.data or "", *self.about)
        if problem:
            raise ValidationError(problem)


class ConfirmForm(NewPasswordForm):
    """The password of an account that registered itself; until then it has none."""

    password = PasswordField(
        _l("Choose a password"),
        [Required(_l("Choose a password"))],
        description=_l("12 characters or more. Three random words are a good start."),
    )


class ForgottenPasswordForm(NewPasswordForm):
    """A new password from a mailed link, with the authenticator's code."""

    code = TextField(
        _l("Code"), description=_l("The 6 numbers that your authenticator app shows now")
    )


class AcceptForm(Form):
    """A new account's name and password, from an invitation."""

    name = TextField(_l("Your full name"), [Required(_l("Enter your full name"))])
    password = PasswordField(
        _l("Choose a password"),
        [Required(_l("Choose a password"))],
        description=_l("12 characters or more. Three random words are a good start."),
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email

    def validate_password(self, field: PasswordField) -> None:
        problem = problem_with(field.data or "", self.email, self.name.data or "")
        if problem:
            raise ValidationError(problem)


class _RoleForm(Form):
    role = RadioField(_l("Role"), [Required(_l("Select a role"))])

    def __init__(self, roles: tuple[Role, ...], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role.choices = [SelectChoice(role.value, ROLES[role]) for role in roles]


class InviteForm(_RoleForm, OnceForm):
    """Whom to invite, and to which role."""

    email = EmailField(
        _l("Email address"),
        [Required(_l("Enter the email address of the person to invite"))],
        longest=LONGEST_EMAIL,
    )


class GrantForm(_RoleForm):
    """A further role for somebody who is already here."""


class NameForm(Form):
    """One's own name."""

    name = TextField(_l("Your full name"), [Required(_l("Enter your full name"))])


class SwitchForm(Form):
    """Which organisation to act for."""

    organisation = RadioField(
        _l("Organisation to act for"), [Required(_l("Select the organisation to act for"))]
    )
