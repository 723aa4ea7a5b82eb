"""Which case-management system the application asks and tells."""

from __future__ import annotations

from flask import Flask

from marketplace.settings import Settings
from referrals.case_system.files import CaseFolder


def register(app: Flask) -> None:
    """Take the folder that is set, or none: then everything is typed by hand."""
    settings: Settings = app.extensions["settings"]
    folder = settings.case_system_folder
    app.extensions["case_system"] = CaseFolder(folder) if folder else None
