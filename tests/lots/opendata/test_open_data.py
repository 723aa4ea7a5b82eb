"""Open data: the same sums everywhere, nothing early, nothing sent twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bids.published.figures import SIZES, told_apart
from lots.market.load import DAY_ONE, load_awards
from lots.market.queries import market_report
from lots.proportionality.burden import LEAST_BIDS
from lots.releases import queries as releases
from lots.vocabulary import Route
from marketplace.database import db, write
from tests.support.bids import decided_competition, recommended_competition
from tests.support.lots import make_open_lot
from tests.support.opendata import grant_problems, table
from tests.support.people import make_organisation
from tests.support.qualification import qualify
from tests.support.statements import statements_sent

FILES = (
    "/open-data/360giving.json",
    "/open-data/360giving.csv",
    "/open-data/awards.csv",
    "/open-data/register.csv",
    "/open-data/register.json",
    "/open-data/market.csv?on=2021-06-26",
    "/open-data/market.json?on=2021-06-26",
)


def test_the_totals_of_day_one_are_the_same_in_report_records_and_tables(app, client):
    with write():
        load_awards(DAY_ONE)
    report = market_report(date(2021, 6, 26))
    rows = table(client.get("/open-data/awards.csv"))
    compiled = [each["compiledRelease"] for each in releases.records(0, 1000).items]
    contracts = [each for said in compiled for each in said.get("contracts", ())]
    assert len(rows) == len(contracts) == report["awards"] == 66
    worth = sum(float(row["value_gbp"]) for row in rows)
    assert worth == sum(each["value"]["amount"] for each in contracts) == report["value_gbp"]
    voluntary = {row["supplier"] for row in rows if row["supplier_is_voluntary"] == "yes"}
    assert len({row["supplier"] for row in rows}) == report["lead_providers"]
    assert len(voluntary) == report["voluntary_lead_providers"]
    figures = table(client.get("/open-data/market.csv?on=2021-06-26"))
    (whole,) = [row for row in figures if row["table"] == "market" and row["figure"] == "value_gbp"]
    assert float(whole["value"]) == worth
    by_region = [
        float(row["value"])
        for row in figures
        if row["table"] == "regions" and row["figure"] == "value_gbp"
    ]
    assert sum(by_region) == worth


def test_a_grant_is_public_with_its_decision_and_not_before(app, client):
    recommended_competition(route=Route.GRANT)
    assert client.get("/open-data/360giving.json").json["grants"] == []
    assert table(client.get("/open-data/awards.csv")) == []
    decided = decided_competition(route=Route.GRANT)
    decided_competition()  # a contract is no grant
    package = client.get("/open-data/360giving.json").json
    assert grant_problems(package) == []
    (grant,) = package["grants"]
    assert grant["id"].startswith("360G-dfmarketplace-" + decided.lot.reference)
    assert grant["fundingOrganization"][0]["name"] == decided.buyer.name
    (row,) = table(client.get("/open-data/360giving.csv"))
    assert row["Identifier"] == grant["id"]
    assert float(row["Amount Awarded"]) == grant["amountAwarded"]
    assert len(table(client.get("/open-data/awards.csv"))) == 2


def test_a_name_that_is_a_formula_is_text_in_every_table(app, client):
    bad = make_organisation(name="=cmd|' /C calc'!A0")
    good = make_organisation(name="Oak Trust")
    for each in (bad, good):
        qualify(each)
    decided_competition(route=Route.GRANT, bidders=[bad, good])
    (row,) = table(client.get("/open-data/awards.csv"))
    assert row["supplier"] == "'" + bad.name
    (row,) = table(client.get("/open-data/360giving.csv"))
    assert row["Recipient Org:Name"] == "'" + bad.name


@pytest.mark.parametrize("path", FILES)
def test_whoever_has_it_already_is_not_sent_it_again(app, client, path):
    first = client.get(path)
    assert first.status_code == 200 and first.headers["ETag"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_as_many_statements_for_many_awards_as_for_few(app, client):
    decided_competition(route=Route.GRANT)
    paths = ("/open-data/awards.csv", "/open-data/360giving.json", "/open-data/market.csv")
    few = {path: _count(client, path) for path in paths}
    for _time in range(3):
        decided_competition(route=Route.GRANT)
    db.session.remove()
    assert {path: _count(client, path) for path in paths} == few


def test_whoever_has_the_awards_is_told_so_before_they_are_read(app, client):
    decided_competition()
    tag = client.get("/open-data/awards.csv").headers["ETag"]
    with statements_sent() as sent:
        again = client.get("/open-data/awards.csv", headers={"If-None-Match": tag})
    assert (again.status_code, len(sent)) == (304, 1)
    decided_competition()
    assert client.get("/open-data/awards.csv", headers={"If-None-Match": tag}).status_code == 200


def test_a_table_with_made_up_figures_says_so_in_its_first_rows(client):
    rows = table(client.get("/open-data/market.csv?on=2021-06-26&demonstration=1"))
    assert (rows[0]["table"], rows[0]["figure"], rows[0]["value"]) == (
        "demonstration",
        "included",
        "True",
    )
    assert "demonstration" not in client.get("/open-data/market.csv?on=2021-06-26").text


def _count(client, path):
    with statements_sent() as sent:
        assert client.get(path).status_code == 200
    return len(sent)


def test_every_link_of_the_page_answers(app, client):
    make_open_lot()
    page = client.show("/open-data")
    assert "Open Government Licence v3.0" in page.text
    links = {each for each in page.links().values() if each.startswith("/open-data/")}
    assert {path.partition("?")[0] for path in FILES} <= links
    for each in links:
        assert client.get(each).status_code == 200, each


def test_the_market_counts_what_was_decided_here_and_names_no_small_group(app):
    decided_competition()
    # One bid won and one did not: too few to be told by size.
    bids = market_report(date(9999, 1, 1))["bids"]
    assert (bids["competitions"], bids["bids"], bids["by_size"]) == (1, 2, {})
    decided_competition(prices=(9_000_00, 9_500_00, 10_000_00), scores=(4, 3, 2))
    bids = market_report(date(9999, 1, 1))["bids"]
    assert bids["by_size"] == {
        "unknown": {"bids": 5, "awarded": 2, "success_rate": 0.4},
    }


@given(st.lists(st.integers(0, 9), min_size=len(SIZES), max_size=len(SIZES)))
def test_no_small_size_is_found_by_taking_the_others_from_the_sum(counts):
    by_size = {size: (bids, 0) for size, bids in zip(SIZES, counts, strict=True) if bids}
    shown = told_apart(by_size)
    assert all(bids >= LEAST_BIDS for bids, _won in shown.values())
    rest = sum(counts) - sum(bids for bids, _won in shown.values())
    assert rest == 0 or rest >= LEAST_BIDS or not shown


def test_the_sizes_of_twenty_bids_do_not_give_away_the_two_that_are_left_out():
    counts = dict(zip(SIZES, (5, 5, 8, 2), strict=False))
    assert [
        bids for bids, _won in told_apart({size: (n, 1) for size, n in counts.items()}).values()
    ] == [5, 8]
