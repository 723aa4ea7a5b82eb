"""What a part in a bid consists of: a role in words, areas, and a share in pounds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bids.declarations import NO_EXCLUSION
from lots.models import Lot, LotArea
from marketplace.areas.queries import area_name, region_name
from marketplace.lifecycle import Refusal
from marketplace.web.numbers import MOST_PENCE
from marketplace.web.words import count_words

MOST_WORDS = 60

# The legal confirmations of a partner, given anew for each confirmation.
DECLARATIONS = {
    "agreed": _l(
        "The people who answer for us have agreed that we take part in this bid, in this role, "
        "in these areas and for this share"
    ),
    "no_exclusion": NO_EXCLUSION,
    "no_conflict": _l("We have told the lead of every conflict of interest that we have here"),
    "apart": _l(
        "If we bid for this lot ourselves or take part in another bid for it, we keep what we "
        "learn in each apart"
    ),
}

ALL_DECLARED = _l("Confirm all of the statements. Your part cannot be confirmed without them.")


@dataclass(frozen=True)
class Part:
    """`areas` are codes of the lot's areas, `pence` the share over the initial term."""

    role: str
    areas: tuple[str, ...]
    pence: int
    declarations: tuple[str, ...] = ()

    def dumped(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self))


def loaded(stored: str) -> Part:
    """A stored part."""
    held = json.loads(stored)
    return Part(held["role"], tuple(held["areas"]), held["pence"], tuple(held["declarations"]))


def code_of(area: LotArea) -> str:
    """An area's lasting code, whatever row it stands in: "region" or "region:area"."""
    return f"{area.region_code}:{area.area_code}" if area.area_code else area.region_code


def area_choices(lot: Lot) -> list[tuple[str, str]]:
    """(code, name) of each area of the lot."""
    codes = [code_of(area) for area in lot.areas]
    return list(zip(codes, names_of(codes), strict=True))


def check_part(part: Part, lot: Lot) -> None:
    """Raise Refusal where a part is none in this lot: what is typed on a page never is."""
    codes = {code_of(area) for area in lot.areas}
    if not part.areas or not codes.issuperset(part.areas):
        raise Refusal(_("Choose among the areas of the lot."))
    if not 0 <= part.pence <= MOST_PENCE:
        raise Refusal(_("The share must be 0 or more, and no more than can be paid."))
    if not part.role.strip() or count_words(part.role) > MOST_WORDS:
        raise Refusal(_("Say in %(most)s words or fewer what is done.", most=MOST_WORDS))


def names_of(codes: Iterable[str]) -> list[str]:
    """The areas' names in the reader's language."""
    return [_name(code) for code in codes]


def _name(code: str) -> str:
    region, _colon, area = code.partition(":")
    if area:
        return area_name(area)
    return _("%(region)s (whole region)", region=region_name(region))
