"""The tender of a release: the lots of a competition as everybody may read them at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lots.models import Lot, LotCriterion, LotDemand
from lots.proportionality import policy_of
from lots.releases.packages import address
from lots.releases.values import first_moment, moment, value
from lots.shown import Names
from lots.vocabulary import DEMANDS, Demand, LotState, Route

# Probation services, in the Common Procurement Vocabulary.
CPV = {"scheme": "CPV", "id": "75231240", "description": "Probation services"}
LIGHT_TOUCH = "lightTouch"
LAWS = {
    "pcr_2015": {
        "scheme": "UKSI",
        "id": "2015/102",
        "description": "Public Contracts Regulations 2015, regulations 74 to 76 (light touch)",
        "uri": "https://www.legislation.gov.uk/uksi/2015/102",
    },
    "act_2023": {
        "scheme": "UKPGA",
        "id": "2023/54",
        "description": "Procurement Act 2023, section 9 (light touch contracts)",
        "uri": "https://www.legislation.gov.uk/ukpga/2023/54",
    },
}
STATUS = {
    LotState.PLANNED: "planned",
    LotState.APPROVED: "planned",
    LotState.OPEN: "active",
    LotState.CLOSED: "active",
    LotState.EVALUATING: "active",
    LotState.RECOMMENDED: "active",
    LotState.STANDSTILL: "active",
    LotState.AWARDED: "complete",
    LotState.NO_AWARD: "unsuccessful",
}
SELECTION_TYPE = {Demand.TURNOVER: "economic", Demand.CERTIFICATE: "technical"}
# What a competition of several lots is, the first that any of its lots is.
RANKED = ("active", "planned", "complete", "unsuccessful", "cancelled", "withdrawn")


def status(lot: Lot) -> str:
    """A lot's status in the closed list of the standard; what never opened is withdrawn."""
    if lot.state == LotState.CANCELLED:
        return "cancelled" if lot.published_at else "withdrawn"
    return STATUS[lot.state]


def tender(reference: str, lots: Sequence[Lot], names: Names, most_lots: int | None) -> Any:
    """All that is public of a competition; its lots in order of reference."""
    first = lots[0]
    statuses = {status(lot) for lot in lots}
    contracts = [lot for lot in lots if lot.route == Route.CONTRACT]
    law = policy_of(first)
    return {
        "id": reference,
        "title": first.title if len(lots) == 1 else ", ".join(lot.title for lot in lots),
        "description": first.summary if len(lots) == 1 else None,
        "status": next(each for each in RANKED if each in statuses),
        "value": _whole_value(lots),
        "mainProcurementCategory": "services",
        "procurementMethod": "selective",
        "procurementMethodDetails": _method(first),
        "legalBasis": LAWS[law.regime] if contracts else None,
        "specialRegime": [LIGHT_TOUCH] if contracts else None,
        "aboveThreshold": any(law.is_covered(lot) for lot in lots) if contracts else None,
        "submissionMethod": ["electronicSubmission"],
        "submissionMethodDetails": address(f"/opportunities/{first.id}"),
        "tenderPeriod": _span([(lot.published_at, lot.closes_at) for lot in lots]),
        "enquiryPeriod": _span([(lot.published_at, lot.questions_until) for lot in lots]),
        "awardPeriod": {"startDate": moment(_latest(lot.closes_at for lot in lots))},
        "communication": {"futureNoticeDate": _opening(lots)},
        "lotDetails": {
            "maximumLotsAwardedPerSupplier": most_lots,
            "noLotsDivisionRationale": "\n".join(
                filter(None, (lot.whole_region_reason.strip() for lot in lots))
            ),
        },
        "riskDetails": "\n".join(filter(None, (lot.transfer_liabilities for lot in lots))),
        "lots": [_lot(lot) for lot in lots],
        "items": [item for lot in lots for item in _items(lot, names)],
    }


def _method(lot: Lot) -> str:
    grant = lot.route == Route.GRANT
    return "Grant within the Dynamic Framework" if grant else "Call-off from the Dynamic Framework"


def _whole_value(lots: Sequence[Lot]) -> Any:
    net = [lot.value_net_pence for lot in lots if lot.value_net_pence is not None]
    gross = [lot.value_gross_pence for lot in lots if lot.value_gross_pence is not None]
    whole = len(lots)
    return value(
        sum(net) if len(net) == whole else None, sum(gross) if len(gross) == whole else None
    )


def _span(periods: Sequence[tuple[datetime | None, datetime | None]]) -> dict[str, Any]:
    starts = [start for start, _end in periods if start]
    # What is only planned may still move: its end is published with its opening.
    ends = [end for start, end in periods if start and end]
    return {
        "startDate": moment(min(starts, default=None)),
        "endDate": moment(max(ends, default=None)),
    }


def _latest(moments: Any) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)


def _opening(lots: Sequence[Lot]) -> str | None:
    planned = [lot for lot in lots if status(lot) == "planned"]
    days = [moment(lot.opens_at) or first_moment(lot.opens_on) for lot in planned]
    return min(filter(None, days), default=None)


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.reference,
        "title": lot.title,
        "description": lot.summary,
        "status": status(lot),
        "value": value(lot.value_net_pence, lot.value_gross_pence),
        "contractPeriod": {
            "startDate": first_moment(lot.starts_on),
            "durationInMonths": lot.term_months,
        },
        "hasRenewal": bool(lot.extension_times),
        "renewal": {"maximumRenewals": lot.extension_times or None},
        "awardCriteria": {"criteria": [*map(_criterion, lot.criteria), _price(lot)]},
        "selectionCriteria": {"criteria": [_demand(demand) for demand in lot.demands]},
        "suitability": {"sme": True, "vcse": True},
    }


def _criterion(criterion: LotCriterion) -> dict[str, Any]:
    return {
        "type": "quality",
        "name": criterion.name,
        "numbers": [{"number": criterion.weight, "weight": "percentageExact"}],
    }


def _price(lot: Lot) -> dict[str, Any] | None:
    if not lot.price_weight:
        return None
    numbers = [{"number": lot.price_weight, "weight": "percentageExact"}]
    return {"type": "price", "name": "Price", "numbers": numbers}


def _demand(demand: LotDemand) -> dict[str, Any]:
    label = str(DEMANDS[demand.kind])
    return {
        "type": SELECTION_TYPE.get(demand.kind, "other"),
        "description": ": ".join(filter(None, (label, demand.text.strip()))),
        "minimum": str(demand.least_pence // 100) if demand.least_pence else None,
    }


def _items(lot: Lot, names: Names) -> list[dict[str, Any]]:
    service = names.services.get(lot.service_code, lot.service_code)
    return [
        {
            "id": f"{lot.reference}-{area.area_code or area.region_code}",
            "description": service,
            "classification": CPV,
            "quantity": area.places,
            "unit": {"name": "place"} if area.places else None,
            "deliveryAddresses": [
                {
                    "locality": names.areas.get(area.area_code) if area.area_code else None,
                    "region": names.regions.get(area.region_code, area.region_code),
                    "countryName": "United Kingdom",
                }
            ],
            "relatedLot": lot.reference,
        }
        for area in lot.areas
    ]
