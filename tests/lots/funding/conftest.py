"""Fixtures of the tests about money."""

from __future__ import annotations

import pytest

from marketplace.organisations.models import Organisation
from tests.support.lots import make_region


@pytest.fixture
def region(app) -> Organisation:
    """A region that leads lots and keeps funds."""
    return make_region()
