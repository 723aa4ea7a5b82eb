"""`expand`: an id in an answer is replaced by the thing it names."""

from __future__ import annotations

from typing import Any

from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.store import Thing

MOST_DEEP = 4


def expanded(call: Call, body: Thing) -> Thing:
    """The answer with everything expanded that was asked for. Raises Refused."""
    asked = call.params.get("expand", [])
    if not isinstance(asked, list):
        raise Refused("Invalid array", param="expand")
    for path in asked:
        steps = str(path).split(".")
        if len(steps) > MOST_DEEP:
            raise Refused("You cannot expand more than 4 levels of a property", param="expand")
        body = _expand(call, body, steps, str(path))
    return body


def _expand(call: Call, place: Any, steps: list[str], path: str) -> Any:
    if isinstance(place, str):
        place = _thing(call, place) or place
    if not steps or place is None:
        return place
    if isinstance(place, list):
        return [_expand(call, each, steps, path) for each in place]
    if not isinstance(place, dict) or steps[0] not in place:
        raise Refused(f"This property cannot be expanded ({path[:60]}).", param="expand")
    return place | {steps[0]: _expand(call, place[steps[0]], steps[1:], path)}


def _thing(call: Call, thing_id: str) -> Thing | None:
    import json

    found = call.books.rows(
        "SELECT body FROM thing WHERE id = ? AND merchant = ?", thing_id, call.merchant.id
    )
    return json.loads(found[0]["body"]) if found else None
