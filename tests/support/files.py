"""Files for tests: the bytes of each type, and stored ones."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from marketplace import files
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.files import File
from tests.support.people import written

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
# What every scanner calls a virus, made for testing them (eicar.org); in two parts, so that none
# that looks at this source does.
VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
_OFFICE = "application/vnd.openxmlformats-officedocument"


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))


def png() -> bytes:
    """One white pixel."""
    head = struct.pack("!LLBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\xff\xff")
    parts = _part(b"IHDR", head) + _part(b"IDAT", pixel) + _part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def archive(entries: dict[str, bytes | str]) -> bytes:
    """A zip archive of these entries."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    return made.getvalue()


def _types(main: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/'
        f'package/2006/content-types"><Override PartName="/main.xml" ContentType="{main}"/>{more}'
        "</Types>"
    )


def docx(more: dict[str, bytes | str] | None = None, types: str = "") -> bytes:
    """A Word document, with further entries and content types."""
    main = f"{_OFFICE}.wordprocessingml.document.main+xml"
    entries = {"[Content_Types].xml": _types(main, types), "word/document.xml": "<document/>"}
    return archive(entries | (more or {}))


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    """A spreadsheet, with further entries."""
    main = f"{_OFFICE}.spreadsheetml.sheet.main+xml"
    entries = {"[Content_Types].xml": _types(main), "xl/workbook.xml": "<workbook/>"}
    return archive(entries | (more or {}))


def odt(more: dict[str, bytes | str] | None = None, kind: str = "text") -> bytes:
    """An OpenDocument file, a text where nothing else is said."""
    entries = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<document/>",
    }
    return archive(entries | (more or {}))


SAMPLES = {
    "policy.pdf": PDF,
    "policy.docx": docx(),
    "costs.xlsx": xlsx(),
    "policy.odt": odt(),
    "map.png": png(),
    "map.jpg": JPEG,
}


def make_file(
    by: Acting, name: str = "policy.pdf", content: bytes = PDF, hidden_in: UUID | None = None
) -> File:
    """A stored file that this person sent; nothing refers to it."""
    with written():
        file = files.receive(files.inspect(name, content), by, hidden_in)
        db.session.flush()
        db.session.expunge(file)
    return file
