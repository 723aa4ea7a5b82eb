"""The form of a note."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    TextField,
)

LONGEST = 4000
URGENT, MAIL, QUIET = "urgent", "mail", "quiet"


class NoteForm(OnceForm):
    """What to tell the other side, and how soon they must know."""

    subject = TextField(_l("What is it about?"), longest=120, called=_l("What it is about"))
    text = LongTextField(
        _l("Note"),
        [Required(_l("Enter the note"))],
        description=_l("It cannot be changed afterwards. Both sides can read it."),
        longest=LONGEST,
        show_count=True,
        called=_l("Note"),
    )
    tells = RadioField(
        _l("How soon must the other side know?"),
        [Required(_l("Select how soon the other side must know"))],
        choices=[
            SelectChoice(QUIET, _l("When they next open the case")),
            SelectChoice(MAIL, _l("Soon: send them an email")),
            SelectChoice(URGENT, _l("Urgent")),
        ],
        hints={
            URGENT: _l(
                "They are sent an email now, and it stays at the head of the case until "
                "one of them says they have read it. In an emergency, ring 999 first."
            )
        },
    )
