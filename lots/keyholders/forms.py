"""The forms of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
    Form,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
)

SERVICE, PEOPLE = "service", "people"


class SplittingForm(Form):
    """Who keeps the key that opens the bids."""

    kept = RadioField(
        _l("Who keeps the key that opens the bids?"),
        [Required(_l("Say who keeps the key"))],
        choices=[
            SelectChoice(SERVICE, _l("The service")),
            SelectChoice(PEOPLE, _l("People of your organisation, divided among them")),
        ],
        hints={
            SERVICE: _l(
                "Two people press to open, after the closing time. Nothing to write down, and "
                "nothing to lose."
            ),
            PEOPLE: _l(
                "Two people type in a code that only they have. Without them the service cannot "
                "unlock the bids either. If the codes are lost, so are the bids."
            ),
        },
    )


class HolderForm(Form):
    """Who holds a part."""

    person = SelectField(_l("Officer or decision-maker"), [Required(_l("Choose a person"))])


class MakeCodeForm(OnceForm):
    """A button; a page that is loaded again makes no second code."""


class CodeForm(Form):
    """The code, as it was written down."""

    code = TextField(
        _l("Opening code"),
        [Required(_l("Type in your opening code"))],
        description=_l(
            "32 letters and digits. Spaces, and capital or small letters, do not matter."
        ),
        longest=100,
    )
