"""Questions to the buyer: asked in time, answered for all, by nobody that anybody can name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from lots.competition import clarifications, jobs, queries
from lots.competition.models import Clarification
from lots.competition.permissions import CompetitionPermission
from lots.competition.waiting import awaits_answers
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.observations import Reading
from marketplace.organisations.models import Organisation
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from tests.support.competition import (
    QUESTION,
    a_day_earlier,
    answer,
    asked,
    director_of,
    move_to,
    officer_of,
    provider_person,
)
from tests.support.lots import make_lot, make_open_lot
from tests.support.people import acting_as, make_person, sign_in

NAME = "Zephyrine Quill"
ORGANISATION = "Quillfeather Haven"


@pytest.fixture
def asker(app):
    by = provider_person(ORGANISATION)
    with write():
        db.session.get_one(Person, by.person_id).name = NAME
    return by


def test_asked_until_the_cut_off_and_not_after(app):
    lot = make_open_lot()
    asked(lot)
    move_to(lot.questions_until)
    with pytest.raises(Refusal, match="no longer taken"):
        asked(lot)


@pytest.mark.parametrize("state", [LotState.DRAFT, LotState.PLANNED])
def test_nothing_is_asked_of_a_lot_that_is_not_open(app, state):
    with pytest.raises(NotYours):
        asked(make_lot(state))


def test_only_people_of_providers_ask(app):
    lot = make_open_lot()
    for by in (officer_of(lot), director_of(lot)):
        with pytest.raises(Refused):
            asked(lot, by)


def test_an_organisation_asks_ten_a_day_and_goes_on_tomorrow(app):
    lot, by = make_open_lot(), provider_person()
    for number in range(clarifications.MOST_A_DAY):
        asked(lot, by, f"Question {number}?")
    with pytest.raises(Refusal, match="tomorrow"):
        asked(lot, by)
    asked(lot)
    move_to(clock.now() + timedelta(days=1))
    asked(lot, by)


def test_the_answer_is_published_in_the_buyers_wording_and_once(app):
    lot = make_open_lot()
    question = asked(lot, question="We at Quillfeather ask: one room?")
    by = officer_of(lot)
    answer(question, by, "One room is enough.", "May one room be shared?")
    (published,) = queries.published(lot.id).items
    assert (published.number, published.wording) == (1, "May one room be shared?")
    assert published.asked == "We at Quillfeather ask: one room?"
    with pytest.raises(AlreadyChanged):
        answer(question, by)


def test_without_an_answer_nothing_is_published(app):
    lot = make_open_lot()
    with pytest.raises(Refusal, match="Write the answer"):
        answer(asked(lot), officer_of(lot), "  ")


def test_only_drafters_of_the_lead_buyer_answer(app):
    lot = make_open_lot()
    question = asked(lot)
    for by in (officer_of(make_open_lot()), director_of(lot), provider_person()):
        with pytest.raises(Refused):
            answer(question, by)


def test_two_officers_writing_lose_neither_answer(app):
    lot = make_open_lot()
    question = asked(lot)
    seen = clarifications.edition(db.session.get_one(Clarification, question))
    with write():
        clarifications.save_answer(question, QUESTION, "Theirs.", seen, officer_of(lot))
    with pytest.raises(clarifications.WrittenMeanwhile) as clash, write():
        clarifications.save_answer(question, QUESTION, "Mine.", seen, officer_of(lot))
    assert clash.value.answer == "Theirs."


def test_the_audit_and_the_rows_name_nobody(app, asker):
    lot = make_open_lot()
    question = asked(lot, asker)
    found = select(AuditEvent).where(AuditEvent.subject_id == str(question))
    (event,) = db.session.scalars(found)
    assert (event.action, event.person_id, event.organisation_id) == (
        "clarification:ask",
        None,
        None,
    )
    row = db.session.execute(text("SELECT * FROM clarification")).mappings().one()
    stored = " ".join(str(value) for value in row.values())
    for secret in (str(asker.person_id), asker.person_id.hex, str(asker.organisation_id), QUESTION):
        assert secret not in stored.replace(row["wording"], "")


def test_the_buyer_hears_in_the_morning_of_all_that_was_asked(app):
    lot = make_open_lot()
    for _number in range(2):
        asked(lot)
    assert jobs.tell_buyers(clock.now()) == 0
    morning = jobs.next_morning(clock.now())
    assert calendar.day_of(morning) == clock.today() + timedelta(days=1)
    move_to(morning)
    assert jobs.tell_buyers(clock.now()) == 1
    assert jobs.tell_buyers(clock.now()) == 0
    template = OutboxMessage.template == "lots/competition/mail/asked.txt"
    letters = [compose(each) for each in db.session.scalars(select(OutboxMessage).where(template))]
    assert letters and "2 questions" in letters[0].get_content()


def test_a_bidder_asks_on_screen_with_a_link_alone_and_reads_the_answer(app, client):
    lot = make_open_lot()
    by = provider_person()
    sign_in(client, make_person(Role.CASEWORKER, _organisation(by)), second_factor=False)
    page = client.submit(f"/opportunities/{lot.id}/ask", "Ask the question", question=" ")
    assert "Write your question" in page.text
    hostile = "<script>alert(1)</script> Beth am y Gymraeg? O’Brien & “co”"
    page = client.submit(page.page, "Ask the question", question=hostile)
    assert "Nobody there sees who asked" in page.text and "Beth am y Gymraeg?" in page.text
    question = db.session.scalar(select(Clarification.id))
    answer(question, officer_of(lot), "Ydy.")
    shown = client.show(f"/opportunities/{lot.id}")
    assert hostile in shown.text and "Ydy." in shown.text


def _organisation(by):
    return db.session.get_one(Organisation, by.organisation_id)


def test_too_late_on_screen_what_was_typed_is_given_back(app, client):
    lot = make_open_lot()
    sign_in(client, make_person(Role.BID_MANAGER))
    page = client.show(f"/opportunities/{lot.id}/ask")
    move_to(lot.questions_until)
    answered = client.submit(page, "Ask the question", question="A long question?")
    assert "no longer taken" in answered.page.text and "A long question?" in answered.page.text
    assert not db.session.scalars(select(Clarification)).all()


def test_nobody_sees_the_moment_at_which_somebody_asks(app, client, asker):
    lot = make_open_lot()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    pages = (f"/opportunities/{lot.id}", f"/lots/{lot.id}", f"/lots/{lot.id}/questions-asked")
    before = [client.show(path).text for path in pages]
    by = officer_of(lot)
    question = asked(lot, asker)
    assert [client.show(path).text for path in pages] == before
    assert client.get(f"/lots/questions-asked/{question}").status_code == 404
    assert queries.lots_with_questions(by) == [] and queries.count_waiting(lot.id) == 0
    # The rule that keeps a lot open, its asker and the auditor go by what is.
    assert awaits_answers(lot.id)
    assert len(queries.own_questions(lot.id, asker)) == 1
    assert len(queries.questions_to(lot, acting_as(make_person(Role.AUDITOR))).items) == 1
    move_to(calendar.start_of(clock.today() + timedelta(days=1)))
    assert queries.count_waiting(lot.id) == len(queries.questions_to(lot, by).items) == 1
    assert len(queries.lots_with_questions(by)) == 1


def test_an_officer_answers_on_screen_and_a_clash_keeps_both_texts(app, client):
    lot = make_open_lot()
    question = a_day_earlier(asked(lot))
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    opened = client.show(f"/lots/questions-asked/{question}")
    page = client.submit(opened, "Publish to everybody", answer="")
    assert "Write the answer" in page.text
    with write():
        found = db.session.get_one(Clarification, question)
        seen = clarifications.edition(found)
        clarifications.save_answer(question, "Theirs?", "Theirs.", seen, officer_of(lot))
    page = client.submit(opened, "Publish to everybody", answer="Mine.")
    assert "Theirs." in page.text and "Mine." in page.text
    page = client.submit(page.page, "Publish to everybody")
    assert "published" in page.text
    assert db.session.get_one(Clarification, question).answer == "Mine."


def test_no_page_of_buyer_or_public_shows_the_asker(app, client, asker):
    lot = make_open_lot()
    waiting = a_day_earlier(asked(lot, asker))
    answered = asked(lot, asker, "A second one?")
    answer(answered, officer_of(lot))
    hidden = {NAME, ORGANISATION, str(asker.person_id), str(asker.organisation_id)}
    hidden |= {asker.person_id.hex, asker.organisation_id.hex}
    everybody = [
        f"/opportunities/{lot.id}{rest}"
        for rest in ("", "/lot.txt", "/lot.json", "/lot.docx", "/everything.zip")
    ]
    everybody += ["/opportunities", "/opportunities.json", "/opportunities.atom"]
    buyers = [f"/lots/{lot.id}", f"/lots/{lot.id}/questions-asked", "/", "/lots"]
    buyers += [f"/lots/questions-asked/{waiting}", "/start", "/overview"]
    seen = 0
    for person in (None, Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        if person:
            sign_in(client, make_person(person, lot.lead_buyer), lot.lead_buyer)
        for path in everybody + (buyers if person else []):
            shown = client.get(path, follow_redirects=True)
            seen += shown.status_code == 200
            content = shown.get_data()
            for secret in hidden:
                assert secret.encode() not in content, f"{path} shows {secret}"
    assert seen > 20
    moment = db.session.get_one(Clarification, waiting).asked_on
    assert not hasattr(moment, "hour")


def test_mails_about_a_question_do_not_tell_who_asked(app, asker):
    lot = make_open_lot()
    answer(asked(lot, asker), officer_of(lot))
    for mail in db.session.scalars(select(OutboxMessage)).all():
        letter = compose(mail)
        assert NAME not in letter.as_string() and ORGANISATION not in letter.as_string()


def test_the_national_auditor_reads_who_asked_and_that_is_recorded(app, client, asker):
    lot = make_open_lot()
    question = asked(lot, asker)
    auditor = make_person(Role.AUDITOR)
    sign_in(client, auditor)
    page = client.show(f"/lots/questions-asked/{question}/asker")
    assert ORGANISATION in page.text and NAME in page.text
    (reading,) = db.session.scalars(select(Reading).where(Reading.subject_id == question))
    assert (reading.kind, reading.person_id) == ("clarification.asker", auditor.id)


@pytest.mark.parametrize("role", [Role.COMMISSIONING_OFFICER, Role.DIRECTOR])
def test_nobody_else_does(app, client, role):
    lot = make_open_lot()
    question = asked(lot)
    sign_in(client, make_person(role, lot.lead_buyer), lot.lead_buyer)
    assert client.get(f"/lots/questions-asked/{question}/asker").status_code in (403, 404)
    assert not db.session.scalars(select(Reading)).all()


def test_an_organisation_sees_its_own_questions_only(app):
    lot, other = make_open_lot(), make_open_lot()
    mine, theirs = provider_person(), provider_person()
    asked(lot, mine, "Mine?")
    asked(lot, theirs, "Theirs?")
    asked(other, mine, "Elsewhere?")
    assert [each.asked for each in queries.own_questions(lot.id, mine)] == ["Mine?"]


def test_a_question_of_another_buyers_lot_does_not_exist(app):
    question = asked(make_open_lot())
    with pytest.raises(NotYours):
        queries.question(
            question, CompetitionPermission.ANSWER, acting_as(make_person(Role.DIRECTOR))
        )
