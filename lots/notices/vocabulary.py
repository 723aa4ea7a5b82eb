"""The legal regimes, and what the notices of each are called."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from lots.vocabulary import Route


class Regime(StrEnum):
    """The law a market runs under: today's framework, and its successor."""

    PCR_2015 = "pcr_2015"
    ACT_2023 = "act_2023"


REGIMES = {
    Regime.PCR_2015: _l("Public Contracts Regulations 2015, light touch"),
    Regime.ACT_2023: _l("Procurement Act 2023"),
}


class NoticeKind(StrEnum):
    """What a notice tells."""

    PLANNED = "planned"
    OPENING = "opening"
    CHANGE = "change"
    ENDING = "ending"


NOTICE_KINDS = {
    NoticeKind.PLANNED: _l("The lot is planned"),
    NoticeKind.OPENING: _l("The lot is open for bids"),
    NoticeKind.CHANGE: _l("The lot has changed"),
    NoticeKind.ENDING: _l("The lot has ended without an award"),
}

# Forms F01 to F21 of the 2015 regulations; UK3, UK4 and UK12 of the Procurement Regulations 2024.
# A grant is no procurement: its notices are the market's own.
_NAMES = {
    (Regime.PCR_2015, NoticeKind.PLANNED): _l("F01 Prior information notice"),
    (Regime.PCR_2015, NoticeKind.OPENING): _l("F21 Social and other specific services: contract"),
    (Regime.PCR_2015, NoticeKind.CHANGE): _l("F14 Notice for changes or additional information"),
    (Regime.PCR_2015, NoticeKind.ENDING): _l("F21 Social and other specific services: no award"),
    (Regime.ACT_2023, NoticeKind.PLANNED): _l("UK3 Planned procurement notice"),
    (Regime.ACT_2023, NoticeKind.OPENING): _l("UK4 Tender notice"),
    (Regime.ACT_2023, NoticeKind.CHANGE): _l("UK4 Tender notice, changed"),
    (Regime.ACT_2023, NoticeKind.ENDING): _l("UK12 Procurement termination notice"),
}
_GRANT_NAMES = {
    NoticeKind.PLANNED: _l("Planned grant"),
    NoticeKind.OPENING: _l("Grant open for applications"),
    NoticeKind.CHANGE: _l("Grant changed"),
    NoticeKind.ENDING: _l("Grant ended without an award"),
}


def notice_name(kind: NoticeKind, regime: Regime, route: Route) -> Any:
    """What a notice is called under its regime; grants have their own."""
    return _GRANT_NAMES[kind] if route == Route.GRANT else _NAMES[regime, kind]


class NoticeState(StrEnum):
    """How far a notice has come."""

    TO_SEND = "to_send"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


NOTICE_STATES = {
    NoticeState.TO_SEND: _l("To send"),
    NoticeState.SENT: _l("Sent"),
    NoticeState.ACCEPTED: _l("Accepted"),
    NoticeState.REJECTED: _l("Rejected"),
}
