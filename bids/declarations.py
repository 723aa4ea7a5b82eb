"""The legal confirmations of bidders and partners: all of them, anew each time they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.lifecycle import Refusal

NO_EXCLUSION = _l(
    "No ground for exclusion applies to our organisation or to the people who control it"
)


def check_declared(declared: Iterable[str], keys: Iterable[str], message: Any) -> None:
    """Raise Refusal with `message` unless the statements with just these keys are confirmed."""
    if set(declared) != set(keys):
        raise Refusal(str(message))


class EveryOne:
    """All of the statements with these keys are confirmed; else `message` says why they must be."""

    def __init__(self, keys: Iterable[str], message: Any) -> None:
        self._keys = set(keys)
        self._message = message

    def __call__(self, form: Any, field: Any) -> None:
        if set(field.data or []) != self._keys:
            raise ValidationError(self._message)
