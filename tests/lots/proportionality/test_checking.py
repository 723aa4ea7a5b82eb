"""The check while drafting: what is typed is judged, nothing is saved, nothing typed is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lots.drafting.checking import FRAGMENT
from lots.models import Lot, LotDemand
from lots.vocabulary import LotState
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db
from tests.support.lots import make_lot, whole_lot
from tests.support.people import make_person, sign_in
from tests.support.statements import statements_sent


@pytest.fixture
def lot(app):
    return make_lot(LotState.DRAFT)


def _typed(page, **values):
    typed = MultiDict(page.form("Save").values())
    for name, value in values.items():
        typed[name] = value
    return typed


def _fragment(client, lot, task, **typed):
    page = client.show(f"/lots/{lot.id}/{task}")
    answer = client.post(
        f"/lots/{lot.id}/check/{task}",
        data=_typed(page, **typed),
        headers={"Accept": FRAGMENT},
    )
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _officer(client, lot):
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer))


def test_terms_are_judged_as_they_are_typed(client, lot):
    _officer(client, lot)
    assert "Nothing stands against this page" in _fragment(client, lot, "terms")
    found = _fragment(client, lot, "terms", speaking="no", publicity_terms="")
    for words in (
        "forbid the provider to speak",
        "Charities must stay free",
        "Nothing says what the provider may and must say",
        "2 things on all pages keep the lot from opening",
        "The director can set this aside",
    ):
        assert words in found
    assert "<html" not in found


def test_nothing_typed_is_written(client, lot):
    _officer(client, lot)
    events = len(db.session.scalars(select(AuditEvent.number)).all())
    demand = {"kind_1": "insurance", "text_1": "£5 million"}
    page = client.show(f"/lots/{lot.id}/demands")
    known = {name: value for name, value in demand.items() if name in page.form("Save").names()}
    found = _fragment(client, lot, "demands", **known)
    assert not known or "Insurance is asked for before the award" in found
    _fragment(client, lot, "service", title="Another title")
    db.session.expire_all()
    assert db.session.get_one(Lot, lot.id).title == lot.title
    assert db.session.scalars(select(LotDemand)).all() == []
    assert len(db.session.scalars(select(AuditEvent.number)).all()) == events


def test_without_scripts_the_button_gives_the_page_back_as_typed(client, lot):
    _officer(client, lot)
    page = client.show(f"/lots/{lot.id}/terms")
    assert "Check now, without saving" in page.text
    answer = client.post(
        f"/lots/{lot.id}/check/terms", data=_typed(page, data_terms="", publicity_terms="O’Dowd’s")
    )
    assert "Nothing says what data the provider records" in answer.page.text
    values = dict(answer.page.form("Save").values())
    assert values["publicity_terms"] == "O’Dowd’s" and values["data_terms"] == ""
    saved = client.submit(answer.page, "Save", data_terms="Delete it after six years.")
    assert "Saved" in saved.page.text
    assert whole_lot(lot.id).publicity_terms == "O’Dowd’s"


@pytest.mark.parametrize(
    ("task", "typed"),
    [
        ("value", {"value_net_pence": "lots", "value_gross_pence": "-5"}),
        ("value", {"value_net_pence": "9" * 60, "value_gross_pence": ""}),
        ("dates", {"closing_day-day": "31", "closing_day-month": "2", "closing_day-year": "x"}),
        ("term", {"term_months": "", "mobilisation_weeks": "1e9"}),
        ("criteria", {"name_1": "", "weight_1": "700", "price_weight": "-1"}),
        ("service", {"title": "<script>alert(1)</script>", "service_code": "no-such-service"}),
        ("payment", {"guaranteed_pence": "99,000,000"}),
        ("terms", {"publicity_terms": "x" * 2_000_000}),
    ],
)
def test_what_cannot_be_read_is_judged_as_it_stands(client, lot, task, typed):
    _officer(client, lot)
    found = _fragment(client, lot, task, **typed)
    assert "The check on this page" in found and "<script" not in found


def test_the_check_asks_the_database_as_often_for_many_questions_as_for_one(client, app):
    many = make_lot(LotState.DRAFT, questions=[(f"{n}?", 100, n % 2) for n in range(10)])
    few = make_lot(LotState.DRAFT, buyer=many.lead_buyer)
    _officer(client, many)
    sent = []
    for lot in (few, many):
        typed = _typed(client.show(f"/lots/{lot.id}/terms"))
        with statements_sent() as statements:
            client.post(f"/lots/{lot.id}/check/terms", data=typed, headers={"Accept": FRAGMENT})
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_a_question_is_judged_while_it_is_written(client, lot):
    _officer(client, lot)
    question = lot.questions[0]
    for url, name in (
        (f"/lots/{lot.id}/questions/{question.id}", f"questions/{question.id}"),
        (f"/lots/{lot.id}/questions/add", "questions"),
    ):
        typed = MultiDict(client.show(url).form("Save the question").values())
        typed["word_limit"] = "5,000"
        answer = client.post(
            f"/lots/{lot.id}/check/{name}", data=typed, headers={"Accept": FRAGMENT}
        )
        found = answer.get_data(as_text=True)
        assert "too many for this value" in found and "30 hours" not in found
        page = client.post(f"/lots/{lot.id}/check/{name}", data=typed).page
        assert "too many for this value" in page.text
        assert dict(page.form("Save the question").values())["word_limit"] == "5,000"
    assert len(whole_lot(lot.id).questions) == 2


def test_a_question_removed_meanwhile_keeps_its_words(client, lot):
    _officer(client, lot)
    url = f"/lots/{lot.id}/questions/{lot.questions[0].id}"
    typed = MultiDict(client.show(url).form("Save the question").values())
    typed["text"] = "Sut?"
    client.submit(f"/lots/{lot.id}/questions", "Remove question 1")
    gone = f"/lots/{lot.id}/check/questions/{lot.questions[0].id}"
    page = client.post(gone, data=typed).page
    assert dict(page.form("Save the question").values())["text"] == "Sut?"
