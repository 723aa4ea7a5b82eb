"""Somebody on each side of an application."""

import pytest

from marketplace.acting import Role
from tests.support.people import acting_as, make_organisation, make_person


@pytest.fixture
def charity(app):
    """An organisation's bid manager."""
    return make_person(Role.BID_MANAGER)


@pytest.fixture
def by(charity):
    """The same, as actions are given them."""
    return acting_as(charity)


@pytest.fixture
def framework(app):
    """A framework manager, to sign in."""
    return make_person(Role.FRAMEWORK_MANAGER)


@pytest.fixture
def assessor(framework):
    """The same, as actions are given them."""
    return acting_as(framework)


@pytest.fixture
def colleagues(app):
    """A bid manager and a trustee of one organisation."""
    organisation = make_organisation()
    return tuple(make_person(role, organisation) for role in (Role.BID_MANAGER, Role.TRUSTEE))
