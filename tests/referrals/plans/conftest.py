"""Two people at once, each in a browser of their own."""

from __future__ import annotations

import pytest

from tests.support.client import Client
from tests.support.people import sign_in


@pytest.fixture
def user(app, house):
    """`user("caseworker")` is a browser of its own in which they are signed in."""
    opened: dict[str, Client] = {}

    def signed_in(name):
        if name not in opened:
            opened[name] = Client(app)
            sign_in(opened[name], house.people[name])
        return opened[name]

    return signed_in
