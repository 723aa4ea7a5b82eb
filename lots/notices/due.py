"""Which notice is due at which event, under which regime, from which value on.

Every section is of the Procurement Act 2023, every regulation of the Public Contracts Regulations
2015, unless another is named. What is bought here are light touch services (s.9; regulation 74),
which leaves out several notices that other contracts need.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from lots.models import Lot
from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeKind, Regime
from lots.proportionality import Policy
from lots.vocabulary import Route

# Whole-life value with VAT, in pence: s.93(2) asks for a pipeline notice of contracts over £2m.
PIPELINE_FROM_PENCE = 2_000_000_00


class When(StrEnum):
    """For which contracts a notice is due."""

    ALL = "all"
    COVERED = "covered"
    LARGE = "large"
    MARKET = "market"
    BUYER = "buyer"
    BREACH = "breach"
    NEVER = "never"


WHEN = {
    When.ALL: _l("Every contract"),
    When.COVERED: _l("Contracts from the light touch threshold on"),
    When.LARGE: _l("Contracts over £2 million, VAT included"),
    When.MARKET: _l("The market itself"),
    When.BUYER: _l("Every buyer, for all its contracts together"),
    When.BREACH: _l("Only after a breach that ended the contract"),
    When.NEVER: _l("Not due for light touch contracts"),
}


@dataclass(frozen=True)
class Due:
    """One line: the notice's name, for which contracts, its law, and until when."""

    name: Any
    when: When
    law: Any
    until: Any


_AT_ONCE = _l("At once")
_PCR, _ACT, _K = Regime.PCR_2015, Regime.ACT_2023, NoticeKind

DUE: dict[tuple[Regime, NoticeKind], Due] = {
    (_PCR, _K.PLANNED): Due(
        _l("F01 Prior information notice"), When.ALL, _l("regulation 75(1)(b)"), _l("Optional")
    ),
    (_PCR, _K.OPENING): Due(
        _l("F21 Social and other specific services: contract"),
        When.ALL,
        _l("regulation 75(1)(a)"),
        _AT_ONCE,
    ),
    (_PCR, _K.CHANGE): Due(
        _l("F14 Notice for changes or additional information"),
        When.ALL,
        _l("regulation 51"),
        _AT_ONCE,
    ),
    (_PCR, _K.AWARD): Due(
        _l("F21 Social and other specific services: award"),
        When.ALL,
        _l("regulation 75(3)"),
        _l("30 days after the award, or after the end of its quarter"),
    ),
    (_PCR, _K.CONTRACT_CHANGE): Due(
        _l("F20 Modification notice"), When.COVERED, _l("regulation 72(3)"), _AT_ONCE
    ),
    (_PCR, _K.ENDING): Due(
        _l("F21 Social and other specific services: no award"),
        When.ALL,
        _l("regulation 75(3)"),
        _AT_ONCE,
    ),
    (_ACT, _K.PIPELINE): Due(
        _l("UK1 Pipeline notice"),
        When.LARGE,
        _l("s.93"),
        _l("Within 56 days of the start of the financial year"),
    ),
    (_ACT, _K.ENGAGEMENT): Due(
        _l("UK2 Preliminary market engagement notice"),
        When.COVERED,
        _l("s.17"),
        _l("Before the tender notice"),
    ),
    (_ACT, _K.PLANNED): Due(
        _l("UK3 Planned procurement notice"), When.COVERED, _l("s.15"), _l("Optional")
    ),
    (_ACT, _K.OPENING): Due(_l("UK4 Tender notice"), When.ALL, _l("s.21; s.87 below"), _AT_ONCE),
    (_ACT, _K.CHANGE): Due(
        _l("UK4 Tender notice, changed"), When.ALL, _l("ss.24(4), 31(5); s.87 below"), _AT_ONCE
    ),
    (_ACT, _K.TRANSPARENCY): Due(
        _l("UK5 Transparency notice"),
        When.NEVER,
        _l("s.44"),
        _l("Nothing is awarded directly here"),
    ),
    (_ACT, _K.AWARD): Due(
        _l("UK6 Contract award notice"),
        When.COVERED,
        _l("s.50"),
        _l("After the assessment summaries, before the contract"),
    ),
    (_ACT, _K.DETAILS): Due(
        _l("UK7 Contract details notice"),
        When.ALL,
        _l("s.53(1); s.87 below"),
        _l("Within 120 days of signing"),
    ),
    (_ACT, _K.PAYMENTS_COMPLIANCE): Due(
        _l("UK8 Payments compliance notice"),
        When.BUYER,
        _l("s.69"),
        _l("Within 30 days of each half of the financial year"),
    ),
    (_ACT, _K.PERFORMANCE): Due(
        _l("UK9 Contract performance notice"),
        When.BREACH,
        _l("s.71(5); no indicators for light touch contracts, s.52"),
        _l("Within 30 days of the breach"),
    ),
    (_ACT, _K.CONTRACT_CHANGE): Due(
        _l("UK10 Contract change notice"), When.NEVER, _l("s.75(6)(b)"), _l("Published here only")
    ),
    (_ACT, _K.CONTRACT_END): Due(
        _l("UK11 Contract termination notice"),
        When.COVERED,
        _l("s.80(1)"),
        _l("Within 30 days of the end"),
    ),
    (_ACT, _K.ENDING): Due(
        _l("UK12 Procurement termination notice"), When.COVERED, _l("s.55(2)"), _AT_ONCE
    ),
    (_ACT, _K.MARKET_INTENTION): Due(
        _l("UK13 Dynamic market intention notice"),
        When.MARKET,
        _l("s.39(2)"),
        _l("Before it is set up"),
    ),
    (_ACT, _K.MARKET_SET_UP): Due(
        _l("UK14 Dynamic market establishment notice"), When.MARKET, _l("s.39(3)"), _AT_ONCE
    ),
    (_ACT, _K.MARKET_CHANGE): Due(
        _l("UK15 Dynamic market modification notice"), When.MARKET, _l("s.39(4)"), _AT_ONCE
    ),
    (_ACT, _K.MARKET_END): Due(
        _l("UK16 Dynamic market cessation notice"), When.MARKET, _l("s.39(5)"), _AT_ONCE
    ),
    (_ACT, _K.PAYMENTS): Due(
        _l("UK17 Payments notice"),
        When.BUYER,
        _l("s.70"),
        _l("Within 30 days of each quarter"),
    ),
}

# A grant is no procurement: its notices are the market's own, and bound to no form.
GRANTS: dict[NoticeKind, Any] = {
    _K.PLANNED: _l("Planned grant"),
    _K.OPENING: _l("Grant open for applications"),
    _K.CHANGE: _l("Grant changed"),
    _K.AWARD: _l("Grant awarded"),
    _K.ENDING: _l("Grant ended without an award"),
}


def notice_name(kind: NoticeKind, regime: Regime, route: Route | None) -> Any:
    """What a notice is called under its regime; grants have their own."""
    return GRANTS[kind] if route == Route.GRANT else DUE[regime, kind].name


def name_of(notice: Notice) -> Any:
    """What this notice is called."""
    route = Route(notice.facts["route"]) if "route" in notice.facts else None
    return notice_name(notice.kind, notice.regime, route)


def is_due(kind: NoticeKind, regime: Regime, lot: Lot, policy: Policy) -> bool:
    """Whether this event of this lot has a notice under its regime."""
    if lot.route == Route.GRANT:
        return kind in GRANTS
    line = DUE.get((regime, kind))
    if line is None:
        return False
    return {
        When.ALL: True,
        When.COVERED: policy.is_covered(lot),
        When.LARGE: (lot.value_gross_pence or 0) > PIPELINE_FROM_PENCE,
        When.BREACH: policy.is_covered(lot),
    }.get(line.when, False)
