"""Handing a file out: always to be saved, never shown inside a page of ours."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file
from flask_babel import gettext as _

from marketplace.files.actions import content_of
from marketplace.files.kinds import CONTENT_TYPES, FileKind
from marketplace.files.models import File, FileState
from marketplace.lifecycle import Refusal

WITHHELD = (FileState.QUARANTINED, FileState.INFECTED)
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def send(file: File) -> Response:
    """The file as an attachment; whether this person may have it, the caller has judged.

    Raises Refusal while it is being checked, and where it held a virus.
    """
    return as_attachment(readable(file), file.kind, file.name)


def readable(file: File, key: bytes | None = None) -> bytes:
    """What the file holds; `key` opens a hidden one (`content_of`). Raises Refusal as `send`."""
    content = None if file.state in WITHHELD else content_of(file, key)
    if content is None:
        raise Refusal(_why_withheld(file))
    return content


def as_attachment(content: bytes, kind: FileKind, name: str) -> Response:
    """The content to be saved under this name."""
    answer = send_file(
        BytesIO(content), mimetype=CONTENT_TYPES[kind], as_attachment=True, download_name=name
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _why_withheld(file: File) -> str:
    if file.state is FileState.QUARANTINED:
        return _("This file is being checked for viruses. Try again in a few minutes.")
    return _(
        "This file was removed, because a virus was found in it. Ask whoever sent it for a "
        "clean one."
    )
