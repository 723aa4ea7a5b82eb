"""Looking into office files, which are zip archives, without trusting what they claim."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from flask_babel import gettext as _

MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 100_000_000
# A table of contents is short; one that is not is not read.
MOST_TABLE_BYTES = 1_000_000
DIRECTORY_ENTRY = b"PK\x01\x02"

CONTENT_TABLE = "[Content_Types].xml"
_OFFICE = b"application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    _OFFICE + b"wordprocessingml.document.main+xml": "docx",
    _OFFICE + b"spreadsheetml.sheet.main+xml": "xlsx",
}
OPEN_DOCUMENT_TEXT = b"application/vnd.oasis.opendocument.text"
# A RuntimeError also where the library does not know how a part is packed.
BROKEN = (
    BadZipFile,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


class Unfit(ValueError):
    """The file is not taken; the text says why and what to do."""


class Damaged(Exception):
    """The archive cannot be read to its end; what to say depends on what it claims to be."""


def archive_holds(content: bytes) -> str | None:
    """ "docx", "xlsx" or "odt" for a sound office file; None for any other archive.

    Raises Damaged where it cannot be read, and Unfit where it unpacks to too much, is encrypted or
    carries macros.
    """
    if content.count(DIRECTORY_ENTRY) > MOST_ENTRIES:
        raise Unfit(_too_much())
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _look_into(archive)
    except Unfit:
        raise
    except BROKEN as error:
        raise Damaged() from error


def _look_into(archive: ZipFile) -> str | None:
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise Unfit(_too_much())
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit(_locked())
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        return None
    names = {entry.filename for entry in entries}
    if CONTENT_TABLE in names:
        found = _office_kind(_table(archive, CONTENT_TABLE), names)
    elif "mimetype" in names and _table(archive, "mimetype").strip() == OPEN_DOCUMENT_TEXT:
        found = _open_document_kind(archive, names)
    else:
        return None
    if archive.testzip() is not None:
        raise BadZipFile("an entry's checksum is wrong")
    return found


def _table(archive: ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MOST_TABLE_BYTES:
        raise Unfit(_too_much())
    return archive.read(name)


def _office_kind(table: bytes, names: set[str]) -> str | None:
    telling = table.lower()
    carries = b"macroenabled" in telling or b"vbaproject" in telling
    if carries or any("vbaproject" in name.lower() or "macrosheets/" in name for name in names):
        raise Unfit(_with_macros())
    said = table.replace(b"'", b'"')
    return next((kind for part, kind in MAIN_PARTS.items() if b'"' + part + b'"' in said), None)


def _open_document_kind(archive: ZipFile, names: set[str]) -> str:
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in _table(archive, manifest):
        raise Unfit(_locked())
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise Unfit(_with_macros())
    return "odt"


def _too_much() -> str:
    return _(
        "This file unpacks to more than we can check. Save it as PDF, or split it, "
        "then choose it again"
    )


def _locked() -> str:
    return _("This file needs a password. Save it without one, then choose it again")


def _with_macros() -> str:
    return _(
        "This file carries macros, which could do harm. Save it without macros, as DOCX, XLSX, "
        "ODT or PDF, then choose it again"
    )
