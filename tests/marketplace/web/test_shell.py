"""Every page's frame: language, headers, errors, logs, health and pictures."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from marketplace.web.filters import shown_datetime, shown_pounds
from marketplace.web.logs import _Formatter
from marketplace.web.pictures import _grid, bounds, legend, step
from tests.support.client import Client

AREAS = Path(__file__).parents[3] / "marketplace" / "areas" / "data" / "pcc_areas.csv"


@pytest.mark.parametrize("address", ["/accessibility", "/privacy", "/cookies"])
def test_the_footers_pages_are_public(visitor: Client, address: str) -> None:
    page = visitor.show(address)
    assert page.html.count(f"{page.h1} – Dynamic Framework marketplace") == 1


def test_furniture_and_pictures_are_valid(visitor: Client) -> None:
    page = visitor.show("/example/furniture")
    assert "Bought by others" in page.text
    assert page.links()["Next page"] == "/example/furniture?page=5"
    assert "style=" not in page.html


def test_only_languages_with_a_catalogue_are_offered(visitor: Client) -> None:
    page = visitor.show("/example/furniture?lang=cy")
    assert page.all("html")[0].get("lang") == "en"
    assert "Cymraeg" not in page.links()


def test_the_language_is_remembered_and_the_query_kept(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(visitor.application.extensions, "languages", {"en", "cy"})
    page = visitor.show("/example/furniture?page=2&lang=cy")
    assert page.all("html")[0].get("lang") == "cy"
    assert page.links()["English"] == "/example/furniture?page=2&lang=en"
    assert visitor.show("/cookies").all("html")[0].get("lang") == "cy"


def test_a_query_string_cannot_break_the_page(visitor: Client) -> None:
    assert visitor.show("/example/furniture?endpoint=x&_external=1&self=2&page=%00").h1


def test_scripts_run_only_by_nonce_and_styles_only_from_here(visitor: Client) -> None:
    answer = visitor.get("/example")
    policy = answer.headers["Content-Security-Policy"]
    nonces = {script.get("nonce") for script in answer.page.all("script")}
    assert len(nonces) == 1
    assert f"script-src 'nonce-{nonces.pop()}'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_page_about_a_person_is_marked_and_never_kept(visitor: Client) -> None:
    answer = visitor.get("/example/person")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_data(as_text=True).count("OFFICIAL-SENSITIVE") == 2


def test_static_files_are_kept_for_a_year_by_their_hash(visitor: Client) -> None:
    addresses = [link.get("href", "") for link in visitor.show("/cookies").all("link")]
    styles = next(address for address in addresses if "app.css" in address)
    assert "immutable" in visitor.get(styles).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("refusal", 409, "The closing date has passed"),
        ("refused", 403, "Your role"),
        ("not-yours", 404, "Page not found"),
        ("database", 503, "Nothing was changed"),
        ("overtaken", 409, "Nothing was done a second time"),
    ],
)
def test_each_refusal_has_a_page(visitor: Client, kind: str, status: int, words: str) -> None:
    page = visitor.show(f"/example/raise/{kind}", status)
    assert words in page.text


def test_while_the_database_is_away_a_time_to_retry_is_named(visitor: Client) -> None:
    assert visitor.get("/example/raise/database").headers["Retry-After"] == "10"


def test_a_refusal_never_links_outside(visitor: Client) -> None:
    answer = visitor.get("/example/raise/refusal", headers={"Referer": "https://evil.example/"})
    assert "evil" not in answer.get_data(as_text=True)


def test_a_forged_form_changes_nothing_and_loses_nothing(visitor: Client) -> None:
    answer = visitor.post("/example", data={"title": "x"})
    assert answer.status_code == 400
    assert "What you typed is not lost" in answer.page.text


@pytest.mark.parametrize("referrer", [None, "http://[", "http://[::1", "//", "\\", "https://x:y/"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_form_without_a_sound_referrer_is_answered(
    visitor: Client, referrer: str | None, scheme: str
) -> None:
    headers = {"Referer": referrer} if referrer is not None else {}
    page = visitor.show("/example")
    token = dict(page.form("Save and continue").values())["csrf_token"]
    for path, expected in (("/sign-out", {303, 400}), ("/example/raise/refusal", {405})):
        answer = visitor.post(
            path,
            data={"csrf_token": token},
            headers=headers,
            base_url=f"{scheme}://localhost",
        )
        assert answer.status_code in expected
    answer = visitor.get("/example/raise/refusal", headers=headers)
    assert answer.status_code == 409


@pytest.mark.parametrize("on", ["http://[", "/[", "//[", "/http://[", "http://[::1"])
def test_a_broken_address_to_go_on_to_leads_nowhere(visitor: Client, on: str) -> None:
    assert visitor.get("/sign-in", query_string={"next": on}).status_code == 200


def test_a_machine_that_was_overtaken_gets_json(visitor: Client) -> None:
    answer = visitor.get("/api/example/overtaken")
    assert (answer.status_code, answer.json["error"]["status"]) == (409, 409)


def test_a_row_that_breaks_a_rule_of_its_own_is_a_crash(example_app: Flask) -> None:
    example_app.testing = False
    try:
        page = Client(example_app).show("/example/raise/broken", 500)
    finally:
        example_app.testing = True
    assert "secret value" not in page.html


def test_a_crash_shows_a_page_without_its_cause(example_app: Flask) -> None:
    example_app.testing = False
    try:
        page = Client(example_app).show("/example/raise/crash", 500)
    finally:
        example_app.testing = True
    assert "secret value" not in page.html


def test_machines_get_json(visitor: Client) -> None:
    answer = visitor.get("/api/nothing")
    assert (answer.status_code, answer.json["error"]["status"]) == (404, 404)


def test_a_log_line_names_the_endpoint_and_nothing_personal(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="marketplace.requests"):
        answer = visitor.get("/cookies?q=Jane+Doe", headers={"X-Request-ID": "abcdef-123456"})
    assert answer.headers["X-Request-ID"] == "abcdef-123456"
    line = next(each for each in caplog.records if each.name == "marketplace.requests")
    said = json.loads(_Formatter("%(message)s").format(line))
    assert (said["endpoint"], said["status"]) == ("pages.cookies", 200)
    assert "Jane" not in json.dumps(said)


def test_a_crooked_request_id_is_replaced(visitor: Client) -> None:
    answer = visitor.get("/cookies", headers={"X-Request-ID": 'x" name="Jane Doe'})
    assert "Jane" not in answer.headers["X-Request-ID"]


def test_liveness_asks_nothing_of_the_database(visitor: Client) -> None:
    assert visitor.get("/health/live").json == {"status": "live"}


def test_late_jobs_do_not_stop_the_web(visitor: Client) -> None:
    assert visitor.get("/health/jobs").status_code == 503
    assert visitor.get("/health/live").status_code == 200


@pytest.mark.parametrize(
    ("pence", "shown"),
    [(123456, "£1,234.56"), (100000, "£1,000"), (5, "£0.05"), (-250, "−£2.50"), (None, "")],
)
def test_pounds(example_app: Flask, pence: int | None, shown: str) -> None:
    with example_app.test_request_context():
        assert shown_pounds(pence) == shown


def test_moments_are_londons(example_app: Flask) -> None:
    with example_app.test_request_context():
        assert shown_datetime(datetime(2027, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2027, 00:30"


def test_every_police_area_has_a_tile_of_its_own() -> None:
    codes = {line.split(",")[0] for line in AREAS.read_text().splitlines()[1:]}
    assert set(_grid()) == codes
    assert len({place[:2] for place in _grid().values()}) == len(codes)
    assert len({place[2] for place in _grid().values()}) == len(codes)


def test_shades_cover_every_value() -> None:
    limits = bounds([0, 3, 31])
    assert [step(value, limits) for value in (0, 1, 7, 8, 31)] == [0, 1, 1, 2, 5]
    assert legend(limits)[:2] == ["0", "1–7"]
    assert legend(bounds([1])) == ["0", "1"]
