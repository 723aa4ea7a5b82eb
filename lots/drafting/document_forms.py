"""A document of a lot as a form."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from lots.forms import choices
from lots.vocabulary import DOCUMENT_KINDS, DocumentKind
from marketplace.files import UploadField
from marketplace.web.fields import OnceForm, RadioField, Required, TextField


class DocumentForm(OnceForm):
    """One document more; without a title of its own it is called what it is."""

    kind = RadioField(_l("What is it?"), [Required(_l("Select what the document is"))])
    title = TextField(
        _l("Title"),
        description=_l("What bidders see. Empty takes what you selected above."),
    )
    file = UploadField(_l("File"), [Required(_l("Select a file"))])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(DOCUMENT_KINDS)

    @property
    def offered(self) -> list[str]:
        """The kinds it can be."""
        return [kind.value for kind in DOCUMENT_KINDS]

    @property
    def called(self) -> str:
        """The title typed, else the words for its kind."""
        return self.title.data or str(DOCUMENT_KINDS[self.chosen])

    @property
    def chosen(self) -> DocumentKind:
        """What it is."""
        return DocumentKind(self.kind.data)


class CopyForm(OnceForm):
    """The one button that copies a lot."""
