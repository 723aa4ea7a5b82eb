"""A decision as the sections of a release; nothing of a bidder but the one chosen."""

from __future__ import annotations

from typing import Any

from bids.awards.models import Award
from lots.models import Lot
from lots.prices.arithmetic import worth
from lots.proportionality import policy_of
from lots.releases import awards
from lots.releases import parties as organisations
from lots.releases.values import first_moment, moment, value
from lots.vocabulary import Route
from marketplace.calendar import end_of
from marketplace.database import db
from marketplace.organisations.models import Organisation

# By the United Kingdom's extension; ours are counted by who bid.
STATISTICS = {
    "bids": "bids",
    "finalStageBids": "final_stage_bids",
    "smeFinalStageBids": "sme_bids",
    "vcseFinalStageBids": "vcse_bids",
}


def winner(award: Award) -> Organisation:
    """The organisation whose bid was chosen."""
    if award.bid is None or award.bid.organisation_id is None:
        raise ValueError("an award names an opened bid")
    return db.session.get_one(Organisation, award.bid.organisation_id)


def value_pence(award: Award, lot: Lot) -> int | None:
    """What the award is worth over the initial term, without VAT, in pence."""
    return lot.value_net_pence if award.price_pence is None else worth(lot, award.price_pence)


def decided(award: Award, lot: Lot, number: int) -> dict[str, Any]:
    """The award notice's sections: the award, the contract to come, and how many bid (UK6)."""
    chosen = organisations.reference(winner(award))
    law = policy_of(lot)
    is_contract = lot.route == Route.CONTRACT
    worth = value(value_pence(award, lot))
    above = law.is_covered(lot) if is_contract else None
    return {
        "awards": [
            {
                "id": awards.award_id(lot, number),
                "title": lot.title,
                "status": "pending",
                "date": moment(award.decided_at),
                "rationale": award.published_reason,
                "value": worth,
                "mainProcurementCategory": "services",
                "aboveThreshold": above,
                "suppliers": [chosen],
                "relatedLots": [lot.reference],
                "contractPeriod": {
                    "startDate": first_moment(lot.starts_on),
                    "durationInMonths": lot.term_months,
                },
                "standstillPeriod": standstill(award, lot),
                "assessmentSummariesDateSent": moment(award.summaries_sent_at),
            }
        ],
        "contracts": [
            {
                "id": awards.contract_id(lot, number),
                "awardID": awards.award_id(lot, number),
                "title": lot.title,
                "status": "pending",
                "value": worth,
                "aboveThreshold": above,
                "futureSignatureDate": moment(
                    end_of(lot.standstill_ends_on) if lot.standstill_ends_on else None
                ),
            }
        ],
        "bids": {"statistics": statistics(award, lot)},
    }


def standstill(award: Award, lot: Lot) -> dict[str, Any] | None:
    """From the notice's day to the end of the last counted day; None for a grant."""
    if lot.route == Route.GRANT:
        return None
    ends = end_of(lot.standstill_ends_on) if lot.standstill_ends_on else None
    return {"startDate": moment(award.decided_at), "endDate": moment(ends)}


def statistics(award: Award, lot: Lot) -> list[dict[str, Any]]:
    """How many bids there were: published with the award, never before."""
    counted = {measure: getattr(award, name) for measure, name in STATISTICS.items()}
    return [
        {
            "id": f"{lot.reference}-{measure}",
            "measure": measure,
            "value": number,
            "relatedLot": lot.reference,
        }
        for measure, number in counted.items()
        if number is not None
    ]
