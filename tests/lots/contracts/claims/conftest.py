"""What is delivered under a contract, for its claims."""

from __future__ import annotations

import pytest

from marketplace.registry import measures


@pytest.fixture
def delivered(app, monkeypatch):
    """What the floor above says was delivered; a list to fill."""
    told = []
    monkeypatch.setitem(measures(), "delivered", lambda contract_id, first, last: list(told))
    return told
