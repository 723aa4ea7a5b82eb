"""The legal regimes, the kinds of notice, and how far a notice has come."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Regime(StrEnum):
    """The law a market runs under: today's framework, and its successor."""

    PCR_2015 = "pcr_2015"
    ACT_2023 = "act_2023"


REGIMES = {
    Regime.PCR_2015: _l("Public Contracts Regulations 2015, light touch"),
    Regime.ACT_2023: _l("Procurement Act 2023"),
}


class NoticeKind(StrEnum):
    """What a notice tells; in the order of UK1 to UK17 where the Act numbers it."""

    PIPELINE = "pipeline"
    ENGAGEMENT = "engagement"
    PLANNED = "planned"
    OPENING = "opening"
    CHANGE = "change"
    TRANSPARENCY = "transparency"
    AWARD = "award"
    DETAILS = "details"
    PAYMENTS_COMPLIANCE = "payments_compliance"
    PERFORMANCE = "performance"
    CONTRACT_CHANGE = "contract_change"
    CONTRACT_END = "contract_end"
    ENDING = "ending"
    MARKET_INTENTION = "market_intention"
    MARKET_SET_UP = "market_set_up"
    MARKET_CHANGE = "market_change"
    MARKET_END = "market_end"
    PAYMENTS = "payments"


NOTICE_KINDS = {
    NoticeKind.PIPELINE: _l("A large lot is in the pipeline"),
    NoticeKind.ENGAGEMENT: _l("Organisations are asked about a planned lot"),
    NoticeKind.PLANNED: _l("The lot is planned"),
    NoticeKind.OPENING: _l("The lot is open for bids"),
    NoticeKind.CHANGE: _l("The lot has changed"),
    NoticeKind.TRANSPARENCY: _l("A contract is to be awarded without a competition"),
    NoticeKind.AWARD: _l("The award is decided"),
    NoticeKind.DETAILS: _l("The contract is signed"),
    NoticeKind.PAYMENTS_COMPLIANCE: _l("How promptly the buyer pays"),
    NoticeKind.PERFORMANCE: _l("How the contract is performed"),
    NoticeKind.CONTRACT_CHANGE: _l("The contract has changed"),
    NoticeKind.CONTRACT_END: _l("The contract has ended"),
    NoticeKind.ENDING: _l("The lot has ended without an award"),
    NoticeKind.MARKET_INTENTION: _l("A market is to be set up"),
    NoticeKind.MARKET_SET_UP: _l("The market is set up"),
    NoticeKind.MARKET_CHANGE: _l("The market’s rules have changed"),
    NoticeKind.MARKET_END: _l("The market has closed"),
    NoticeKind.PAYMENTS: _l("Payments over £30,000"),
}


class NoticeState(StrEnum):
    """How far a notice has come."""

    INCOMPLETE = "incomplete"
    TO_SEND = "to_send"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


NOTICE_STATES = {
    NoticeState.INCOMPLETE: _l("Incomplete"),
    NoticeState.TO_SEND: _l("To send"),
    NoticeState.SENT: _l("Sent"),
    NoticeState.ACCEPTED: _l("Accepted"),
    NoticeState.REJECTED: _l("Rejected"),
}
