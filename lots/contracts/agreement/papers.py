"""A signed or drafted text to take away: as it is, or for a word processor."""

from __future__ import annotations

import re
from io import BytesIO

from docx import Document
from flask import Response

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADING = re.compile(r"\d+\. \S.*")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_docx(text: str, text_hash: str) -> bytes:
    """The text as a document; its last line is the SHA-256 of the text itself."""
    document = Document()
    lines = [line for line in NOT_IN_XML.sub("", text).splitlines() if line.strip()]
    document.add_heading(lines[0] if lines else "", level=0)
    for line in lines[1:]:
        if HEADING.fullmatch(line):
            document.add_heading(line, level=1)
        elif line.startswith(">"):
            document.add_paragraph(line, style="Quote")
        elif line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        else:
            document.add_paragraph(line)
    document.add_paragraph(f"SHA-256: {text_hash}")
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def attached(content: str | bytes, name: str) -> Response:
    """Text or document, to be saved under this name."""
    mimetype = "text/plain" if isinstance(content, str) else WORD
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
