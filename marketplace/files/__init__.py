"""Files that people send: judged by content, quarantined until scanned, only ever saved.

A room that holds files has a foreign key to `file.id`, an upload page and a download endpoint of
its own. Its upload view is marked `@takes_files`; its action calls `receive` and `attach`, and
`let_go` where the row no longer refers to the file; its download endpoint returns `send(file)`.

A room that must not tell who sent a file calls `receive(…, hidden_in=…)`; all else is the same.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import format_decimal

from marketplace import jobs
from marketplace.files.actions import attach, let_go, next_loose, receive, remove_loose
from marketplace.files.downloads import as_attachment, readable, send
from marketplace.files.fields import UploadField
from marketplace.files.kinds import FileKind, Unfit, Upload, inspect
from marketplace.files.lifecycle import FILE
from marketplace.files.models import File, FileState
from marketplace.files.scanning import scan_waiting
from marketplace.lifecycle import lifecycles

__all__ = [
    "File",
    "FileKind",
    "FileState",
    "Unfit",
    "Upload",
    "UploadField",
    "as_attachment",
    "attach",
    "inspect",
    "let_go",
    "readable",
    "receive",
    "register",
    "send",
]


def shown_size(size_bytes: int) -> str:
    """12 kB or 3.4 MB, in the reader's language."""
    if size_bytes < 1_000_000:
        return f"{format_decimal(-(-size_bytes // 1000))} kB"
    return f"{format_decimal(round(size_bytes / 1_000_000, 1))} MB"


def register(app: Flask) -> None:
    """Add the lifecycle, the jobs, and what the macro for files needs."""
    lifecycles(app).append(FILE)
    jobs.register(app, "scan files", scan_waiting)
    jobs.register(app, "remove loose files", remove_loose, next_loose)
    app.jinja_env.filters["file_size"] = shown_size
