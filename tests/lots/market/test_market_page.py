"""The report as a reader sees it, and as a machine reads it."""

from __future__ import annotations

from datetime import date

import pytest

from lots.market.queries import market_report


def test_today_nothing_is_live_and_the_page_leads_to_the_days_with_contracts(awards, client):
    page = client.show("/market")
    assert "No contract was live on this day" in page.text
    links = page.links()
    first = client.show(links["Show the first day, 26 June 2021"])
    assert "110 contracts" in first.text
    last = client.show(links["Show the last day, 31 March 2026"])
    assert "32 contracts" in last.text


def test_the_date_form_shows_another_day(awards, client):
    answer = client.submit("/market", "Show the market", on="2023-07-01")
    assert "On 1 July 2023" in answer.page.text
    assert "93 contracts" in answer.page.text


def test_the_page_says_which_figures_are_published_and_which_derived(awards, client):
    text = client.show("/market?on=2021-06-26").text
    for heading in ("Published", "Published as predictions", "Derived"):
        assert heading in text
    assert "its last day is assumed" in text


def _tiles(page) -> list[str]:
    figures = [e for e in page.root.iter() if str(e.tag).endswith("}g")]
    return [e.get("aria-label") for e in figures if e.get("role") == "img"]


def test_the_map_shows_all_42_areas_and_what_others_bought_is_no_gap(awards, client):
    tiles = _tiles(client.show("/market?on=2021-06-26&service=womens-services"))
    assert len(tiles) == 42
    assert "Greater Manchester: Bought by others" in tiles
    assert "London (Metropolitan Police): Bought by others" in tiles
    assert "Kent: 1" in tiles
    ended = _tiles(client.show("/market?on=2023-07-01&service=womens-services"))
    assert "Gwent: 0" in ended


def test_each_service_has_its_own_map(awards, client):
    page = client.show("/market?on=2021-06-26")
    page = client.show(page.links()["Personal wellbeing"])
    tiles = _tiles(page)
    assert "Gwent: 2" in tiles  # two age groups
    assert "London (Metropolitan Police): 1" in tiles
    assert "Greater Manchester Combined Authority" in page.text


def test_in_all_services_together_london_is_not_bought_by_others_alone(awards, client):
    tiles = _tiles(client.show("/market?on=2021-06-26"))
    assert "London (Metropolitan Police): 3" in tiles
    assert "Greater Manchester: Bought by others" in tiles


def test_an_unknown_service_shows_all(awards, client):
    page = client.show("/market?on=2021-06-26&service=cooking")
    assert "Contracts in each area: all services" in page.text


@pytest.mark.parametrize("typed", ["26/06/2021", "20210626", "2021-W26-6", "2021-02-30", "today"])
def test_a_date_in_another_format_gets_a_page_that_says_what_is_expected(awards, client, typed):
    page = client.show(f"/market?on={typed}", status=400)
    assert "YYYY-MM-DD" in page.text
    assert typed in page.text
    answer = client.get(f"/open-data/market.json?on={typed}")
    assert answer.status_code == 400
    assert "YYYY-MM-DD" in answer.json["error"]["detail"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_days_like_others(awards, client, day):
    assert "No contract was live" in client.show(f"/market?on={day}").text
    assert client.get(f"/open-data/market.json?on={day}").json["contracts"] == 0


def test_open_data_is_the_report(awards, client):
    answer = client.get("/open-data/market.json?on=2021-06-26")
    assert answer.mimetype == "application/json"
    assert answer.json == market_report(date(2021, 6, 26))


def test_open_data_is_of_today_where_no_day_is_given(awards, client):
    answer = client.get("/open-data/market.json")
    assert (answer.status_code, answer.json["contracts"]) == (200, 0)
    assert answer.json["voluntary_value_share"] is None


def test_the_demonstrations_contracts_are_labelled(awards, client):
    page = client.show("/market?on=2021-06-26&demonstration=1")
    assert "of the demonstration" in page.text
    answer = client.get("/open-data/market.json?on=2021-06-26&demonstration=1")
    assert answer.json["demonstration"] == {"included": True, "contracts": 0}


def test_a_reader_of_welsh_sees_welsh_names(awards, client, monkeypatch):
    monkeypatch.setitem(awards.extensions, "languages", {"en", "cy"})
    page = client.show("/market?on=2021-06-26&lang=cy")
    assert "Gwasanaethau i fenywod" in page.text
    assert "Manceinion Fwyaf: Bought by others" in _tiles(page)


def test_with_nothing_loaded_the_page_says_so(client):
    assert "No contracts are recorded yet" in client.show("/market?on=2021-06-26").text


def test_the_command_prints_the_report(awards):
    run = awards.test_cli_runner().invoke
    printed = run(args=["market-report", "--on", "2021-06-26"]).output
    assert "£196,074,277" in printed
    assert "Greater Manchester" in printed
    assert run(args=["market-report", "--on", "26.6.2021"]).exit_code == 2
