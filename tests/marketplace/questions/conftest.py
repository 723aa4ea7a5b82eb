"""A framework manager who writes."""

import pytest

from marketplace.acting import Role
from tests.support.people import acting_as, make_person


@pytest.fixture
def manager(app):
    return make_person(Role.FRAMEWORK_MANAGER)


@pytest.fixture
def by(manager):
    return acting_as(manager)
