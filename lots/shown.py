"""How lots are put into words on more than one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from lots.models import Lot, LotArea
from lots.vocabulary import END_REASONS, PRICE_BASES, ROUTES, TIE_RULES, LotState
from marketplace import calendar, clock
from marketplace.areas.queries import area_names, region_names
from marketplace.categories.queries import cohort_names, service_names


@dataclass(frozen=True)
class Names:
    """The names behind the codes of a lot, read once for a page."""

    services: dict[str, str]
    cohorts: dict[str, str]
    regions: dict[str, str]
    areas: dict[str, str]

    routes = ROUTES
    price_bases = PRICE_BASES
    tie_rules = TIE_RULES
    end_reasons = END_REASONS

    def where(self, area: LotArea) -> str:
        """An area, or the whole of its region."""
        if area.area_code is None:
            name = self.regions.get(area.region_code, area.region_code)
            return _("%(region)s (whole region)", region=name)
        return self.areas.get(area.area_code, area.area_code)

    def who(self, lot: Lot) -> str:
        """Whom the service is for."""
        groups = [self.cohorts.get(lot.cohort, lot.cohort)] if lot.cohort else []
        ages = _ages(lot.min_age, lot.max_age)
        return ", ".join([*groups, *ages]) or _("Everybody on probation")


def _ages(least: int | None, most: int | None) -> list[str]:
    if least is not None and most is not None:
        return [_("aged %(least)s to %(most)s", least=least, most=most)]
    if least is not None:
        return [_("aged %(least)s and over", least=least)]
    if most is not None:
        return [_("aged %(most)s and under", most=most)]
    return []


def names() -> Names:
    """The names in the reader's language; four statements."""
    return Names(service_names(), cohort_names(), region_names(), area_names())


def time_left(closes_at: datetime) -> str:
    """How long bids can still come in to an open lot, in whole days of London."""
    days = (calendar.day_of(closes_at) - clock.today()).days
    if days == 0:
        return _("closes today at noon")
    return ngettext("%(num)s day left", "%(num)s days left", days)


def shown_state(lot: Lot) -> LotState:
    """The state as readers must take it: closed from the closing moment, job or no job."""
    past = lot.closes_at is not None and lot.closes_at <= clock.now()
    return LotState.CLOSED if lot.state == LotState.OPEN and past else lot.state
