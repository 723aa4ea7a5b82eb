"""The form field that takes a file and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from marketplace.files.kinds import ENDINGS, FileKind, Unfit, Upload, inspect

MEGABYTE = 1_000_000


class UploadField(FileField):
    """One file of the given kinds; after validation `upload` is what `files.receive` takes.

    Its view needs `@takes_files`, its form `enctype="multipart/form-data"`, and no other field:
    a browser does not keep a chosen file, and a page that fails is filled in again.
    """

    shape = "file"
    upload: Upload | None = None

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        kinds: Iterable[FileKind] = FileKind,
        **kwargs,
    ):
        super().__init__(label, validators, **kwargs)
        self.kinds = tuple(kinds)

    @property
    def most_megabytes(self) -> int:
        """The largest size that is taken."""
        return current_app.extensions["settings"].file_megabytes

    def listed(self) -> str:
        """The kinds for the user: "PDF, DOCX"."""
        return ", ".join(kind.upper() for kind in self.kinds)

    @property
    def accepted(self) -> str:
        """The endings that the browser's file chooser offers."""
        return ",".join(f".{ending}" for kind in self.kinds for ending in ENDINGS[kind])

    def pre_validate(self, form: Any) -> None:
        if not isinstance(self.data, FileStorage) or not self.data.filename:
            return
        most = self.most_megabytes
        content = self.data.stream.read(most * MEGABYTE + 1)
        if len(content) > most * MEGABYTE:
            raise StopValidation(
                _(
                    "The selected file must be %(most)s MB or smaller. Save it as PDF, or make its "
                    "pictures smaller, then choose it again",
                    most=most,
                )
            )
        try:
            self.upload = inspect(self.data.filename, content)
        except Unfit as unfit:
            raise StopValidation(str(unfit)) from unfit
        if self.upload.kind not in self.kinds:
            raise StopValidation(
                _("The selected file must be one of these kinds: %(kinds)s", kinds=self.listed())
            )
