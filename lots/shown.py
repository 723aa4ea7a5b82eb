"""How lots are put into words on more than one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from lots.models import Lot, LotArea
from lots.vocabulary import (
    DEMANDS,
    DOCUMENT_KINDS,
    END_REASONS,
    ONWARD_SHARING,
    PAYMENT_PROFILES,
    PRICE_BASES,
    ROUTES,
    SENTENCE_STATUSES,
    TIE_RULES,
    TRANSFERS,
    CustodyClocks,
    Demand,
    LotState,
    SentenceStatus,
)
from marketplace import calendar, clock
from marketplace.areas.queries import area_names, region_names
from marketplace.categories.queries import cohort_names, outcome_names, service_names
from marketplace.web.filters import shown_pounds


@dataclass(frozen=True)
class Names:
    """The names behind the codes of a lot, read once for a page."""

    services: dict[str, str]
    cohorts: dict[str, str]
    regions: dict[str, str]
    areas: dict[str, str]
    outcomes: dict[str, str]

    routes = ROUTES
    price_bases = PRICE_BASES
    payment_profiles = PAYMENT_PROFILES
    statuses = SENTENCE_STATUSES
    transfers = TRANSFERS
    onward_sharing = ONWARD_SHARING
    demands = DEMANDS
    document_kinds = DOCUMENT_KINDS
    tie_rules = TIE_RULES
    end_reasons = END_REASONS

    def where(self, area: LotArea) -> str:
        """An area, or the whole of its region."""
        if area.area_code is None:
            name = self.regions.get(area.region_code, area.region_code)
            return _("%(region)s (whole region)", region=name)
        return self.areas.get(area.area_code, area.area_code)

    def where_all(self, lot: Lot) -> str:
        """Every area in one line."""
        return ", ".join(self.where(area) for area in lot.areas)

    def worth(self, lot: Lot) -> str:
        """The net value, and what that is a year."""
        if not lot.value_net_pence:
            return ""
        net = shown_pounds(lot.value_net_pence)
        yearly = lot.value_net_pence * 12 // lot.term_months if lot.term_months else 0
        if not yearly or lot.term_months == 12:
            return _("%(net)s without VAT", net=net)
        return _(
            "%(net)s without VAT, about %(yearly)s a year",
            net=net,
            yearly=shown_pounds(yearly // 100 * 100),
        )

    def term(self, lot: Lot) -> str:
        """The initial term, and by how much it can be extended."""
        if not lot.term_months:
            return ""
        months = ngettext("%(num)s month", "%(num)s months", lot.term_months)
        if not lot.extension_months:
            return months
        more = ngettext("%(num)s month", "%(num)s months", lot.extension_months)
        return ngettext(
            "%(months)s, can be extended by %(more)s in %(num)s step",
            "%(months)s, can be extended by %(more)s in %(num)s steps",
            lot.extension_times,
            months=months,
            more=more,
        )

    def effort(self, lot: Lot) -> str:
        """How much a bidder writes and sends."""
        words = sum(question.word_limit for question in lot.questions)
        asked = ngettext("%(num)s answer", "%(num)s answers", len(lot.questions))
        written = _("%(answers)s, %(words)s words at most", answers=asked, words=f"{words:,}")
        papers = sum(demand.kind is Demand.DOCUMENT for demand in lot.demands)
        if not papers:
            return written
        return f"{written}; {ngettext('%(num)s document', '%(num)s documents', papers)}"

    def custody(self, lot: Lot) -> str:
        """From when somebody in prison has a place; empty where nobody in prison is taken."""
        if SentenceStatus.CUSTODY not in lot.statuses:
            return ""
        return custody_words(lot.custody_days, lot.custody_clocks)

    def who(self, lot: Lot) -> str:
        """Whom the service is for."""
        groups = [self.cohorts.get(lot.cohort, lot.cohort)] if lot.cohort else []
        ages = _ages(lot.min_age, lot.max_age)
        return ", ".join([*groups, *ages]) or _("Everybody on probation")


def custody_words(days: int | None, clocks: CustodyClocks) -> str:
    """From when somebody in prison has a place, and from when the work is counted."""
    if days is None:
        place = _("In prison: a place as soon as somebody is referred and one is free.")
    else:
        place = ngettext(
            "In prison: a place from %(num)s day before release, until then on the waiting list.",
            "In prison: a place from %(num)s days before release, until then on the waiting list.",
            days,
        )
    if clocks == CustodyClocks.AT_RELEASE:
        counted = _("The first meeting and the assessment are counted from the day of release.")
    else:
        counted = _("The first meeting and the assessment are counted from the day of the place.")
    return f"{place} {counted}"


def _ages(least: int | None, most: int | None) -> list[str]:
    if least is not None and most is not None:
        return [_("aged %(least)s to %(most)s", least=least, most=most)]
    if least is not None:
        return [_("aged %(least)s and over", least=least)]
    if most is not None:
        return [_("aged %(most)s and under", most=most)]
    return []


def names() -> Names:
    """The names in the reader's language; five statements."""
    return Names(service_names(), cohort_names(), region_names(), area_names(), outcome_names())


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


def public_state(lot: Lot) -> LotState:
    """As `shown_state`, where an approved lot is one that is planned until it opens."""
    return LotState.PLANNED if lot.state == LotState.APPROVED else shown_state(lot)
