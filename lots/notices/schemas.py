"""What each notice has to say: checked before it is sent, field by field."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lots.notices.vocabulary import NoticeKind

Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Pence = Annotated[int, Field(gt=0)]


class Facts(BaseModel):
    """What every notice names: whose it is. Further facts may stand beside those asked for."""

    model_config = ConfigDict(extra="allow")
    buyer: Words


class OfLot(Facts):
    """A notice about a lot."""

    reference: Words
    title: Words
    service_code: Words
    areas: Annotated[list[str], Field(min_length=1)]
    value_net_pence: Pence


class Opening(OfLot):
    """What a supplier needs to take part."""

    value_gross_pence: Pence
    closes_at: datetime
    starts_on: date
    term_months: Annotated[int, Field(gt=0)]


class Change(OfLot):
    """What has changed in it."""

    change: Words


class Ending(OfLot):
    """Why it ended."""

    end_reason: Words


class Awarded(OfLot):
    """Who was chosen, and when bidders heard why."""

    supplier: Words
    decided_at: datetime
    summaries_sent_at: datetime
    bids: Annotated[int, Field(ge=1)]


class OfContract(OfLot):
    """A notice about a contract."""

    contract: Words
    supplier: Words


class Signed(OfContract):
    """What was signed."""

    signed_at: datetime
    starts_on: date
    ends_on: date
    contract_value_pence: Annotated[int, Field(ge=0)]


class ContractChanged(OfContract):
    """What was changed in a contract."""

    change: Words
    reason: Words
    effective_on: date


class ContractEnded(OfContract):
    """When a contract ended."""

    ended_on: date


class Market(Facts):
    """What the market is."""

    title: Words
    valid_from: date


class OfPeriod(Facts):
    """Figures of one buyer over a period."""

    first_day: date
    last_day: date
    payments: Annotated[int, Field(ge=0)]


SCHEMAS: dict[NoticeKind, type[Facts]] = {
    NoticeKind.PIPELINE: OfLot,
    NoticeKind.ENGAGEMENT: OfLot,
    NoticeKind.PLANNED: OfLot,
    NoticeKind.OPENING: Opening,
    NoticeKind.CHANGE: Change,
    NoticeKind.AWARD: Awarded,
    NoticeKind.DETAILS: Signed,
    NoticeKind.PAYMENTS_COMPLIANCE: OfPeriod,
    NoticeKind.PERFORMANCE: ContractEnded,
    NoticeKind.CONTRACT_CHANGE: ContractChanged,
    NoticeKind.CONTRACT_END: ContractEnded,
    NoticeKind.ENDING: Ending,
    NoticeKind.MARKET_INTENTION: Market,
    NoticeKind.MARKET_SET_UP: Market,
    NoticeKind.MARKET_CHANGE: Market,
    NoticeKind.MARKET_END: Market,
    NoticeKind.PAYMENTS: OfPeriod,
}

FIELDS = {
    "areas": _l("Areas"),
    "bids": _l("Number of bids"),
    "buyer": _l("Buyer"),
    "change": _l("What has changed"),
    "closes_at": _l("Closing"),
    "contract": _l("Contract"),
    "contract_value_pence": _l("Value of the contract, without VAT"),
    "decided_at": _l("Decided"),
    "effective_on": _l("In force from"),
    "end_reason": _l("Reason for ending"),
    "ended_on": _l("Last day"),
    "ends_on": _l("Ends"),
    "final_stage_bids": _l("Bids that were ranked"),
    "first_day": _l("First day"),
    "last_day": _l("Last day"),
    "opens_on": _l("Expected to open"),
    "payments": _l("Number of payments"),
    "paid_within_30_days": _l("Paid within 30 days"),
    "questions_until": _l("Questions until"),
    "reason": _l("Reason"),
    "reference": _l("Reference"),
    "route": _l("Grant or contract"),
    "service_code": _l("Service"),
    "signed_at": _l("Signed"),
    "sme_bids": _l("Bids from small and medium organisations"),
    "standstill_ends_on": _l("Standstill ends"),
    "starts_on": _l("Starts"),
    "summaries_sent_at": _l("Assessment summaries sent"),
    "summary": _l("Summary"),
    "supplier": _l("Supplier"),
    "term_months": _l("Months"),
    "title": _l("Title"),
    "total_pence": _l("Sum of the payments"),
    "valid_from": _l("In force from"),
    "value_gross_pence": _l("Whole-life value with VAT"),
    "value_net_pence": _l("Value without VAT"),
    "vcse_bids": _l("Bids from voluntary organisations"),
    "what": _l("What has changed"),
}


def problems(kind: NoticeKind, facts: dict[str, Any]) -> list[str]:
    """The fields that are missing or do not fit, in order; empty where it may be sent."""
    try:
        SCHEMAS[kind].model_validate(facts)
    except ValidationError as wrong:
        return list(dict.fromkeys(str(each["loc"][0]) for each in wrong.errors()))
    return []
