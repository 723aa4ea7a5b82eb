"""Passwords that are quick to check, so that trying many of them takes no time."""

from __future__ import annotations

import pytest

from marketplace.accounts import passwords
from tests.support.people import CHEAP_HASHER


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash and check cheaply; what is compared stays the same."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)
