"""What a request says: its nested parameters, held to those the installed library knows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from marketplace.payments.standin.errors import Refused

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
MOST_PENCE = 99_999_999
MOST_DEEP = 6
# Parameters that hold others, of those the stand-in heeds; every other one is a single value.
NESTED = frozenset(
    (
        *("address", "business_profile", "capabilities", "collection_options", "company"),
        *("controller", "created", "custom_fields", "enabled_events", "expand", "lines"),
        *("metadata", "payment", "payment_settings", "settings", "tos_acceptance"),
    )
)


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`a[b]=1&c[0][d]=2&e[]=3` as dictionaries and lists. Raises Refused."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        matched = NAME.match(name)
        parts = re.findall(r"\[([^\[\]]*)\]", matched[2]) if matched else []
        if not matched or len(parts) > MOST_DEEP:
            raise Refused(f"Invalid parameter name: {name[:60]}", "parameter_unknown")
        place = tree
        keys = [matched[1], *parts]
        for key in keys[:-1]:
            place = place.setdefault(key, {})
            if not isinstance(place, dict):
                raise Refused(f"Invalid object: {matched[1][:60]}", param=matched[1])
        last = keys[-1] or str(len(place))
        if last in place:
            raise Refused(f"{matched[1][:60]} is given twice", param=matched[1])
        place[last] = value
    return {key: _lists(value) for key, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(inner) for key, inner in value.items()}


@cache
def known(service_method: str) -> tuple[frozenset[str], frozenset[str]]:
    """The parameters a method of the library takes, and those of them that must be given."""
    from stripe import RequestOptions, StripeClient, params

    place: Any = StripeClient("sk_test_never_sent").v1
    *services, method = service_method.split(".")
    for name in services:
        place = getattr(place, name)
    annotation = inspect.signature(getattr(place, method)).parameters["params"].annotation
    name = getattr(annotation, "__args__", (annotation,))[0]
    kind = getattr(params, getattr(name, "__forward_arg__", name))
    options = set(RequestOptions.__annotations__)
    return frozenset(kind.__annotations__) - options | {"expand"}, kind.__required_keys__


def check(service_method: str, given: dict[str, Any]) -> None:
    """Raises Refused for parameters that are unknown or lacking."""
    may, must = known(service_method)
    for name in given:
        if name not in may:
            raise Refused(f"Received unknown parameter: {name}", "parameter_unknown", name)
        single = isinstance(given[name], str)
        # `created` may be one moment or its limits; an empty one takes something away.
        if given[name] and name != "created" and single == (name in NESTED):
            raise Refused(f"Invalid {name}, or not known to the stand-in.", param=name)
    for name in sorted(must):
        if given.get(name) in (None, ""):
            raise Refused(f"Missing required param: {name}.", "parameter_missing", name)


def pence(given: dict[str, Any], name: str = "amount", least: int = 1) -> int:
    """A whole number of pence. Raises Refused."""
    value = whole(given, name)
    if value < least:
        raise Refused(
            f"This value must be greater than or equal to {least}.",
            "parameter_invalid_integer",
            name,
        )
    if value > MOST_PENCE:
        raise Refused("Amount must be no more than £999,999.99", "amount_too_large", name)
    return value


def whole(given: dict[str, Any], name: str) -> int:
    """A whole number. Raises Refused."""
    text = given.get(name)
    if text in (None, ""):
        raise Refused(f"Missing required param: {name}.", "parameter_missing", name)
    if not isinstance(text, str) or not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise Refused(f"Invalid integer: {str(text)[:60]}", "parameter_invalid_integer", name)
    return int(text)


def pounds(given: dict[str, Any]) -> str:
    """The one currency this stand-in knows. Raises Refused."""
    currency = given.get("currency", "gbp")
    if not isinstance(currency, str) or currency.lower() != "gbp":
        raise Refused(
            f"Invalid currency: {str(currency)[:20]}. The stand-in only knows gbp.",
            param="currency",
        )
    return "gbp"


def truth(given: dict[str, Any], name: str, default: bool) -> bool:
    """A boolean. Raises Refused."""
    value = given.get(name)
    if value in (None, ""):
        return default
    if value not in ("true", "false"):
        raise Refused(f"Invalid boolean: {str(value)[:20]}", param=name)
    return value == "true"


def merged(before: dict[str, str], given: Any) -> dict[str, str]:
    """Metadata after an update: an empty value takes a name away, an empty string all of them."""
    if given is None:
        return before
    if given == "":
        return {}
    if not isinstance(given, dict):
        raise Refused("Invalid object", param="metadata")
    for name, value in given.items():
        if not isinstance(value, str) or len(value) > 500 or len(name) > 40:
            raise Refused(
                "Metadata names have up to 40 characters, values up to 500.", param="metadata"
            )
    return {name: value for name, value in (before | given).items() if value}
