"""The question bank on screen: typed words are kept, hostile ones are shown as words."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import func, select

from marketplace import audit, clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.overtaken import fingerprint
from marketplace.permissions import Refused
from marketplace.qualification.queries import application_for
from marketplace.questions import actions
from marketplace.questions.drafts import fingerprint_of, values_of
from marketplace.questions.models import QuestionSet, SetState
from marketplace.questions.queries import (
    category_purpose,
    one_set,
    set_in_force,
)
from marketplace.questions.vocabulary import QUALIFICATION
from tests.marketplace.questions.examples import NEW, begin
from tests.support.people import acting_as, make_person, sign_in
from tests.support.qualification import begun
from tests.support.statements import statements_sent


def test_the_second_editor_sees_what_the_first_saved_and_keeps_what_was_typed(client, manager, by):
    sign_in(client, manager)
    draft = begin(by)
    question = draft.questions[0]
    path = f"/question-bank/{draft.id}/questions/{question.id}"
    opened = client.show(path)
    client.submit(client.show(path), "Save the question", text="Hers, saved first")
    answer = client.submit(opened, "Save the question", text="His, typed meanwhile")
    page = answer.get_data(as_text=True)
    assert "Somebody else saved this page" in page
    assert "Hers, saved first" in page and "His, typed meanwhile" in page
    client.submit(answer.page, "Save the question")
    assert one_set(draft.id).questions[0].text == "His, typed meanwhile"


def test_words_typed_into_a_question_that_somebody_removed_become_a_new_one(client, manager, by):
    sign_in(client, manager)
    draft = begin(by)
    question = draft.questions[0]
    ids, seen = (draft.id, question.id), fingerprint(values_of(question))
    opened = client.show(f"/question-bank/{draft.id}/questions/{question.id}")
    with write():
        actions.remove_question(*ids, seen, by)
    answer = client.submit(opened, "Save the question", text="Typed for an hour")
    assert "Somebody else removed this question" in answer.get_data(as_text=True)
    client.submit(answer.page, "Save the question")
    assert "Typed for an hour" in [each.text for each in one_set(ids[0]).questions]


def test_a_manager_writes_previews_and_publishes_on_screen(client, manager):
    sign_in(client, manager)
    page = client.submit("/question-bank/new", "Begin the draft", purpose=QUALIFICATION).page
    draft = db.session.scalars(select(QuestionSet).where(QuestionSet.state == SetState.DRAFT)).one()
    path = f"/question-bank/{draft.id}"
    kind = client.submit(f"{path}/questions/kind", "Continue", kind="choice").page
    typed = {
        "text": "Do you have a licence to drive?",
        "text_cy": "A oes gennych drwydded yrru?",
        "option_1": "Yes",
        "option_1_cy": "Oes",
        "option_2": "No",
        "option_2_cy": "Nac oes",
        "passes_1": True,
        "why": "For visits.",
        "why_cy": "Ar gyfer ymweliadau.",
        "risk": "Nobody comes",
        "risk_cy": "Nid oes neb yn dod",
        "concept": "Driving licence",
        "readers": ["framework_team"],
    }
    answer = client.submit(kind, "Save the question", check="judged", **typed)
    answer = client.submit(
        f"{path}/questions/{_question(draft, 'driving-licence').id}",
        "Save the question",
        check="rule",
        passes_1=True,
        only_if=["vetting=done"],
    )
    assert "Only if you answered “Yes, they are checked”" in answer.get_data(as_text=True)
    tried = client.submit(
        f"{path}/preview",
        "Try these answers",
        answer_vetting="done",
        answer_driving_licence="o-no",
    ).get_data(as_text=True)
    assert "“No” does not meet it" in tried and "Risk it controls" in tried
    page = client.show(f"{path}/publish")
    client.submit(page, "Publish for good")
    published = set_in_force(QUALIFICATION, clock.today())
    assert published.id == draft.id
    schema = client.get(f"/open-data/questions/qualification/{published.version}.json")
    assert schema.mimetype == "application/schema+json"
    assert "driving-licence" in json.loads(schema.data)["properties"]
    done = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_id == str(draft.id))
    ).all()
    assert done.count("question_set:publish") == 1
    assert audit.verify().broken_at is None


def _question(draft, concept):
    return next(each for each in one_set(draft.id).questions if each.concept == concept)


def test_what_is_refused_keeps_what_was_typed(client, manager, by):
    sign_in(client, manager)
    draft = begin(by)
    page = client.show(f"/question-bank/{draft.id}/questions/add?kind=confirm")
    hostile = "<script>alert(1)</script> =1+1 it’s ŵyneb"
    answer = client.submit(page, "Save the question", text=hostile, concept="vetting")
    shown = answer.get_data(as_text=True)
    assert "already has a question about “vetting”" in shown
    assert "<script>alert" not in shown and "&lt;script&gt;alert(1)" in shown
    answer = client.submit(answer.page, "Save the question", concept="Owning up!")
    saved = _question(draft, "owning-up")
    assert saved.text == hostile
    for path in ("", "/preview", "/compare"):
        assert "<script>alert" not in client.get(f"/question-bank/{draft.id}{path}").text


def test_a_paste_of_two_megabytes_gets_a_clear_answer(client, manager, by):
    sign_in(client, manager)
    draft = begin(by)
    page = client.show(f"/question-bank/{draft.id}/questions/add?kind=words")
    answer = client.submit(page, "Save the question", text="gair " * 400_000)
    assert answer.status_code == 200
    assert "60 words or fewer. Take out 399940 words." in answer.get_data(as_text=True)
    assert len(one_set(draft.id).questions) == len(draft.questions)


def test_an_option_whose_words_stay_keeps_its_value(client, manager, by):
    sign_in(client, manager)
    draft = begin(by)
    vetting = _question(draft, "vetting")
    client.submit(
        f"/question-bank/{draft.id}/questions/{vetting.id}",
        "Save the question",
        option_2="Before anybody is referred",
    )
    values = [each["value"] for each in _question(draft, "vetting").options]
    assert values == ["done", "o-before-anybody-is-referred", "no"]


def test_the_auditor_reads_and_changes_nothing(client, app, by):
    draft = begin(by)
    auditor = make_person(Role.AUDITOR)
    with pytest.raises(Refused), write():
        actions.add_question(draft.id, NEW, acting_as(auditor))
    sign_in(client, auditor)
    page = client.get(f"/question-bank/{draft.id}").get_data(as_text=True)
    assert "Preview as an applicant sees it" in page
    assert not re.search(r">\s*(Change|Remove|Publish|Add a question)\b", page)


def test_a_running_application_keeps_its_version_and_the_bank_counts_it(client, manager, by):
    charity = acting_as(make_person(Role.BID_MANAGER))
    application_id = begun(charity)
    before = set_in_force(QUALIFICATION, clock.today())
    draft = begin(by)
    with write():
        actions.publish_set(draft.id, clock.today(), fingerprint_of(draft), by)
    assert set_in_force(QUALIFICATION, clock.today()).id == draft.id
    assert application_for(application_id, charity).set_id == before.id
    sign_in(client, manager)
    rows = {
        row.find(".//a").get("href"): row[-1].text
        for row in client.show("/question-bank").all("tr")[1:]
    }
    assert rows[f"/question-bank/{before.id}"] == "1"
    assert rows[f"/question-bank/{draft.id}"] == "0"


def test_a_draft_is_nobody_else_s(client, by):
    draft = begin(by)
    assert client.get(f"/open-data/questions/qualification/{draft.version}.json").status_code == 404
    listed = client.get("/open-data/questions.json").json["sets"]
    assert (QUALIFICATION, draft.version) not in {
        (each["purpose"], each["version"]) for each in listed
    }


@pytest.mark.parametrize(
    "address",
    [
        "qualification/0",
        "qualification/99",
        f"qualification/{'9' * 400}",
        "qualification/-1",
        "a%00b/1",
        f"{'a' * 5000}/1",
        "%27%20OR%201=1--/1",
        "<script>/1",
    ],
)
def test_an_address_that_is_no_version_is_not_found(client, address):
    assert client.get(f"/open-data/questions/{address}.json").status_code == 404


def test_the_lists_are_bounded_and_cost_the_same_however_long(client, manager):
    sign_in(client, manager)

    def cost(path: str) -> int:
        client.get(path)
        with statements_sent() as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    paths = ("/question-bank", "/open-data/questions", "/open-data/questions.json")
    _publish_versions(1)
    before = [cost(path) for path in paths]
    _publish_versions(60)
    assert [cost(path) for path in paths] == before
    assert client.get("/question-bank").get_data(as_text=True).count("<tr") == 26
    first = client.get("/open-data/questions.json").json
    assert len(first["sets"]) == 25 and "page=2" in first["next"]


def _publish_versions(how_many: int) -> None:
    newest = db.session.scalar(select(func.max(QuestionSet.version))) or 0
    with write():
        for version in range(newest + 1, newest + 1 + how_many):
            db.session.add(
                QuestionSet(
                    purpose=category_purpose("women"),
                    version=version,
                    title="Women",
                    state=SetState.PUBLISHED,
                    valid_from=clock.today(),
                    created_at=clock.now(),
                    published_at=clock.now(),
                )
            )
