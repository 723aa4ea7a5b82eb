"""The registers' stand-in, and settings that go back to what they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.marketplace.organisations.stand_in import CHARITY_KEY, COMPANY_KEY, Registers


@pytest.fixture
def registers(app: Flask, monkeypatch) -> Iterator[Registers]:
    """Both registers, and keys for them in the settings."""
    with Registers() as running:
        settings = app.extensions["settings"].model_copy()
        settings.charity_register_key, settings.company_register_key = CHARITY_KEY, COMPANY_KEY
        settings.charity_register_address = settings.company_register_address = running.address
        monkeypatch.setitem(app.extensions, "settings", settings)
        yield running
