"""Forms: whatever is typed, the page says what is wrong, keeps it, and leads to the field."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from marketplace.web.fields import count_words
from tests.marketplace.web.example import ExampleForm
from tests.support.client import Client

RIGHT = {
    "title": "Women's services",
    "value": "£1,234.50",
    "route": "grant",
    "agreed": "y",
    "shares-0-amount": "10",
}


def filled(app: Flask, **typed: str) -> ExampleForm:
    """The example form as it stands after this was sent."""
    data = MultiDict(RIGHT | {name.replace("__", "-"): text for name, text in typed.items()})
    with app.test_request_context("/example", method="POST", data=data):
        form = ExampleForm(meta={"csrf": False})
        form.validate()
        return form


def test_money_is_pence(example_app: Flask) -> None:
    form = filled(example_app)
    assert form.errors == {}
    assert form.value.data == 123450


@pytest.mark.parametrize(
    ("typed", "pence"),
    [("0", 0), ("12", 1200), ("£ 12", 1200), ("0.1", 10), ("1,000,000.99", 100_000_099)],
)
def test_money_as_people_write_it(example_app: Flask, typed: str, pence: int) -> None:
    assert filled(example_app, value=typed).value.data == pence


@pytest.mark.parametrize(
    "typed", ["-1", "1.234", "1e5", "NaN", "lots", "٣", "1.", "12,50", "9" * 15]
)
def test_money_that_cannot_be_read(example_app: Flask, typed: str) -> None:
    form = filled(example_app, value=typed)
    assert form.value.errors[0].startswith("Value for a year must be")
    assert form.value.data is None


@pytest.mark.parametrize(
    ("day", "month", "year", "meant"),
    [
        ("27", "3", "2027", date(2027, 3, 27)),
        ("1", "January", "2027", date(2027, 1, 1)),
        ("1", "ion", "2027", date(2027, 1, 1)),
        ("29", "2", "2028", date(2028, 2, 29)),
    ],
)
def test_dates(example_app: Flask, day: str, month: str, year: str, meant: date) -> None:
    form = filled(example_app, closes_on__day=day, closes_on__month=month, closes_on__year=year)
    assert form.closes_on.data == meant


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence", "lands_on"),
    [
        ("31", "2", "2027", "Closing date must be a date that exists", "closes_on-day"),
        ("29", "2", "2027", "Closing date must be a date that exists", "closes_on-day"),
        ("5", "", "2027", "Closing date must include a month", "closes_on-month"),
        ("5", "5", "", "Closing date must include a year", "closes_on-year"),
        ("5", "5", "27", "Closing date: the year must be 4 numbers", "closes_on-year"),
        ("²", "5", "2027", "Closing date must be a date that exists", "closes_on-day"),
        ("9" * 20, "5", "2027", "Closing date must be a date that exists", "closes_on-day"),
        ("1", "9" * 20, "2027", "Closing date must be a date that exists", "closes_on-day"),
    ],
)
def test_dates_that_cannot_be(
    example_app: Flask, day: str, month: str, year: str, sentence: str, lands_on: str
) -> None:
    form = filled(example_app, closes_on__day=day, closes_on__month=month, closes_on__year=year)
    assert form.closes_on.errors[0].startswith(sentence)
    assert form.closes_on.focus_id == lands_on
    assert [form.closes_on.shown(part) for part in ("day", "month", "year")] == [day, month, year]


@given(parts=st.tuples(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30)))
def test_no_date_crashes(example_app: Flask, parts: tuple[str, str, str]) -> None:
    names = ("closes_on__day", "closes_on__month", "closes_on__year")
    form = filled(example_app, **dict(zip(names, parts, strict=True)))
    assert form.closes_on.data is None or isinstance(form.closes_on.data, date)


@given(text=st.text(max_size=60))
def test_nothing_typed_crashes(example_app: Flask, text: str) -> None:
    form = filled(
        example_app, title=text, value=text, places=text, closes_at=text, route=text, cohorts=text
    )
    assert "\0" not in form.title.data


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9:30", time(9, 30)),
        ("9.30am", time(9, 30)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("Noon", time(12)),
        ("23:59", time(23, 59)),
        ("24:00", None),
        ("14", None),
        ("13pm", None),
        ("9:75", None),
    ],
)
def test_times(example_app: Flask, typed: str, meant: time | None) -> None:
    form = filled(example_app, closes_at=typed)
    assert form.closes_at.data == meant
    assert bool(form.closes_at.errors) == (meant is None)


def test_words_over_the_limit_are_counted(example_app: Flask) -> None:
    form = filled(example_app, aims="word " * 23)
    assert form.aims.errors == ["Aims must be 20 words or fewer. Take out 3 words."]


def test_words_are_what_stands_between_spaces() -> None:
    assert count_words("  one two\n\nthree-four\u00a0five ") == 4


def test_control_characters_are_taken_out(example_app: Flask) -> None:
    assert filled(example_app, title=" a\0b\x1b\u202ec ").title.data == "abc"


def test_what_is_carried_along_unseen_is_cleaned_too(example_app: Flask) -> None:
    assert filled(example_app, origin="a\0b\u202ec").origin.data == "abc"


def test_a_text_that_was_not_sent_is_empty(example_app: Flask) -> None:
    form = filled(example_app)
    assert (form.aims.data, form.contact.data, form.origin.data) == ("", "", "")


def test_text_has_a_limit(example_app: Flask) -> None:
    form = filled(example_app, title="x" * 201)
    assert form.title.errors == ["Name of the service must be 200 characters or fewer"]


def test_choices_not_offered_are_refused(example_app: Flask) -> None:
    form = filled(example_app, route="gift", cohorts="dogs", region="Z")
    assert set(form.errors) == {"route", "cohorts", "region"}


def test_every_error_leads_to_a_field(visitor: Client) -> None:
    # The client checks that each link of the summary lands on something focusable.
    page = visitor.submit(
        "/example",
        "Save and continue",
        {"closes_on-day": "31", "closes_on-month": "2", "closes_on-year": "2027"},
        places="many",
    ).page
    assert "There is a problem" in page.text
    assert dict(page.form("Save and continue").values())["places"] == "many"
    assert page.html.count("<title>Error: Plan a lot") == 1


def test_a_right_form_is_taken_and_said_so(visitor: Client) -> None:
    page = visitor.submit(
        "/example",
        "Save and continue",
        {"shares-0-amount": "10"},
        title="Women's services",
        value="£1,234.50",
        route="grant",
        agreed=True,
    ).page
    assert "Saved" in page.text
