"""The pipeline on screen, as a visitor, a provider and a buyer."""

from __future__ import annotations

from datetime import timedelta

from lots.pipeline import following
from lots.pipeline.anonymous import TOGETHER
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Role
from tests.support.lots import make_lot, make_open_lot, make_region
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.pipeline import NO, YES, answered, follow, somebody


def test_the_pipeline_shows_what_is_planned_by_quarter_and_region(app, client):
    make_lot(LotState.PLANNED, title="Soon", opens_on=clock.today() + timedelta(days=10))
    make_lot(LotState.PLANNED, title="Later", opens_on=clock.today() + timedelta(days=1000))
    make_open_lot(title="Open already")
    page = client.show("/pipeline")
    assert "2 planned lots" in page.text and "expected" in page.text
    assert "Open already" not in page.text
    assert "Planned lots by quarter and region" in page.text
    assert "Nothing is planned" in client.show("/pipeline?region=K").text
    assert "2 planned lots" in client.show("/pipeline?region=F&area=derbyshire").text


def test_a_person_follows_and_stops_without_scripts(app, client):
    lot = make_lot(LotState.PLANNED)
    person = make_person(Role.BID_MANAGER, make_organisation())
    assert "Sign in to follow" in client.show(f"/opportunities/{lot.id}").text
    sign_in(client, person)
    client.submit(f"/opportunities/{lot.id}", "Follow this lot")
    assert following.follows(lot.id, acting_as(person))
    assert lot.title in client.show("/followed").text
    client.submit("/followed", f"Stop following {lot.title}")
    assert "You follow no lot" in client.show("/followed").text


def test_nobody_reads_how_many_follow(app, client):
    lot = make_lot(LotState.PLANNED)
    before = client.show(f"/opportunities/{lot.id}").text
    for _number in range(4):
        follow(lot, somebody())
    assert client.show(f"/opportunities/{lot.id}").text == before


def test_a_provider_says_without_a_name_that_the_value_is_too_low(app, client):
    lot = make_lot(LotState.PLANNED)
    answered(lot, YES, YES)
    sign_in(client, make_person(Role.BID_MANAGER, make_organisation()))
    page = client.show(f"/opportunities/{lot.id}/viability")
    wrong = client.submit(page, choice="no", text="Too far & too little")
    assert "Select at least one reason" in wrong.page.text
    assert "Too far &amp; too little" in wrong.get_data(as_text=True)
    assert "What providers say" not in client.show(f"/opportunities/{lot.id}").text
    client.submit(page, choice="no", obstacles=["value"], text="Too far & too little")
    shown = client.show(f"/opportunities/{lot.id}").text
    assert (
        "What providers say about the plan" in shown and "Your organisation has answered" in shown
    )
    assert "Too far" not in shown
    client.show(f"/opportunities/{lot.id}/viability", status=409)


def test_the_buyer_reads_what_was_written_once_three_have_answered(app, client):
    lot = make_lot(LotState.PLANNED)
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer))
    answered(lot, NO, YES)
    assert NO.text not in client.show(f"/lots/{lot.id}").text
    answered(lot, YES)
    assert NO.text in client.show(f"/lots/{lot.id}").text
    answered(lot, NO, NO)
    assert client.show(f"/lots/{lot.id}").text.count(NO.text) == 1
    assert TOGETHER == 3


def test_another_buyer_reads_nothing_of_it(app, client):
    lot = make_lot(LotState.PLANNED)
    answered(lot, NO, YES, YES)
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, make_region("K")))
    client.show(f"/lots/{lot.id}", status=404)
    assert NO.text not in client.show(f"/opportunities/{lot.id}").text


def test_signed_in_people_keep_their_alerts_on_one_page(app, client):
    sign_in(client, make_person(Role.CASEWORKER, make_organisation()))
    page = client.submit("/alerts", service="womens-services", band="30-100").page
    assert "£30,000 to £99,999" in page.text
    button = next(text for form in page.forms() for text in form.buttons() if "Remove" in text)
    client.submit(page, button)
    assert "Your alerts" not in client.show("/alerts").text


def test_the_choices_of_the_page_are_kept_for_the_alert(app, client):
    page = client.show("/alerts?service=womens-services&region=K&band=garbage")
    values = page.form("Send me mails").values()
    chosen = dict(values)
    assert chosen["service"] == "womens-services" and chosen["region"] == "K"
    assert chosen["band"] == ""


def test_a_visitor_is_shown_the_anonymous_question_of_a_planned_lot_only(app, client):
    planned, opened = make_lot(LotState.PLANNED), make_open_lot()
    page = client.show(f"/opportunities/{planned.id}")
    assert "Could you deliver this at this value?" in page.text and "carry no name" in page.text
    assert page.links()["Sign in to answer"].startswith("/sign-in")
    assert "Sign in to answer" not in client.show(f"/opportunities/{opened.id}").text


def test_the_public_page_comes_in_the_order_a_bidder_needs_and_leads_to_its_parts(app, client):
    lot = make_open_lot()
    page = client.show(f"/opportunities/{lot.id}")
    order = ("Decide in two minutes", "Sign in to bid", "Sign in to follow", "Take it away")
    places = [page.text.index(each) for each in order]
    assert places == sorted(places)
    assert "Sign in to ask a question" in page.text and "Part of this lot" in page.text
    links = [each.get("href", "") for each in page.all("a")]
    anchors = {each for each in links if each.startswith("#") and each != "#main-content"}
    assert {"#money", "#dates", "#criteria", "#questions", "#terms", "#answers"} <= anchors
    assert all(page.by_id(each[1:]) is not None for each in anchors if len(each) > 1)
