"""Which of the six accepted types a file is: judged by its content, never by its name alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.files.archives import Damaged, Unfit, archive_holds
from marketplace.web.words import cleaned

__all__ = ["FileKind", "Unfit", "Upload", "clean_name", "inspect"]

LONGEST_NAME = 120
# What no file system or header takes as it is, and what would hide a file.
UNSAFE = re.compile(r'[<>:"|?*/\\]')
# An ending that claims a type: ".pdf", but not the "2" of "Report 1.2".
CLAIM = re.compile(r"[A-Za-z][A-Za-z0-9]{1,4}")


class FileKind(StrEnum):
    """The types of file that are taken."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    PNG = "png"
    JPEG = "jpeg"


WHAT_IT_IS = {
    FileKind.PDF: _l("a PDF document"),
    FileKind.DOCX: _l("a Word document (DOCX)"),
    FileKind.XLSX: _l("a spreadsheet (XLSX)"),
    FileKind.ODT: _l("an OpenDocument text (ODT)"),
    FileKind.PNG: _l("a picture (PNG)"),
    FileKind.JPEG: _l("a picture (JPEG)"),
}
OFFICE = (FileKind.DOCX, FileKind.XLSX, FileKind.ODT)
ENDINGS = {kind: (kind.value,) for kind in FileKind} | {FileKind.JPEG: ("jpg", "jpeg")}
_OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}
# How a file begins: PDF (ISO 32000), PNG (ISO 15948), JPEG (ITU T.81), a zip archive (APPNOTE 4.3).
PDF_BEGINS = b"%PDF-"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
JPEG_BEGINS = b"\xff\xd8\xff"
ZIP_BEGINS = b"PK\x03\x04"
# Compound files: Word and Excel before 2007, and every later one behind a password.
OLD_OFFICE_BEGINS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Upload:
    """A file that was looked into and may be received; `sha256` is of its content."""

    name: str
    kind: FileKind
    content: bytes
    sha256: str


def inspect(name: str, content: bytes) -> Upload:
    """Judge a file by its content. Raises Unfit with a sentence that says what to do."""
    if not content:
        raise Unfit(_("The selected file is empty"))
    clean = clean_name(name)
    try:
        kind = _kind_of(content)
    except Damaged as damage:
        raise Unfit(_damaged_as(clean)) from damage
    return Upload(_named(clean, kind), kind, content, sha256(content).hexdigest())


def _kind_of(content: bytes) -> FileKind:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(PDF_BEGINS):
        return FileKind.PDF
    if content.startswith(PNG_BEGINS):
        return FileKind.PNG
    if content.startswith(JPEG_BEGINS):
        return FileKind.JPEG
    if content.startswith(OLD_OFFICE_BEGINS):
        raise Unfit(
            _(
                "This file needs a password, or comes from an old version of Office. Save it "
                "as DOCX, XLSX or PDF without a password, then choose it again"
            )
        )
    found = archive_holds(content) if content.startswith(ZIP_BEGINS) else None
    if found is None:
        raise Unfit(
            _(
                "This file is not a PDF, DOCX, XLSX, ODT, PNG or JPEG file, whatever its name "
                "says. Save it as one of these, then choose it again"
            )
        )
    return FileKind(found)


def _damaged_as(name: str) -> str:
    """What to do about a broken archive: it is none of what only the name claims."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    claimed = next((kind for kind, endings in ENDINGS.items() if ending in endings), None)
    if claimed is None or claimed in OFFICE:
        return _("This file is damaged. Open it, save it again, then choose the new one")
    return _(
        "This file is not %(kind)s though its name ends in .%(ending)s: it is a damaged archive "
        "or office file. Open the document it was made from, save it as %(kind)s, then choose "
        "the new one",
        kind=WHAT_IT_IS[claimed],
        ending=ending,
    )


def _named(name: str, kind: FileKind) -> str:
    """The name with an ending that is true. Raises Unfit where it claims another type."""
    ending = name.rpartition(".")[2] if "." in name else ""
    if ending.lower() in ENDINGS[kind]:
        return name
    if CLAIM.fullmatch(ending):
        raise Unfit(
            _(
                "This file is %(kind)s though its name ends in .%(ending)s. Rename it so that it "
                "ends in .%(true)s, or save it as the type you meant, then choose it again",
                kind=WHAT_IT_IS[kind],
                ending=ending,
                true=ENDINGS[kind][0],
            )
        )
    return f"{_cut(name, LONGEST_NAME - len(ENDINGS[kind][0]) - 1)}.{ENDINGS[kind][0]}"


def clean_name(given: str) -> str:
    """A file's name without folders, control characters and what a header could not carry.

    At most 120 characters; the ending survives the cut.
    """
    name = unicodedata.normalize("NFC", cleaned(re.split(r"[/\\]", given)[-1], lines=False))
    name = UNSAFE.sub("_", name).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and CLAIM.fullmatch(ending):
        return f"{_cut(stem, LONGEST_NAME - len(dot + ending))}{dot}{ending}"
    return _cut(name, LONGEST_NAME)


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip(". ") or "file"
