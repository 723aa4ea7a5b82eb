"""Handing out a file of a submitted version, by what was sealed of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from bids.sealing import digest
from marketplace import files
from marketplace.database import db
from marketplace.keyring import UnreadableSecret
from marketplace.lifecycle import Refusal


def hand_out(sealed: dict[str, Any]) -> Response:
    """The file as it was submitted: opened with the key that was sealed, its hash compared.

    Raises Refusal where it is being checked or was removed, and where it is not what was sealed.
    """
    file = db.session.get_one(files.File, UUID(sealed["file"]))
    try:
        content = files.readable(file, bytes.fromhex(sealed["key"]))
    except UnreadableSecret as broken:
        raise Refusal(_not_as_submitted()) from broken
    if digest(content) != sealed["sha256"]:
        raise Refusal(_not_as_submitted())
    return files.as_attachment(content, files.FileKind(sealed["kind"]), sealed["name"])


def _not_as_submitted() -> str:
    return _("This file is not what was submitted. Do not go on; tell the framework team.")
