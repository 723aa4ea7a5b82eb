"""Every path and every type it answers is one of the library's methods; every field is Stripe's."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
import stripe

from marketplace.payments.standin.routes import ROUTES, Route
from tests.marketplace.payments.standin.everything import Walk, walk
from tests.support import standin

FIELDS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "fixtures" / "stripe_fields.json").read_text()
)
# Said once, at creation; Stripe's fixture shows an endpoint as it is read later.
SAID_ONCE = {"webhook_endpoint": {"secret"}}
# Said of a connected account only.
SOMETIMES = {"event": {"account"}}


class Recording(stripe.HTTPClient):
    """Notes what the library asks instead of asking."""

    name = "recording"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def request(self, method, url, headers, post_data=None, *, _usage=None):
        self.asked.append((method.upper(), url))
        return "{}", 200, {}

    def close(self) -> None:
        """Nothing is open."""


def method_of(client: stripe.StripeClient, route: Route) -> Any:
    place: Any = client.v1
    for name in route.method.split("."):
        place = getattr(place, name)
    return place


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.method)
def test_each_path_is_what_the_librarys_own_method_asks(route: Route):
    recording = Recording()
    client = stripe.StripeClient(
        "sk_test_x", http_client=recording, base_addresses={"api": "http://here"}
    )
    names = re.findall(r"\{\w+\}", route.path)
    ids = [f"id_{place}" for place in range(len(names))]
    method_of(client, route)(*ids, params={})
    path = route.path
    for name, thing_id in zip(names, ids, strict=True):
        path = path.replace(name, thing_id, 1)
    assert recording.asked == [(route.verb, f"http://here{path}")]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    with standin.running(tmp_path_factory.mktemp("walk")) as stand_in:
        return walk(stand_in, stand_in.open_account(pence=1000))


def test_the_walk_leaves_no_path_out(walked: Walk):
    assert {route.method for route in ROUTES} == set(walked.said)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.method)
def test_each_answer_is_of_the_type_the_method_returns(walked: Walk, route: Route):
    returned = str(inspect.signature(method_of(stripe.StripeClient("sk_test_x"), route)))
    name = re.search(r"-> '(?:ListObject\[)?([\w\[\]|, ]+?)\]?'$", returned)[1]
    # A few lists may hold several kinds of thing.
    kinds = {getattr(stripe, each.strip()).OBJECT_NAME for each in re.split(r"\||,", name)}
    for answer in walked.said[route.method]:
        things = answer["data"] if answer["object"] == "list" else [answer]
        assert "ListObject" not in returned or answer["object"] == "list"
        assert things and {thing["object"] for thing in things} <= kinds


def fields_of(thing: dict[str, Any]) -> str:
    kind = thing["object"]
    return f"deleted_{kind}" if thing.get("deleted") else kind


def things_in(walked: Walk) -> list[dict[str, Any]]:
    answers = [answer for said in walked.said.values() for answer in said]
    things = [each for a in answers for each in (a["data"] if a["object"] == "list" else [a])]
    # A deleted thing stands under its own name in the fixtures.
    events = [event["data"]["object"] for event in walked.events if "deleted" not in event["type"]]
    return [*things, *walked.events, *events]


def test_each_answer_has_exactly_the_fields_of_stripes_fixtures(walked: Walk):
    seen = set()
    for thing in things_in(walked):
        name = fields_of(thing)
        seen.add(name)
        extra = SAID_ONCE.get(name, set()) | SOMETIMES.get(name, set())
        assert set(thing) - extra == set(FIELDS[name]), name
    # What the walk meets is everything whose fields were carried over.
    assert seen | {"bank_account", "transfer_reversal", "line_item"} >= set(FIELDS)


def inner(cls: Any, name: str) -> Any:
    return getattr(cls, "_inner_class_types", {}).get(name)


def strange_names(value: Any, fixture: Any, cls: Any, path: str) -> list[str]:
    if not isinstance(value, dict) or not isinstance(fixture, dict) or not fixture:
        return []
    known = set(fixture) | set(getattr(cls, "__annotations__", {}))
    found = [f"{path}.{name}" for name in value if name not in known]
    for name, part in value.items():
        found += strange_names(part, fixture.get(name), inner(cls, name), f"{path}.{name}")
    return found


def test_inner_fields_are_those_of_the_fixtures_or_of_the_library(walked: Walk):
    strange = set()
    for thing in things_in(walked):
        cls = getattr(stripe, "".join(part.title() for part in thing["object"].split("_")), None)
        free = {name: v for name, v in thing.items() if name not in ("metadata", "data", "request")}
        strange |= set(strange_names(free, FIELDS[fields_of(thing)], cls, thing["object"]))
    assert not strange
