"""Lots on screen: an officer drafts, a director publishes, everybody reads."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from lots import actions, proportionality
from lots.models import Lot
from lots.vocabulary import EndReason, LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from tests.support.lots import make_lot, make_open_lot, make_region, whole_lot
from tests.support.people import acting_as, make_person, sign_in
from tests.support.statements import statements_sent


def _officer(client, buyer):
    officer = make_person(Role.COMMISSIONING_OFFICER, buyer)
    sign_in(client, officer)
    return officer


def _date(name, day):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def test_an_officer_drafts_a_lot_and_the_director_publishes_it(client):
    buyer = make_region("F")
    _officer(client, buyer)
    start = client.submit("/lots/new", title="Help in Derby", service_code="womens-services")
    lot_url = start.request.path
    closing = proportionality.first_closing(clock.today(), 15, 28)
    dates = _date("closing_day", closing) | _date("starts_on", closing + timedelta(days=120))
    pages = {
        "service": {"summary": "For women in Derby.", "outcomes": ["accommodation-1"]},
        "eligibility": {"cohort": "women", "statuses": ["community_order", "licence"]},
        "areas": {"areas": ["derbyshire"]},
        "term": {"term_months": "36", "mobilisation_weeks": "12"},
        "volumes": {"places-derbyshire": "25", "starts_medium": "4"},
        "value": {"value_net_pence": "£90,000", "value_gross_pence": "108,000"},
        "criteria": {"name_1": "Quality", "weight_1": "60", "price_weight": "40"},
        "staff": {"transfer": "no"},
        "terms": {
            "publicity_terms": "Name the funder.",
            "data_terms": "Delete it after six years.",
            "speaking": "yes",
        },
        "dates": dates,
    }
    for page, typed in pages.items():
        saved = client.submit(f"{lot_url}/{page}", "Save", typed)
        assert saved.request.path == lot_url, saved.page.text
    client.submit(
        f"{lot_url}/questions/add",
        "Save the question",
        text="How will you help?",
        word_limit="500",
        criterion_id=next(iter(_criteria(client, lot_url))),
    )
    assert "Nothing is missing" in client.show(lot_url).text
    assert client.get(f"{lot_url}/publish").status_code == 403

    sign_in(client, make_person(Role.DIRECTOR, buyer))
    waiting = client.show("/")
    assert "Publish the lot “Help in Derby”" in waiting.text
    opened = client.submit(f"{lot_url}/publish", "Publish and open for bids")
    assert "Open for bids" in opened.page.text
    assert "Publish the lot" not in client.show("/").text

    client.delete_cookie("session")
    public = client.show("/opportunities")
    assert "Help in Derby" in public.text
    lot_id = lot_url.rpartition("/")[2]
    page = client.show(f"/opportunities/{lot_id}")
    for words in ("Derbyshire", "25", "£90,000", "£108,000", "Women", "How will you help?"):
        assert words in page.text


def _criteria(client, lot_url):
    page = client.show(f"{lot_url}/questions/add")
    return page.form("Save the question").choices("criterion_id")


def test_publishing_twice_opens_once_and_says_so(client):
    lot = make_lot(LotState.DRAFT)
    sign_in(client, make_person(Role.DIRECTOR, lot.lead_buyer))
    page = client.show(f"/lots/{lot.id}/publish")
    client.submit(page, "Publish and open for bids")
    opened = whole_lot(lot.id)
    again = client.submit(page, "Publish and open for bids")
    assert again.status_code == 409 and "already been done" in again.page.text
    assert whole_lot(lot.id).public_key == opened.public_key
    assert "Publish and open" not in client.show(f"/lots/{lot.id}/publish").text


def test_a_draft_and_a_question_sent_twice_are_made_once(client):
    buyer = make_region("F")
    _officer(client, buyer)
    page = client.show("/lots/new")
    first = client.submit(page, title="Help in Derby", service_code="womens-services")
    again = client.submit(page, title="Help in Derby", service_code="womens-services")
    assert again.status_code == 409 and "already been sent" in again.page.text
    assert "All (1)" in client.show("/lots").text
    url = f"{first.request.path}/questions/add"
    client.submit(
        f"{first.request.path}/criteria", name_1="Quality", weight_1="60", price_weight="40"
    )
    page = client.show(url)
    asked = {
        "text": "How will you help?",
        "word_limit": "500",
        "criterion_id": next(iter(page.form("Save the question").choices("criterion_id"))),
    }
    client.submit(page, "Save the question", fields=asked)
    again = client.submit(page, "Save the question", fields=asked)
    assert again.status_code == 409 and "already been sent" in again.page.text
    assert len(whole_lot(UUID(first.request.path.rpartition("/")[2])).questions) == 1


def test_a_second_officer_keeps_what_they_typed_and_sees_what_was_saved(client):
    lot = make_lot(LotState.DRAFT)
    _officer(client, lot.lead_buyer)
    opened = client.show(f"/lots/{lot.id}/service")
    client.submit(f"/lots/{lot.id}/service", title="What the first wrote")
    answer = client.submit(opened, title="What the second wrote")
    assert "Somebody else saved this page" in answer.page.text
    assert "What the first wrote" in answer.page.text
    assert dict(answer.page.form("Save").values())["title"] == "What the second wrote"
    client.submit(answer.page, title="Both together")
    assert whole_lot(lot.id).title == "Both together"


def test_a_question_changed_meanwhile_is_not_overwritten(client):
    lot = make_lot(LotState.DRAFT)
    _officer(client, lot.lead_buyer)
    url = f"/lots/{lot.id}/questions/{lot.questions[0].id}"
    opened = client.show(url)
    client.submit(url, text="Theirs")
    answer = client.submit(opened, text="Mine")
    assert "Somebody else saved this page" in answer.page.text
    assert whole_lot(lot.id).questions[0].text == "Theirs"


def test_a_question_is_removed(client):
    lot = make_lot(LotState.DRAFT)
    _officer(client, lot.lead_buyer)
    client.submit(f"/lots/{lot.id}/questions", "Remove question 1")
    assert [each.text for each in whole_lot(lot.id).questions] == [lot.questions[1].text]


def test_a_criterion_in_use_stays_and_the_page_says_why(client):
    lot = make_lot(LotState.DRAFT)
    _officer(client, lot.lead_buyer)
    answer = client.submit(f"/lots/{lot.id}/criteria", name_1="", weight_1="", weight_2="70")
    assert "A question is judged under “Quality of the service”" in answer.page.text


def test_another_organisations_lot_is_not_found(client):
    lot = make_lot(LotState.DRAFT)
    _officer(client, make_region("B"))
    for path in ("", "/service", "/preview", "/questions", "/cancel"):
        client.show(f"/lots/{lot.id}{path}", status=404)
    assert "Draft" not in client.show("/lots").text.replace("Draft a new lot", "")


def test_the_auditor_reads_every_buyers_lots_and_changes_none(client):
    lot = make_lot(LotState.DRAFT)
    sign_in(client, make_person(Role.AUDITOR))
    assert lot.title in client.show("/lots").links()
    assert not client.show(f"/lots/{lot.id}").links().keys() & {"Discard this draft"}
    client.show(f"/lots/{lot.id}/service", status=403)


def test_lists_come_in_pages_and_ask_no_more_for_many_lots_than_for_few(client):
    buyer = make_region()
    for _number in range(2):
        make_open_lot(buyer=buyer)
    officer = _officer(client, buyer)
    addresses = ("/opportunities", "/opportunities?area=derbyshire", "/lots")
    few = {address: _statements(client, address) for address in addresses}
    for _number in range(24):
        make_open_lot(buyer=buyer)
    sign_in(client, officer)
    assert {address: _statements(client, address) for address in addresses} == few
    assert "26 lots" in client.show("/opportunities").text
    assert "Next page" in client.show("/opportunities?service=womens-services").links()
    assert "Previous page" in client.show("/lots?page=2").links()


def _statements(client, address):
    client.show(address)
    with statements_sent() as sent:
        client.show(address)
    return len(sent)


def test_a_draft_is_not_public_but_its_own_people_can_preview_it(client):
    lot = make_lot(LotState.DRAFT)
    client.show(f"/opportunities/{lot.id}", status=404)
    assert lot.title not in client.show("/opportunities").text
    _officer(client, lot.lead_buyer)
    assert "how bidders see" in client.show(f"/lots/{lot.id}/preview").text


def test_a_lot_is_planned_and_cancelled_with_a_reason_everybody_reads(client):
    lot = make_lot(LotState.DRAFT)
    _officer(client, lot.lead_buyer)
    client.submit(f"/lots/{lot.id}", "Show as planned")
    assert "This lot is planned" in client.show(f"/opportunities/{lot.id}").text
    sign_in(client, make_person(Role.DIRECTOR, lot.lead_buyer))
    client.submit(f"/lots/{lot.id}/cancel", "Cancel the lot", reason="money_withdrawn")
    assert "no longer there" in client.show(f"/opportunities/{lot.id}").text


def test_a_director_ends_a_closed_lot_that_nobody_bid_for(client):
    lot = make_lot(LotState.CLOSED)
    sign_in(client, make_person(Role.DIRECTOR, lot.lead_buyer))
    client.submit(f"/lots/{lot.id}/no-award", "End without an award", reason="no_bids")
    assert whole_lot(lot.id).state is LotState.NO_AWARD


def test_the_public_list_filters_by_service_region_and_area(client):
    derby = make_open_lot(title="Derby", areas=[("F", "derbyshire", 5)])
    make_open_lot(
        title="Kent",
        buyer=make_region("K"),
        areas=[("K", "kent", 5)],
        service_code="personal-wellbeing",
    )
    make_open_lot(title="Whole", areas=[("F", None, 5)], whole_region_reason="Few people.")

    def shown(**query):
        page = client.get("/opportunities", query_string=query).page
        return {title for title in ("Derby", "Kent", "Whole") if title in page.links()}

    assert shown() == {"Derby", "Kent", "Whole"}
    assert shown(service="personal-wellbeing") == {"Kent"}
    assert shown(region="F") == {"Derby", "Whole"}
    assert shown(area="derbyshire") == {"Derby", "Whole"}
    assert shown(area="kent") == {"Kent"}
    assert shown(show="concluded", area="derbyshire", service="womens-services") == set()
    assert shown(area="nowhere") == {"Derby", "Kent", "Whole"}
    with write():
        director = acting_as(make_person(Role.DIRECTOR, derby.lead_buyer))
        actions.cancel_lot(derby.id, EndReason.OTHER, director)
    assert shown() == {"Kent", "Whole"}


def test_an_open_lot_past_its_moment_says_closed_before_any_job_ran(client):
    lot = make_open_lot()
    with write():
        db.session.get_one(Lot, lot.id).closes_at = clock.now()
    page = client.show(f"/opportunities/{lot.id}")
    assert "Closed for bids" in page.text and "Open for bids" not in page.text


def test_what_a_user_typed_is_shown_and_never_run(client):
    lot = make_open_lot(title="<script>alert(1)</script> & more")
    page = client.show(f"/opportunities/{lot.id}")
    assert page.h1 == "<script>alert(1)</script> & more"
    client.show("/opportunities")


def test_a_demonstration_lot_is_marked(client):
    lot = make_open_lot()
    with write():
        db.session.get_one(Lot, lot.id).is_demonstration = True
    assert "Demonstration" in client.show(f"/opportunities/{lot.id}").text
