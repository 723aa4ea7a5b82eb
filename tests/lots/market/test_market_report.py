"""The market on a day. The figures were worked out from the published file apart from the code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from lots.contracts.models import Contract, ContractArea
from lots.market.queries import (
    first_and_last_day,
    live_contracts,
    market_report,
    report_of,
)
from lots.models import Lot
from marketplace.acting import OrganisationKind
from marketplace.calendar import start_of
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from tests.support.statements import statements_sent

DAY_ONE = date(2021, 6, 26)
FIGURES = (
    "contracts",
    "voluntary_contracts",
    "lead_providers",
    "voluntary_lead_providers",
    "value_gbp",
)
WHOLE = {  # contracts, awards, lead providers, voluntary ones, value
    "2021-06-25": (0, 0, 0, 0, 0),
    "2021-06-26": (110, 66, 26, 23, 196_074_277),
    "2023-06-30": (110, 66, 26, 23, 196_074_277),
    "2023-07-01": (93, 63, 25, 22, 193_330_455),
    "2025-03-31": (93, 63, 25, 22, 193_330_455),
    "2025-04-01": (32, 21, 14, 14, 43_865_277),
    "2026-03-31": (32, 21, 14, 14, 43_865_277),
    "2026-04-01": (0, 0, 0, 0, 0),
}
VOLUNTARY_VALUE = {"2021-06-26": 125_547_725, "2023-07-01": 122_803_903, "2025-04-01": 43_865_277}
SERVICES = {
    "2021-06-26": {
        "accommodation": (14, 9, 7, 5, 33_649_410),
        "ete": (11, 1, 4, 1, 33_836_715),
        "personal-wellbeing": (45, 34, 8, 6, 81_979_053),
        "womens-services": (40, 40, 15, 15, 46_609_099),
    },
    "2023-07-01": {
        "accommodation": (14, 9, 7, 5, 33_649_410),
        "ete": (11, 1, 4, 1, 33_836_715),
        "personal-wellbeing": (36, 26, 8, 6, 81_979_053),
        "womens-services": (32, 32, 14, 14, 43_865_277),
    },
    "2025-04-01": {
        "accommodation": (0, 0, 0, 0, 0),
        "ete": (0, 0, 0, 0, 0),
        "personal-wellbeing": (0, 0, 0, 0, 0),
        "womens-services": (32, 32, 14, 14, 43_865_277),
    },
}
REGIONS = {
    "2021-06-26": {
        "A": (8, 6, 4, 3, 16_974_257),
        "B": (10, 7, 6, 4, 19_142_599),
        "C": (10, 8, 7, 6, 26_228_070),
        "D": (17, 16, 6, 5, 13_516_126),
        "E": (10, 6, 6, 4, 25_043_754),
        "F": (10, 6, 7, 6, 18_023_835),
        "G": (12, 10, 4, 3, 15_846_817),
        "H": (6, 4, 3, 2, 9_921_216),
        "I": (16, 14, 5, 4, 17_346_512),
        "J": (3, 2, 3, 2, 22_383_344),
        "K": (8, 5, 5, 4, 11_647_747),
        "L": (0, 0, 0, 0, 0),
    },
    "2023-07-01": {
        "A": (8, 6, 4, 3, 16_974_257),
        "B": (8, 5, 5, 3, 18_823_164),
        "C": (10, 8, 7, 6, 26_228_070),
        "D": (9, 8, 4, 3, 11_091_739),
        "E": (8, 5, 6, 4, 25_043_754),
        "F": (10, 6, 7, 6, 18_023_835),
        "G": (9, 7, 4, 3, 15_846_817),
        "H": (5, 3, 3, 2, 9_921_216),
        "I": (15, 13, 5, 4, 17_346_512),
        "J": (3, 2, 3, 2, 22_383_344),
        "K": (8, 5, 5, 4, 11_647_747),
        "L": (0, 0, 0, 0, 0),
    },
}


def test_the_whole_market_on_the_days_on_which_it_changed(awards):
    for day, expected in WHOLE.items():
        report = market_report(date.fromisoformat(day))
        names = ("contracts", "awards", "lead_providers", "voluntary_lead_providers", "value_gbp")
        assert tuple(report[name] for name in names) == expected, day
        assert report["on"] == day


def test_the_voluntary_sectors_share_is_a_fraction_and_null_without_money(awards):
    for day, (*_rest, value) in WHOLE.items():
        share = market_report(date.fromisoformat(day))["voluntary_value_share"]
        if value == 0:
            assert share is None
        elif day in VOLUNTARY_VALUE:
            assert share == pytest.approx(VOLUNTARY_VALUE[day] / value)


@pytest.mark.parametrize("part, expected", [("services", SERVICES), ("regions", REGIONS)])
def test_services_and_regions(awards, part, expected):
    for day, rows in expected.items():
        report = market_report(date.fromisoformat(day))[part]
        assert {code: tuple(row[f] for f in FIGURES) for code, row in report.items()} == rows, day
        assert all(set(row) == set(FIGURES) for row in report.values())


def test_the_report_has_exactly_the_published_shape(awards):
    assert set(market_report(DAY_ONE)) == {
        "on",
        "contracts",
        "lead_providers",
        "voluntary_lead_providers",
        "awards",
        "value_gbp",
        "voluntary_value_share",
        "services",
        "regions",
        "income_bands",
        "supply_chain",
        "bids",
        "days_to_pay",
    }


def test_the_report_takes_as_many_statements_empty_as_full(awards):
    counts = set()
    for day in (date(2020, 1, 1), DAY_ONE, date(2025, 4, 1)):
        with statements_sent() as sent:
            market_report(day)
        counts.add(len(sent))
    assert len(counts) == 1 and counts.pop() < 12


def test_the_first_and_last_days_with_contracts(awards):
    assert first_and_last_day() == (DAY_ONE, date(2026, 3, 31))


def test_without_contracts_there_is_no_first_day(app):
    assert first_and_last_day() is None
    assert market_report(DAY_ONE)["contracts"] == 0


def _demonstration_contract() -> None:
    buyer = Organisation(kind=OrganisationKind.REGION, name="Example", is_demonstration=True)
    provider = Organisation(kind=OrganisationKind.PROVIDER, name="Made up", is_demonstration=True)
    db.session.add_all([buyer, provider])
    db.session.flush()
    common = {"service_code": "ete", "is_demonstration": True}
    lot = Lot(
        reference="L-1",
        title="A lot",
        lead_buyer_id=buyer.id,
        created_at=start_of(DAY_ONE),
        **common,
    )
    db.session.add(lot)
    db.session.flush()
    dates = {"starts_on": DAY_ONE, "ends_on": DAY_ONE + timedelta(days=400)}
    db.session.add(
        Contract(
            reference="C-1",
            lot_id=lot.id,
            provider_id=provider.id,
            buyer_id=buyer.id,
            value_pence=100_50,
            value_term_months=12,
            price_basis="monthly_fee",
            monthly_fee_pence=10,
            live_at=start_of(DAY_ONE),
            areas=[ContractArea(region_code="L", area_code="greater-manchester", **dates)],
            **dates,
            **common,
        )
    )


def test_demonstration_contracts_count_only_when_asked_for_and_are_labelled(awards):
    with write():
        _demonstration_contract()
    assert market_report(DAY_ONE)["contracts"] == 110
    report = market_report(DAY_ONE, demonstration=True)
    assert report["contracts"] == 111
    assert report["value_gbp"] == 196_074_377.5
    assert report["regions"]["L"]["contracts"] == 1
    assert report["demonstration"] == {"included": True, "contracts": 1}


def test_a_contract_counts_until_it_is_closed_early(awards):
    closed = date(2022, 5, 1)
    with write():
        area = db.session.query(ContractArea).filter_by(area_code="surrey").first()
        area.closed_at = start_of(closed + timedelta(days=1))
    assert market_report(closed)["contracts"] == 110
    assert market_report(closed + timedelta(days=1))["contracts"] == 109


def test_a_line_over_two_regions_counts_once_in_all_and_whole_in_each(awards):
    live = live_contracts(DAY_ONE)[:1]
    twice = [*live, replace(live[0], region_code="L")]
    report = report_of(DAY_ONE, twice)
    pounds = live[0].value_pence // 100
    assert report["awards"] == 1
    assert report["value_gbp"] == pounds
    assert report["regions"]["L"]["value_gbp"] == pounds
    assert report_of(DAY_ONE, [*twice, replace(live[0], line=uuid4())])["awards"] == 2
