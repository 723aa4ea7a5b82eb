"""What a reader of the public lists asks for: the same choices on pages, in feeds and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, or_, select

from lots.models import Lot, LotArea
from lots.vocabulary import BAND_LIMITS, CONCLUDED, VALUE_BANDS, LotState, ValueBand
from marketplace import clock
from marketplace.areas.models import Area
from marketplace.areas.queries import area_choices, region_choices
from marketplace.categories.queries import service_choices
from marketplace.web.words import cleaned

SOON = timedelta(days=14)
MOST_WORDS = 5
LONGEST_WORDS = 100


class Show(StrEnum):
    """Which lots the public list shows."""

    BIDDABLE = "open-and-planned"
    OPEN = "open"
    CLOSING = "closing-soon"
    PLANNED = "planned"
    DECIDING = "being-decided"
    CONCLUDED = "concluded"


SHOWS = {
    Show.BIDDABLE: _l("Open and planned"),
    Show.OPEN: _l("Open for bids"),
    Show.CLOSING: _l("Closing in the next 14 days"),
    Show.PLANNED: _l("Planned"),
    Show.DECIDING: _l("Closed, not yet decided"),
    Show.CONCLUDED: _l("Concluded"),
}

STATES = {
    Show.BIDDABLE: (LotState.OPEN, LotState.APPROVED, LotState.PLANNED),
    Show.OPEN: (LotState.OPEN,),
    Show.CLOSING: (LotState.OPEN,),
    Show.PLANNED: (LotState.PLANNED, LotState.APPROVED),
    Show.DECIDING: (
        LotState.CLOSED,
        LotState.EVALUATING,
        LotState.RECOMMENDED,
        LotState.STANDSTILL,
    ),
    Show.CONCLUDED: CONCLUDED,
}


@dataclass(frozen=True)
class Wanted:
    """What a reader asks for; None and "" mean any. `words` must all stand in the title."""

    show: Show | None = Show.BIDDABLE
    service: str = ""
    region: str = ""
    area: str = ""
    band: str = ""
    words: str = ""

    def arguments(self) -> dict[str, str]:
        """What is asked for besides `show`, as arguments of an address."""
        chosen = {name: getattr(self, name) for name in ("service", "region", "area", "band")}
        return {name: each for name, each in {**chosen, "words": self.words}.items() if each}


def choices() -> dict[str, list[tuple[str, Any]]]:
    """(value, label) of everything that can be asked for, by name; four statements."""
    return {
        "service": list(service_choices()),
        "region": list(region_choices()),
        "area": list(area_choices()),
        "band": [(band.value, label) for band, label in VALUE_BANDS.items()],
    }


def asked(
    given: Mapping[str, str],
    offered: dict[str, list[tuple[str, Any]]],
    otherwise: Show | None = Show.BIDDABLE,
) -> Wanted:
    """Read the choices out of a query string; what was never offered counts as not asked."""
    show = given.get("show", "")
    chosen = {
        name: value
        for name, pairs in offered.items()
        if (value := given.get(name, "")) in {code for code, _label in pairs}
    }
    words = cleaned(given.get("words", "")[:LONGEST_WORDS], lines=False)
    return Wanted(Show(show) if show in SHOWS else otherwise, **chosen, words=words)


def unknown(given: Mapping[str, str], offered: dict[str, list[tuple[str, Any]]]) -> str:
    """What is asked for and was never offered, as "area=nope, band=x"; "" where all is known."""
    known = {name: {code for code, _label in pairs} for name, pairs in offered.items()}
    known["show"] = {show.value for show in SHOWS}
    return ", ".join(
        f"{name}={cleaned(value[:LONGEST_WORDS], lines=False)}"
        for name, codes in known.items()
        if (value := given.get(name, "")) and value not in codes
    )


def fits(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions for a lot to be among those asked for."""
    found = [*_of_show(wanted.show), *_of_words(wanted.words)]
    if wanted.service:
        found.append(Lot.service_code == wanted.service)
    if wanted.region:
        found.append(Lot.areas.any(LotArea.region_code == wanted.region))
    if wanted.area:
        found.append(Lot.areas.any(_covers(wanted.area)))
    if wanted.band:
        least, most = BAND_LIMITS[ValueBand(wanted.band)]
        found.append(Lot.value_net_pence >= least)
        if most is not None:
            found.append(Lot.value_net_pence < most)
    return found


def _of_show(show: Show | None) -> list[ColumnElement[bool]]:
    if show is None:
        return []
    found: list[ColumnElement[bool]] = [Lot.state.in_(STATES[show])]
    if show is Show.CLOSING:
        found.append(Lot.closes_at.between(clock.now(), clock.now() + SOON))
    return found


def _of_words(words: str) -> list[ColumnElement[bool]]:
    if not words:
        return []
    in_title = [
        func.lower(Lot.title).contains(word.lower(), autoescape=True)
        for word in words.split()[:MOST_WORDS]
    ]
    return [or_(and_(*in_title), Lot.reference == words.upper())]


def _covers(area_code: str) -> ColumnElement[bool]:
    region = (
        select(Area.region_code)
        .where(Area.code == area_code, Area.in_force(clock.today()))
        .scalar_subquery()
    )
    whole_region = and_(LotArea.area_code.is_(None), LotArea.region_code == region)
    return or_(LotArea.area_code == area_code, whole_region)
