"""The pages of a draft on screen: what they save, what they refuse, and that typing is kept."""

from __future__ import annotations

from datetime import date

import pytest

from lots.models import Lot
from lots.vocabulary import Demand, LotState, Transfer
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.clock import LONDON
from marketplace.database import db, write
from tests.support.drafting import newest_lot
from tests.support.lots import make_lot, make_region, whole_lot
from tests.support.people import make_person, sign_in
from tests.support.statements import statements_sent

PAGES = (
    "service",
    "eligibility",
    "areas",
    "volumes",
    "value",
    "route",
    "payment",
    "term",
    "criteria",
    "demands",
    "staff",
    "terms",
    "dates",
    "questions",
    "questions/bank",
    "questions/add",
    "documents",
    "documents/add",
)
NOON = 12


def date_fields(name, day):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


WRONG = [
    ("service", {"title": ""}, "Enter a title"),
    ("service", {"outcomes": []}, "Select at least one outcome"),
    ("eligibility", {"min_age": "30", "max_age": "20"}, "Oldest age"),
    ("eligibility", {"cohort": "18-25", "min_age": "40"}, "Nobody in the group"),
    ("eligibility", {"statuses": []}, "Select at least one point of a sentence"),
    ("eligibility", {"custody_days": "366"}, "Days before release must be 365 or less"),
    ("areas", {"areas": [], "regions": []}, "Select at least one area"),
    ("areas", {"areas": ["derbyshire"], "regions": ["F"]}, "or areas in it, not both"),
    ("areas", {"areas": [], "regions": ["F"]}, "enter the reason for buying it in one piece"),
    ("volumes", {"places-derbyshire": "0"}, "must be 1 or more"),
    ("volumes", {"starts_low": "9" * 30}, "must be a whole number"),
    ("value", {"value_gross_pence": "1"}, "must be at least £360,000"),
    ("service", {"summary": "word " * 4_000}, "must be 400 words or fewer. Take out 3600 words."),
    ("value", {"value_net_pence": "lots"}, "Net value must be an amount"),
    ("value", {"value_net_pence": "9" * 40}, "Net value must be an amount"),
    ("value", {"value_net_pence": "0"}, "must be more than £0"),
    ("route", {"contract_reason": ""}, "Enter the reason for a contract"),
    ("payment", {"guaranteed_pence": "999,999,999"}, "must be £360,000 or less"),
    ("payment", {"voluntary_share_percent": "101"}, "Share must be 100 or less"),
    ("term", {"term_months": "0"}, "must be 1 or more"),
    ("term", {"extension_months": "24", "extension_times": ""}, "in how many steps"),
    ("term", {"extension_months": "2", "extension_times": "5"}, "more steps than months"),
    ("criteria", {"weight_1": "49"}, "add up to 99"),
    ("criteria", {"weight_1": "51"}, "add up to 101"),
    ("criteria", {"name_3": "Partners"}, "Enter the weight of “Partners”"),
    ("criteria", {"name_1": "", "weight_1": ""}, "The weights add up to"),
    ("demands", {"kinds": ["turnover"], "turnover": ""}, "Enter the least turnover"),
    ("demands", {"kinds": ["certificate"], "certificate": " "}, "Name the certificate"),
    ("demands", {"kinds": ["turnover"], "turnover": "9" * 40}, "must be an amount of money"),
    ("staff", {"transfer": "yes", "transfer_liabilities": ""}, "Say who bears"),
    ("terms", {"publicity_terms": ""}, "publicity terms"),
    ("dates", {"closing_day-day": "31", "closing_day-month": "2"}, "a date that exists"),
    ("dates", {"closing_day-year": "2021"}, "from"),
    ("dates", {"closing_day-year": "9999"}, "Enter a year from"),
]


@pytest.mark.parametrize(("page", "typed", "says"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, draft, page, typed, says):
    before = whole_lot(draft.id)
    answer = client.submit(f"/lots/{draft.id}/{page}", "Save", typed)
    assert says in answer.page.text
    shown = answer.page.form("Save").values()
    for name, value in typed.items():
        kept = [held for field, held in shown if field == name]
        assert kept == (value if isinstance(value, list) else [value.strip()])
    after = whole_lot(draft.id)
    assert (after.title, after.value_net_pence) == (before.title, before.value_net_pence)


def test_every_page_shows_what_it_saved(client, draft):
    url = f"/lots/{draft.id}"
    typed = {
        "service": {"title": "Cymorth i fenywod yng Ngŵyr", "outcomes": ["accommodation-2"]},
        "eligibility": {
            "statuses": ["custody", "licence"],
            "custody_days": "42",
            "custody_clocks": "at_release",
            "eligibility_note": "Women’s own words, O’Neill",
        },
        "areas": {"areas": ["derbyshire", "nottinghamshire"]},
        "term": {"extension_months": "24", "extension_times": "2", "mobilisation_weeks": "16"},
        "payment": {"payment_profile": "quarterly_in_advance", "voluntary_share_percent": "60"},
        "demands": {
            "kinds": ["certificate", "document"],
            "certificate": "Matrix standard\nOr the like",
            "or_equivalent": True,
            "document": "A floor plan",
        },
        "staff": {"transfer": "may", "transfer_liabilities": "Shared half and half."},
        "terms": {"speaking": "no", "onward_sharing": "benefits"},
    }
    for page, fields in typed.items():
        saved = client.submit(f"{url}/{page}", "Save", fields)
        assert "Saved." in saved.page.text
        shown = client.show(f"{url}/{page}").form("Save").values()
        for name, value in fields.items():
            kept = [held.replace("\r\n", "\n") for field, held in shown if field == name]
            assert kept == (value if isinstance(value, list) else ["y" if value is True else value])
    lot = whole_lot(draft.id)
    assert [(each.kind, each.or_equivalent) for each in lot.demands] == [
        (Demand.CERTIFICATE, True),
        (Demand.CERTIFICATE, True),
        (Demand.DOCUMENT, False),
    ]
    assert lot.forbids_speaking and lot.transfer is Transfer.MAY
    preview = client.show(f"{url}/preview").text
    released = ("from 42 days before release", "from the day of release")
    for words in (
        *released,
        "Ngŵyr",
        "O’Neill",
        "or equivalent, or a plan",
        "24 months in 2 steps",
        "60%",
    ):
        assert words in preview


def test_save_and_go_on_leads_to_the_next_page(client, draft):
    answer = client.submit(f"/lots/{draft.id}/service", "Save and go on")
    assert answer.request.path == f"/lots/{draft.id}/eligibility"


def test_another_service_shows_its_own_outcomes_before_anything_is_saved(client, draft):
    url = f"/lots/{draft.id}/service"
    answer = client.submit(url, "Show the outcomes of this service", service_code="ete")
    form = answer.page.form("Save")
    assert "education-training-employment-1" in form.choices("outcomes")
    assert "accommodation-1" not in form.choices("outcomes")
    assert whole_lot(draft.id).service_code == "womens-services"
    client.submit(answer.page, "Save", outcomes=["education-training-employment-1"])
    lot = whole_lot(draft.id)
    assert lot.service_code == "ete"
    assert [each.outcome_code for each in lot.outcomes] == ["education-training-employment-1"]


def test_the_whole_life_value_is_worked_out_from_what_is_typed(client, draft):
    url = f"/lots/{draft.id}"
    client.submit(f"{url}/term", "Save", extension_months="24", extension_times="2")
    answer = client.submit(
        f"{url}/value", "Work out the whole-life value", value_net_pence="300,000"
    )
    values = dict(answer.page.form("Save").values())
    # 300,000 over 36 months, 24 months more, VAT at 20%.
    assert (values["value_net_pence"], values["value_gross_pence"]) == ("300,000", "600000")
    assert "£100,000" in answer.page.text  # a year of the initial term
    assert whole_lot(draft.id).value_net_pence == 360_000_00


def test_starts_over_the_term_follow_the_months_and_the_term(client, draft):
    url = f"/lots/{draft.id}"
    client.submit(f"{url}/volumes", "Save", starts_low="1", starts_medium="2", starts_high="3")
    assert whole_lot(draft.id).expected_starts == 6 * 36
    client.submit(f"{url}/term", "Save", term_months="24")
    assert whole_lot(draft.id).expected_starts == 6 * 24
    client.submit(f"{url}/volumes", "Save", starts_low="", starts_medium="", starts_high="")
    assert whole_lot(draft.id).expected_starts is None


def test_the_value_never_falls_below_what_is_guaranteed(client, draft):
    url = f"/lots/{draft.id}"
    client.submit(f"{url}/payment", "Save", guaranteed_pence="200,000")
    answer = client.submit(f"{url}/value", "Save", value_net_pence="100,000")
    assert "more than the net value of £100,000" in answer.page.text
    assert dict(answer.page.form("Save").values())["value_net_pence"] == "100,000"


def _dates_page(client, today, closing):
    with write():
        ahead = calendar.start_of(today) - clock.technical_now()
        clock.set_offset(int(ahead.total_seconds()))
    lot = make_lot(LotState.DRAFT, closes_at=None, starts_on=None, opens_on=None)
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer))
    starts = date(closing.year + 1, 6, 1)
    fields = date_fields("closing_day", closing) | date_fields("starts_on", starts)
    return lot, client.submit(f"/lots/{lot.id}/dates", "Save", fields)


CLOSED_DAYS = [
    (date(2031, 3, 8), "8 March 2031 is a weekend day", "10 March 2031"),
    # Easter Monday is a bank holiday everywhere but in Scotland.
    (date(2031, 4, 14), "a bank holiday in England, Wales, Northern Ireland", "15 April 2031"),
    # St Patrick's Day only in Northern Ireland, St Andrew's (kept on the Monday) in Scotland.
    (date(2031, 3, 17), "a bank holiday in Northern Ireland", "18 March 2031"),
    (date(2031, 12, 1), "a bank holiday in Scotland", "2 December 2031"),
    (date(2031, 8, 25), "a bank holiday in England, Wales, Northern Ireland", "26 August 2031"),
    (date(2031, 12, 22), "from 20 December to 5 January", "6 January 2032"),
    (date(2032, 1, 5), "from 20 December to 5 January", "6 January 2032"),
]


@pytest.mark.parametrize(("closing", "says", "offers"), CLOSED_DAYS)
def test_a_day_on_which_no_lot_closes_is_refused_and_the_next_one_offered(
    client, closing, says, offers
):
    lot, answer = _dates_page(client, date(2031, 2, 3), closing)
    assert says in answer.page.text and offers in answer.page.text
    assert dict(answer.page.form("Save").values())["closing_day-day"] == str(closing.day)
    assert whole_lot(lot.id).closes_at is None


@pytest.mark.parametrize(
    ("today", "closing"),
    [
        (date(2031, 3, 3), date(2031, 4, 8)),  # the clocks go forward on 30 March 2031
        (date(2031, 10, 1), date(2031, 11, 4)),  # and back on 26 October 2031
    ],
)
def test_noon_stays_noon_in_london_across_the_clock_change(client, today, closing):
    lot, _answer = _dates_page(client, today, closing)
    closes_at = whole_lot(lot.id).closes_at
    assert closes_at.astimezone(LONDON).hour == NOON
    page = client.show(f"/lots/{lot.id}/dates")
    assert "The clocks change. Noon stays noon in London." in page.text


def test_a_region_in_one_piece_is_split_with_one_button(client, draft):
    url = f"/lots/{draft.id}/areas"
    page = client.submit(url, "Save", areas=[], regions=["F"]).page
    assert "Derbyshire, Leicestershire" in page.text
    client.submit(page, "Split into these areas")
    areas = {(each.region_code, each.area_code) for each in whole_lot(draft.id).areas}
    assert ("F", "leicestershire") in areas and ("F", None) not in areas


def test_a_reason_lets_a_region_be_bought_in_one_piece_and_all_of_them_nationally(client, draft):
    url = f"/lots/{draft.id}/areas"
    reason = "Fewer than ten people a year in all."
    client.submit(url, "Save", areas=[], regions=["F"], whole_region_reason=reason)
    assert [each.area_code for each in whole_lot(draft.id).areas] == [None]
    client.submit(url, "Save", areas=[], regions=[], national=True, whole_region_reason=reason)
    lot = whole_lot(draft.id)
    assert len(lot.areas) == 12 and {each.area_code for each in lot.areas} == {None}
    assert dict(client.show(url).form("Save").values())["national"] == "y"


def test_areas_that_stay_keep_their_places(client, draft):
    url = f"/lots/{draft.id}"
    client.submit(f"{url}/areas", "Save", areas=["derbyshire", "nottinghamshire"])
    places = {each.area_code: each.places for each in whole_lot(draft.id).areas}
    assert places == {"derbyshire": 30, "nottinghamshire": None}


@pytest.mark.parametrize("sent", ["rutland", "<script>alert(1)</script>", "x" * 5_000])
def test_an_area_that_is_not_in_use_is_named_and_the_rest_kept(client, draft, sent):
    url = f"/lots/{draft.id}/areas"
    form = client.show(url).form("Save")
    data = [*form.values(), ("areas", sent), ("areas", "nottinghamshire")]
    data = [(name, value) for name, value in data if name != "whole_region_reason"]
    answer = client.post(url, data=_multi(data, whole_region_reason="Typed already"))
    assert f"Not in use today: “{sent[:60]}”" in answer.page.text
    shown = answer.page.form("Save").values()
    chosen = [value for name, value in shown if name == "areas"]
    assert chosen == ["derbyshire", "lincolnshire", "nottinghamshire"]
    assert dict(shown)["whole_region_reason"] == "Typed already"


def _multi(pairs, **more):
    fields: dict[str, list[str]] = {}
    for name, value in [*pairs, *more.items()]:
        fields.setdefault(name, []).append(value)
    return fields


def test_an_area_gone_since_it_was_chosen_is_named_on_the_page(client, draft):
    with write():
        lot = db.session.get_one(Lot, draft.id)
        lot.areas[0].area_code = "rutland"
    page = client.show(f"/lots/{draft.id}/areas")
    assert "No longer in use: rutland" in page.text


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE lot; --",
    "{{ 7 * 7 }}",
    '=HYPERLINK("http://example.org")',
    "Tŷ’r Cwmwd – y Fro Ŵyr",
    "O’Brien & Sons \u202e\u0007",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_shown_as_text(client, draft, typed):
    url = f"/lots/{draft.id}"
    texts = {
        "service": ("title", "summary"),
        "eligibility": ("eligibility_note",),
        "areas": ("whole_region_reason",),
        "route": ("contract_reason",),
        "criteria": ("name_1",),
        "staff": ("transfer_liabilities",),
        "terms": ("publicity_terms", "data_terms"),
    }
    for page, names in texts.items():
        client.submit(f"{url}/{page}", "Save", dict.fromkeys(names, typed))
    client.submit(
        f"{url}/demands",
        "Save",
        {"kinds": ["document"], "document": typed},
    )
    for page in ("", "/preview", "/service", "/demands", "/questions"):
        shown = client.show(url + page)
        assert typed.split("\u202e")[0].strip() in shown.text or page in ("/demands", "/questions")


def test_a_paste_of_two_megabytes_gets_an_answer_and_changes_nothing(client, draft):
    url = f"/lots/{draft.id}/service"
    answer = client.submit(url, "Save", summary="a " * 1_000_000, title="Kept title")
    assert answer.status_code in (200, 413)
    assert "too" in answer.page.text.lower() or "fewer" in answer.page.text
    assert whole_lot(draft.id).title == draft.title


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_many_statements_of_a_large_draft_as_of_a_small_one(client, draft, page):
    small = _statements(client, f"/lots/{draft.id}/{page}")
    areas = [("F", code, 5) for code in ("derbyshire", "leicestershire", "nottinghamshire")]
    criteria = [(number, f"Criterion {number}", 10) for number in range(1, 7)]
    large = make_lot(
        LotState.DRAFT,
        buyer=draft.lead_buyer,
        areas=areas,
        criteria=criteria,
        price_weight=40,
        questions=[(f"Question {number}?", 100, number % 6) for number in range(12)],
        demands=[(Demand.DOCUMENT, f"Paper {number}", None, False) for number in range(9)],
    )
    assert _statements(client, f"/lots/{large.id}/{page}") == small


def _statements(client, address):
    client.show(address)
    with statements_sent() as sent:
        client.show(address)
    return len(sent)


def test_a_page_is_completed_only_once_somebody_saved_it(client):
    buyer = make_region()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, buyer))
    client.submit(
        "/lots/new", "Start the draft", title="Nobody opened", service_code="womens-services"
    )
    url = f"/lots/{newest_lot().id}"
    assert "Choose at which points of a sentence somebody can be referred." in client.show(url).text
    assert "Enter how many people are expected to start in a month." in client.show(url).text
    unopened = client.show(url).text.count("Not started")
    client.submit(f"{url}/route", "Save")  # a grant, as every draft begins
    assert client.show(url).text.count("Not started") == unopened - 1
    client.submit(f"{url}/payment", "Save")
    assert client.show(url).text.count("Not started") == unopened - 2
