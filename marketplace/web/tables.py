"""Tables to save: CSV that a spreadsheet opens as text and numbers and never computes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

# What a spreadsheet takes for the beginning of a formula (CWE-1236).
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A sum below zero is added up, not computed.
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")


def harmless(cell: object) -> str:
    """A cell that no spreadsheet computes: an apostrophe stands before what might be a formula."""
    text = "" if cell is None else str(cell)
    if NEGATIVE.fullmatch(text) or not text.startswith(BEGINS_A_FORMULA):
        return text
    return f"'{text}"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The lines of a CSV file; no cell is computed."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def csv_answer(name: str, text: str) -> Response:
    """The lines of a CSV file, to save under `name`."""
    # The mark at the beginning has spreadsheets read accents as what they are.
    answer = Response("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file to save under `name`; no cell is computed."""
    return csv_answer(name, csv_text(header, rows))
