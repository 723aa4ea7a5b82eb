"""Where and how somebody is met, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from marketplace.areas.queries import office_names
from marketplace.lifecycle import Refusal
from referrals.delivery.models import METHODS, USUAL, Method


@dataclass(frozen=True)
class Venue:
    """How a session takes place: an office's code where at one, an address where elsewhere."""

    method: Method
    minutes: int = USUAL
    office_code: str | None = None
    address: str | None = None

    def refuse_impossible(self) -> None:
        """Raise Refusal where the office is not on the list."""
        if self.office_code is not None and self.office_code not in office_names():
            raise Refusal(_("Select a probation office from the list."))


def where(method: Method, office_code: str | None) -> str:
    """In words: the office by its name, or how else they meet."""
    if office_code is None:
        return str(METHODS[method])
    return office_names().get(office_code, office_code)
