"""Two officers on one draft: neither loses words, whatever the other does meanwhile."""

from __future__ import annotations

import pytest

from lots import actions
from lots.vocabulary import EndReason
from marketplace.acting import Role
from marketplace.database import write
from tests.support.drafting import with_document
from tests.support.lots import whole_lot
from tests.support.people import acting_as, make_person

EDITS = [
    ("service", {"title": "Theirs"}, {"title": "Mine"}),
    ("eligibility", {"statuses": ["licence"]}, {"eligibility_note": "Mine"}),
    ("areas", {"areas": ["nottinghamshire"]}, {"areas": ["leicestershire"]}),
    ("volumes", {"starts_low": "9"}, {"places-derbyshire": "44"}),
    ("value", {"value_gross_pence": "440,000"}, {"value_gross_pence": "450,000"}),
    ("route", {"contract_reason": "Theirs"}, {"contract_reason": "Mine"}),
    ("payment", {"guaranteed_pence": "5"}, {"voluntary_share_percent": "77"}),
    ("term", {"term_months": "48"}, {"mobilisation_weeks": "20"}),
    ("criteria", {"name_1": "Theirs"}, {"name_2": "Mine"}),
    ("demands", {"kinds": ["turnover"], "turnover": "5"}, {"kinds": ["document"], "document": "M"}),
    ("staff", {"transfer": "may", "transfer_liabilities": "Theirs"}, {"transfer": "no"}),
    ("terms", {"speaking": "no"}, {"data_terms": "Mine"}),
    ("dates", {"starts_on-year": "2050"}, {"starts_on-year": "2051"}),
]


@pytest.mark.parametrize(("page", "theirs", "mine"), EDITS)
def test_the_later_of_two_sees_both_and_decides(client, draft, page, theirs, mine):
    url = f"/lots/{draft.id}/{page}"
    opened = client.show(url)
    client.submit(url, "Save", theirs)
    answer = client.submit(opened, "Save", mine)
    assert "Somebody else saved this page" in answer.page.text
    assert "What somebody else has saved" in answer.page.text
    shown = answer.page.form("Save").values()
    for name, value in mine.items():
        kept = [held for field, held in shown if field == name]
        assert kept == (value if isinstance(value, list) else [value])
    assert "Saved." in client.submit(answer.page, "Save").page.text


def test_two_pages_at_once_both_stand(client, draft):
    pages = {"service": {"title": "New title"}, "term": {"term_months": "48"}}
    opened = {page: client.show(f"/lots/{draft.id}/{page}") for page in pages}
    for page, fields in pages.items():
        assert "Saved." in client.submit(opened[page], "Save", fields).page.text
    lot = whole_lot(draft.id)
    assert (lot.title, lot.term_months) == ("New title", 48)


def test_places_typed_for_areas_that_were_changed_meanwhile_are_kept(client, draft):
    opened = client.show(f"/lots/{draft.id}/volumes")
    client.submit(f"/lots/{draft.id}/areas", "Save", areas=["derbyshire", "nottinghamshire"])
    answer = client.submit(opened, "Save", {"places-derbyshire": "44"})
    assert "Somebody else saved this page" in answer.page.text
    values = dict(answer.page.form("Save").values())
    assert values["places-derbyshire"] == "44" and "places-nottinghamshire" in values
    client.submit(answer.page, "Save", {"places-nottinghamshire": "7"})
    places = {each.area_code: each.places for each in whole_lot(draft.id).areas}
    assert places == {"derbyshire": 44, "nottinghamshire": 7}


def test_a_question_removed_meanwhile_can_be_asked_again_in_the_words_typed(client, draft):
    url = f"/lots/{draft.id}/questions"
    opened = client.show(f"{url}/{draft.questions[0].id}")
    client.submit(url, "Remove question 1")
    answer = client.submit(opened, "Save the question", text="How, in my words?")
    assert "Somebody else removed this question" in answer.page.text
    client.submit(answer.page, "Save the question")
    assert "How, in my words?" in [each.text for each in whole_lot(draft.id).questions]


def test_a_criterion_removed_meanwhile_leaves_the_question_on_the_screen(client, draft):
    url = f"/lots/{draft.id}"
    client.submit(f"{url}/criteria", "Save", weight_1="40", name_3="Partners", weight_3="10")
    partners = whole_lot(draft.id).criteria[2].id
    opened = client.show(f"{url}/questions/add")
    client.submit(f"{url}/criteria", "Save", weight_1="50", name_3="", weight_3="")
    typed = {"text": "Who are they?", "word_limit": "100", "criterion_id": str(partners)}
    answer = client.submit(opened, "Save the question", typed)
    assert "Who are they?" in dict(answer.page.form("Save the question").values())["text"]
    assert "Select" in answer.page.text or "has been removed" in answer.page.text


def test_a_lot_that_ended_meanwhile_leaves_the_words_on_the_screen(client, draft):
    opened = client.show(f"/lots/{draft.id}/service")
    with write():
        officer = acting_as(make_person(Role.COMMISSIONING_OFFICER, draft.lead_buyer))
        actions.cancel_lot(draft.id, EndReason.NEED_CHANGED, officer)
    answer = client.submit(opened, "Save", summary="A long text that took an hour")
    assert "can no longer be edited" in answer.page.text
    values = dict(answer.page.form("Save").values())
    assert values["summary"] == "A long text that took an hour"


def test_questions_move_and_at_the_ends_they_stay(client, draft):
    url = f"/lots/{draft.id}/questions"
    first, second = (each.text for each in draft.questions)
    client.submit(url, "Move down question 1")
    assert [each.text for each in whole_lot(draft.id).questions] == [second, first]
    client.submit(url, "Move up question 2")
    assert [each.text for each in whole_lot(draft.id).questions] == [first, second]
    stale = client.show(url)
    client.submit(stale, "Move down question 1")
    client.submit(stale, "Move down question 1")
    assert [each.text for each in whole_lot(draft.id).questions] == [second, first]


def test_a_question_from_the_bank_keeps_its_concept(client, draft):
    url = f"/lots/{draft.id}/questions"
    bank = client.show(f"{url}/bank")
    first = next(href for text, href in bank.links().items() if text.startswith("Use this"))
    page = client.show(first)
    criterion = next(iter(page.form("Save the question").choices("criterion_id")))
    client.submit(page, "Save the question", criterion_id=criterion)
    added = whole_lot(draft.id).questions[-1]
    assert added.concept and added.why and added.risk
    assert added.text in client.show(f"/lots/{draft.id}/preview").text


def test_a_removed_document_is_gone_and_another_lots_is_not_found(client, draft):
    officer = acting_as(make_person(Role.COMMISSIONING_OFFICER, draft.lead_buyer))
    document_id = with_document(draft.id, officer)
    url = f"/lots/{draft.id}/documents"
    saved = client.get(f"{url}/{document_id}")
    assert saved.mimetype == "application/pdf"
    assert "attachment" in saved.headers["Content-Disposition"]
    client.submit(url, "Remove Staff costs")
    assert client.get(f"{url}/{document_id}").status_code == 404
    assert "no documents" in client.show(url).text
