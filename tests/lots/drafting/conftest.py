"""Officers at work on drafts."""

from __future__ import annotations

import pytest

from lots.vocabulary import LotState
from marketplace.acting import Role
from tests.support.lots import make_lot
from tests.support.people import make_person, sign_in


@pytest.fixture
def draft(client):
    """A sound draft, its buyer's officer signed in."""
    lot = make_lot(LotState.DRAFT)
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer))
    return lot
