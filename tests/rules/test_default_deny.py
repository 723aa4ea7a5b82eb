"""What nobody thought of is refused: endpoints, permissions and people without a rule."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import pytest
from flask import Flask

import wsgi  # noqa: F401  (every floor's permissions)
from marketplace.acting import ROLES_OF_KIND, Role
from marketplace.permissions import policy, requires
from marketplace.web.protection import UndeclaredEndpoint
from tests.support import apps
from tests.support.people import make_person, sign_in

SIGNED_IN = "signed in"


class UnheardOf(StrEnum):
    """A permission that stands in no table."""

    MEDDLE = "unheard_of:meddle"


def permission_enums(base: type = StrEnum) -> Iterator[type[StrEnum]]:
    """Every enum of permissions of the product."""
    for kind in base.__subclasses__():
        if kind.__name__.endswith("Permission"):
            yield kind
        yield from permission_enums(kind)


@pytest.fixture
def product(new_database, session_folder) -> Flask:
    """A product to which a test adds endpoints of its own."""
    return apps.make_app(new_database("default_deny"), session_folder)


def test_every_endpoint_declares_who_may_call_it(product):
    undeclared = [
        endpoint
        for endpoint, view in product.view_functions.items()
        if endpoint != "static" and not hasattr(view, "permission")
    ]
    assert not undeclared


def test_every_declared_permission_stands_in_the_policy(product):
    asked = {getattr(view, "permission", None) for view in product.view_functions.values()}
    assert asked - {None, SIGNED_IN} <= policy(product).rules.keys()


def test_policy_and_enums_hold_the_same_permissions(product):
    members = {member for kind in permission_enums() for member in kind}
    assert members == set(policy(product).rules)


def test_every_rule_names_somebody_and_every_role_may_do_something(product):
    rules = policy(product).rules
    assert all(rule.roles for rule in rules.values())
    assert {role for rule in rules.values() for role in rule.roles} == set(Role)
    assert {role for roles in ROLES_OF_KIND.values() for role in roles} == set(Role)


def test_an_undeclared_endpoint_is_refused_to_everybody(product):
    product.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with pytest.raises(UndeclaredEndpoint):
        product.test_client().get("/forgotten")
    product.testing = False
    client = product.test_client()
    assert client.get("/forgotten").status_code == 403
    with product.app_context():
        sign_in(client, make_person(Role.ADMINISTRATOR))
    assert client.get("/forgotten").status_code == 403


def test_a_permission_without_a_rule_is_refused_to_everybody(product):
    product.add_url_rule("/meddle", "meddle", requires(UnheardOf.MEDDLE)(lambda: "secret"))
    for roles in ROLES_OF_KIND.values():
        client = product.test_client()
        with product.app_context():
            sign_in(client, make_person(list(roles)))
        assert client.get("/meddle").status_code == 403


def test_whoever_gave_only_one_factor_is_asked_for_the_other(product):
    """Save on what a one-time link alone opens: one's profile, qualification and drafts."""
    client = product.test_client()
    with product.app_context():
        sign_in(client, make_person(Role.BID_MANAGER), second_factor=False)
    for path in ("/qualification", "/bids", "/organisation/profile"):
        assert client.get(path).status_code == 200, path
    for path in ("/contracts", "/people"):
        assert client.get(path).location.startswith("/sign-in/second-factor"), path
