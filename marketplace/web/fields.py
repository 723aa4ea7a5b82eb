"""Form fields that say in the user's words what is wrong and how to put it right.

Each field knows its `shape`, the macro in `marketplace/fields.html` that draws it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField as WTFBooleanField
from wtforms import Field, SelectMultipleField, StringField
from wtforms import HiddenField as WTFHiddenField
from wtforms import PasswordField as WTFPasswordField
from wtforms import RadioField as WTFRadioField
from wtforms import SelectField as WTFSelectField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from marketplace.web.moments import DateField, DayField, TimeField
from marketplace.web.numbers import MoneyField, PercentField, WholeNumberField
from marketplace.web.words import cleaned, count_words

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "DateField",
    "DayField",
    "Email",
    "EmailField",
    "Form",
    "HiddenField",
    "LongTextField",
    "MoneyField",
    "OnceForm",
    "PasswordField",
    "PercentField",
    "RadioField",
    "Required",
    "SelectChoice",
    "SelectField",
    "TextField",
    "TimeField",
    "WholeNumberField",
    "Words",
    "count_words",
    "errors_of",
]

TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 10_000


class _Translations:
    """The form library's few own sentences, through the application's catalogue."""

    def gettext(self, text: str) -> str:
        return _(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return ngettext(singular, plural, n)


class Form(FlaskForm):
    """The base of every form: protected against forgery, its sentences translated."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()


class Required:
    """The field must be filled in; `message` tells the user what to do ("Enter the town")."""

    field_flags = {"required": True}

    def __init__(self, message: Any):
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            raise StopValidation()
        data = field.data
        empty = data is None or data is False or data == [] or data == ""
        if empty or (isinstance(data, str) and not data.strip()):
            raise StopValidation(str(self.message))


class Words:
    """At most `most` words; the macro shows the count, with and without scripts."""

    def __init__(self, most: int):
        self.most = most

    def __call__(self, form: Any, field: Field) -> None:
        over = count_words(field.data or "") - self.most
        if over > 0:
            raise ValidationError(
                ngettext(
                    "%(field)s must be %(most)s words or fewer. Take out %(num)s word.",
                    "%(field)s must be %(most)s words or fewer. Take out %(num)s words.",
                    over,
                    field=called(field),
                    most=self.most,
                )
            )


class Email:
    """An address that could receive mail: something, an @, and a domain with a dot."""

    def __call__(self, form: Any, field: Field) -> None:
        name, at, domain = (field.data or "").rpartition("@")
        whole = at and name and "." in domain.strip(".") and not any(map(str.isspace, field.data))
        if field.data and not whole:
            raise ValidationError(
                _("Enter an email address in the correct format, like name@example.com")
            )


def called(field: Field) -> str:
    """How an error names the field: its `called` where the label is a question, else its label."""
    return str(getattr(field, "called", None) or field.label.text)


class TextField(StringField):
    """One line of text; control characters and the spaces around it are taken out."""

    shape = "text"
    longest = TEXT_LENGTH
    lines = False

    def __init__(self, label: Any = None, validators: Any = None, *, called: Any = None, **kwargs):
        self.longest = kwargs.pop("longest", self.longest)
        super().__init__(label, validators, **kwargs)
        self.called = called

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = cleaned(valuelist[0], lines=self.lines)
        elif self.data is None:
            self.data = ""

    def pre_validate(self, form: Any) -> None:
        most = self.most_words
        if most is not None and count_words(self.data or "") > most:
            return  # `Words` says it in the unit that the page counts in.
        if len(self.data or "") > self.longest:
            raise StopValidation(
                _(
                    "%(field)s must be %(most)s characters or fewer",
                    field=called(self),
                    most=f"{self.longest:,}",
                )
            )

    @property
    def most_words(self) -> int | None:
        """The word limit, where a `Words` validator sets one."""
        return next((each.most for each in self.validators if isinstance(each, Words)), None)


class LongTextField(TextField):
    """Several lines; `show_count` has the macro show how many characters are left."""

    shape = "textarea"
    longest = LONG_TEXT_LENGTH
    lines = True

    def __init__(self, label: Any = None, validators: Any = None, *, show_count=False, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.show_count = show_count


class EmailField(TextField):
    """An email address."""

    shape = "email"

    def __init__(self, label: Any = None, validators: Iterable[Any] | None = None, **kwargs):
        super().__init__(label, [*(validators or []), Email()], **kwargs)


class PasswordField(WTFPasswordField):
    """A password; never given back to the page, never trimmed."""

    shape = "password"

    def pre_validate(self, form: Any) -> None:
        if len(self.data or "") > TEXT_LENGTH:
            raise StopValidation(
                _("Password must be %(most)s characters or fewer", most=TEXT_LENGTH)
            )


class HiddenField(WTFHiddenField):
    """A value carried along unseen; whoever sends it can have changed it."""

    shape = "hidden"

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = cleaned(valuelist[0], lines=False)
        elif self.data is None:
            self.data = ""


class _KeyField(HiddenField):
    """Only a page that is fetched carries a fresh key; a form sent without one has none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist or [""])


class OnceForm(Form):
    """A form that makes something new: the write uses `once` up (`marketplace.once.use_up`).

    Shown beside another form that is sent, it is made with `formdata=None`.
    """

    once = _KeyField(default=lambda: uuid4().hex)

    def renew(self) -> None:
        """Give the page a fresh key, where it was another form that was sent."""
        self.once.data = uuid4().hex


class _Choosing:
    """What the three fields of choices share: a clear refusal of anything not offered."""

    data: Any
    choices: Any

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        offered = {str(choice.value) for choice in map(SelectChoice.from_input, self._offered())}
        given = self.data if isinstance(self.data, list) else [self.data]
        if not {str(value) for value in given} <= offered:
            raise StopValidation(_("Select from the options shown"))

    def _offered(self) -> list[Any]:
        return list(self.choices or [])


def _coerce(value: Any) -> Any:
    return "" if value is None else str(value)


class RadioField(_Choosing, WTFRadioField):
    """One of a few; choices are `SelectChoice`s, `hints` maps a value to its hint."""

    shape = "radios"

    def __init__(self, label: Any = None, validators: Any = None, *, hints=None, **kwargs):
        super().__init__(label, validators, coerce=kwargs.pop("coerce", _coerce), **kwargs)
        self.hints = hints or {}


class SelectField(_Choosing, WTFSelectField):
    """One of many."""

    shape = "select"

    def __init__(self, label: Any = None, validators: Any = None, **kwargs):
        super().__init__(label, validators, coerce=kwargs.pop("coerce", _coerce), **kwargs)


class CheckboxesField(_Choosing, SelectMultipleField):
    """Any of a few; its data is a list of values."""

    shape = "checkboxes"

    def __init__(self, label: Any = None, validators: Any = None, *, hints=None, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.hints = hints or {}


class CheckboxField(WTFBooleanField):
    """A single statement to tick."""

    shape = "checkbox"


def errors_of(form: Any) -> list[tuple[str, str]]:
    """Every error of a form, parts and lists included, as (focusable id, sentence).

    The id is empty for an error of the whole form.
    """
    found: list[tuple[str, str]] = [("", str(each)) for each in form.form_errors]
    for field in form:
        found += _errors_of_field(field)
    return found


def _errors_of_field(field: Field) -> list[tuple[str, str]]:
    if hasattr(field, "form"):
        return errors_of(field.form)
    if hasattr(field, "entries"):
        inner = [error for entry in field.entries for error in _errors_of_field(entry)]
        own = [each for each in field.errors if isinstance(each, str)]
        target = getattr(field.entries[0], "id", "") if field.entries else ""
        return [(target, each) for each in own] + inner
    target = getattr(field, "focus_id", field.id)
    return [(target, str(error)) for error in field.errors[:1]]
