"""What each page of a demonstration lot holds: the lot's own facts over what most lots have."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lots.demonstration.data import CRITERIA, DECIDING, DELIVERED, PRICE_WEIGHT, Tells, Told
from lots.drafting.actions import USUAL_PAYMENT
from lots.prices.models import PLAIN_PRICE
from lots.proportionality.arithmetic import VAT_PERCENT, Worked
from lots.vocabulary import (
    CustodyClocks,
    Demand,
    OnwardSharing,
    PaymentProfile,
    PriceBasis,
    Route,
    SentenceStatus,
    Task,
    TieRule,
    Transfer,
)
from marketplace import calendar

OUTCOMES = {
    "accommodation": ["accommodation-1", "accommodation-2"],
    "ete": ["education-training-employment-1", "education-training-employment-3"],
    "personal-wellbeing": [
        "emotional-wellbeing-1",
        "lifestyle-and-associates-1",
        "social-inclusion-2",
    ],
    "womens-services": [
        "accommodation-2",
        "emotional-wellbeing-1",
        "family-and-significant-others-5",
        "finance-benefit-debt-2",
    ],
}
SENTENCED = [
    SentenceStatus.COMMUNITY_ORDER,
    SentenceStatus.SUSPENDED_SENTENCE,
    SentenceStatus.CUSTODY,
    SentenceStatus.LICENCE,
]
# A place is kept for somebody in prison from six weeks before release.
CUSTODY_DAYS = 42
EARLY = [SentenceStatus.PRE_SENTENCE, *SENTENCED[:2], SentenceStatus.ENDED]
# People of low, medium and high complexity who are expected to start in a month.
STARTS = {
    "homes-north-east": (4, 12, 6),
    "women-north-east": (0, 2, 1),
    "wellbeing-yorkshire": (1, 1, 1),
    "wellbeing-wales": (1, 1, 0),
    "work-wales": (10, 12, 3),
    "homes-yorkshire": (2, 6, 3),
    "work-cleveland": (2, 3, 1),
    "work-durham": (2, 2, 1),
    "women-cleveland": (2, 4, 2),
    "homes-north-wales": (1, 4, 3),
}
FEW_STARTS = (1, 2, 1)
STAFF_MOVE = (
    "The new provider takes over pay, holiday owed and pensions from the first day. Claims from "
    "before that day stay with today’s provider, which has agreed to cover them."
)
# What single lots say differently, by key and column.
OWN: dict[str, dict[str, Any]] = {
    "wellbeing-yorkshire": {
        "price_basis": PriceBasis.MIXED,
        "instalment_percent": 25,
        "fee_percent": 45,
        "start_percent": 25,
        "outcome_percent": 5,
        "payment_profile": PaymentProfile.QUARTERLY_IN_ADVANCE,
        "guaranteed_pence": 200_000_00,
        "paid_outcomes": [("emotional-wellbeing-1", 60, 100), ("social-inclusion-2", 30, 150)],
        "factor_low": 70,
        "factor_high": 130,
        "bands": [(30, 50)],
        "index_points": 250,
    },
    "women-cleveland": {
        "transfer": Transfer.YES,
        "transfer_liabilities": STAFF_MOVE,
        "guaranteed_pence": 160_000_00,
        "voluntary_share_percent": 60,
        "eligibility_note": "Women come to Middlesbrough or Hartlepool; fares are paid.",
    },
    "homes-north-wales": {
        "price_basis": PriceBasis.MIXED,
        "fee_percent": 60,
        "start_percent": 30,
        "outcome_percent": 10,
        "paid_outcomes": [("accommodation-1", 90, 100)],
        "factor_low": 60,
        "factor_high": 160,
        "transfer": Transfer.MAY,
        "transfer_liabilities": "Two workers may move. The region pays for claims, holiday and "
        "pensions from before the move; the new provider pays from the first day.",
        "demands": [
            (
                Demand.CERTIFICATE,
                "Trained housing adviser (level 3)",
                None,
                True,
            ),
            (Demand.CERTIFICATE, "Rent Smart Wales licence", None, False),
        ],
    },
    "homes-yorkshire": {
        "demands": [
            (Demand.CERTIFICATE, "Trained housing adviser (level 3)", None, True),
            (Demand.DOCUMENT, "Your safeguarding policy", None, False),
        ],
    },
    "hub-north-yorkshire": {
        "demands": [(Demand.DOCUMENT, "A drawing or photograph of the rooms", None, False)],
    },
    "wellbeing-northumbria": {"statuses": EARLY, "voluntary_share_percent": 100},
    "women-wales": {"voluntary_share_percent": 50, "min_age": 18},
    "work-durham": {"demands": [(Demand.TURNOVER, "", 60_000_00, False)]},
}


def pages_of(told: Told, closes_on: date, today: date) -> dict[Task, dict[str, Any]]:
    """The values of every page, in the order in which a draft is written."""
    pages = {
        **_what(told),
        **_money(told),
        **_judging(),
        **_terms(),
        Task.DATES: {
            "opens_on": closes_on - timedelta(days=45) if told.tells is Tells.PLANNED else None,
            "closes_at": calendar.closing_moment(closes_on),
            "starts_on": closes_on + _from_closing_to_start(told),
        },
    }
    own = OWN.get(told.key, {})
    for values in pages.values():
        values |= {name: own[name] for name in own if name in values}
    if told.tells is Tells.BEGUN:
        return {task: pages[task] for task in (Task.TERM, Task.VALUE)}
    return pages


def _is_over(told: Told) -> bool:
    return told in DELIVERED


def _from_closing_to_start(told: Told) -> timedelta:
    if _is_over(told):
        return timedelta(days=45)
    return timedelta(days=120 if told in DECIDING else 150)


def _what(told: Told) -> dict[Task, dict[str, Any]]:
    low, medium, high = STARTS.get(told.key, FEW_STARTS)
    return {
        Task.SERVICE: {
            "title": told.title,
            "summary": told.summary,
            "service_code": told.service,
            "outcomes": OUTCOMES[told.service],
        },
        Task.ELIGIBILITY: {
            "cohort": told.cohort,
            "min_age": None,
            "max_age": None,
            "statuses": SENTENCED,
            "custody_days": CUSTODY_DAYS,
            "custody_clocks": CustodyClocks.AT_RELEASE,
            "eligibility_note": "",
        },
        Task.AREAS: {
            "areas": [(region, area) for region, area, _places in told.areas],
            "whole_region_reason": told.whole_region_reason,
        },
        Task.VOLUMES: {
            "places": list(told.areas),
            "starts_low": low,
            "starts_medium": medium,
            "starts_high": high,
        },
    }


def _money(told: Told) -> dict[Task, dict[str, Any]]:
    is_contract = told.route == Route.CONTRACT
    extension = 24 if is_contract and told.months >= 36 else 0
    sums = Worked(told.net * 100, told.months, extension, VAT_PERCENT[told.route])
    return {
        Task.TERM: {
            "term_months": told.months,
            "extension_months": extension,
            "extension_times": 2 if extension else 0,
            "mobilisation_weeks": 4 if _is_over(told) or not is_contract else 12,
        },
        Task.ROUTE: {"route": told.route, "contract_reason": told.contract_reason},
        Task.VALUE: {
            "value_net_pence": sums.net_pence,
            "value_gross_pence": sums.gross_pence,
            "expected_bidders": None,
        },
        Task.PAYMENT: {
            "price_basis": told.basis,
            "payment_profile": USUAL_PAYMENT[told.route],
            "guaranteed_pence": None,
            "voluntary_share_percent": None,
            **PLAIN_PRICE,
        },
    }


def _judging() -> dict[Task, dict[str, Any]]:
    return {
        Task.CRITERIA: {
            "price_weight": PRICE_WEIGHT,
            "tie_rule": TieRule.HIGHER_QUALITY,
            "criteria": CRITERIA,
        },
        Task.DEMANDS: {"demands": []},
    }


def _terms() -> dict[Task, dict[str, Any]]:
    return {
        Task.STAFF: {"transfer": Transfer.NO, "transfer_liabilities": ""},
        Task.TERMS: {
            "publicity_terms": "Leaflets and websites name the Probation Service as the funder. "
            "Tell us a day before you speak to the press about the service.",
            "forbids_speaking": False,
            "data_terms": "You record sessions and outcomes in this product and nowhere else. "
            "People may see what you write about them. Notes are kept six years.",
            "onward_sharing": OnwardSharing.NONE,
        },
    }
