"""The published awards as releases: ids and dates follow from the data alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lots.contracts.models import Contract, ContractState, ValueKind
from lots.models import Lot
from lots.releases import awards
from lots.releases import parties as organisations
from lots.releases.contracts import tell_contract
from lots.releases.values import first_moment, moment, value
from lots.releases.writing import release
from marketplace.areas.queries import area_names
from marketplace.calendar import end_of, start_of

# The awards were made public in May 2021; the day is not known, so the month's last stands for it.
PUBLISHED = date(2021, 5, 31)
PREDICTED = "The value is as predicted at the award."


def publish(contract: Contract, lot: Lot, ends_early: Mapping[str, date]) -> None:
    """Write what is known of a published award: the award, areas that left it, and its end."""
    provider = awards.supplier_of(contract)
    worth = value(contract.value_pence)
    award = {
        "id": awards.award_id(lot, 1),
        "title": lot.title,
        "description": PREDICTED if contract.value_kind == ValueKind.PREDICTED else None,
        "status": "active",
        "value": worth,
        "suppliers": [organisations.reference(provider)],
        "relatedLots": [lot.reference],
        "contractPeriod": {
            "startDate": first_moment(contract.starts_on),
            "endDate": moment(end_of(contract.ends_on)),
        },
    }
    section = awards.contract_section(contract, lot, 1) | {"status": "active"}
    release(
        lot,
        ["award", "contract"],
        {"awards": [award], "contracts": [section]},
        parts=[(provider, organisations.SUPPLIER)],
        contract=contract,
        at=start_of(PUBLISHED),
    )
    for day, left in _by_day(ends_early):
        _area_left(contract, day, left)
    if contract.state == ContractState.ENDED:
        over = {"status": "terminated", "terminationRationale": "Ended on its last day"}
        tell_contract(contract, ["contractTermination"], more=over, at=end_of(contract.ends_on))


def _by_day(ends_early: Mapping[str, date]) -> list[tuple[date, list[str]]]:
    days: dict[date, list[str]] = {}
    for area, day in sorted(ends_early.items()):
        days.setdefault(day, []).append(area)
    return sorted(days.items())


def _area_left(contract: Contract, day: date, left: list[str]) -> None:
    names = area_names()
    amendment = {
        "id": f"{contract.reference}-{day:%Y-%m}",
        "date": moment(end_of(day)),
        "description": "No longer in: " + ", ".join(names.get(each, each) for each in left),
    }
    more = {"status": "active", "amendments": [amendment]}
    tell_contract(contract, ["contractAmendment"], more=more, at=end_of(day))
