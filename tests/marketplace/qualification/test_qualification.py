"""A charity gets in: one short set of answers, a decision with reasons, and nobody else's eyes."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import PersonState
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused
from marketplace.qualification import actions
from marketplace.qualification.models import Application, ApplicationState
from marketplace.qualification.queries import Standing, standing
from marketplace.questions.models import QuestionKind
from marketplace.questions.queries import questions_of
from tests.support.people import acting_as, make_person, sign_in


@pytest.fixture
def charity(app):
    return make_person(Role.BID_MANAGER)


@pytest.fixture
def manager(app):
    return make_person(Role.FRAMEWORK_MANAGER)


def answer_all(application, by):
    answers = {
        question.id: "yes" if question.kind is QuestionKind.CONFIRM else "We visit people at home."
        for question in questions_of(application.set_id)
    }
    with write():
        actions.save_answers(application.id, answers, by)


def apply_for(charity, *categories):
    by = acting_as(charity)
    with write():
        application = actions.begin_application(categories, by)
    answer_all(application, by)
    with write():
        return actions.submit_application(application.id, by)


def test_a_charity_goes_from_the_page_to_qualified(client, charity, manager):
    sign_in(client, charity)
    page = client.submit("/qualification/apply", "Continue", categories=["women"]).page
    confirmations = {name: True for name in ("safeguarding", "data_protection", "vetting")}
    page = client.submit(
        page,
        "Save and continue",
        what_you_do="A women’s centre in Caernarfon.",
        how_you_deliver="Two people meet every new client.",
        exclusion=True,
        **confirmations,
    ).page
    client.submit(page, "Submit application")
    application = db.session.scalars(select(Application)).one()
    assert standing(application.organisation_id, "womens-services") is Standing.PENDING

    sign_in(client, manager)
    client.submit(
        f"/qualification/applications/{application.id}/decide",
        "Record the decision",
        decision="qualify",
    )
    assert standing(application.organisation_id, "womens-services") is Standing.QUALIFIED
    assert standing(application.organisation_id, "ete") is Standing.NONE


def test_what_is_missing_is_said_and_nothing_is_submitted(app, charity):
    by = acting_as(charity)
    with write():
        application = actions.begin_application(["accommodation"], by)
    with pytest.raises(Refusal, match="safeguarding policy"), write():
        actions.submit_application(application.id, by)
    assert db.session.get(Application, application.id).state is ApplicationState.DRAFT


def test_a_not_yet_always_has_reasons_and_copies_answers_but_no_legal_confirmation(
    app, charity, manager
):
    application = apply_for(charity, "accommodation")
    with pytest.raises(Refusal, match="reasons"), write():
        actions.decide_application(application.id, "", acting_as(manager))
    with write():
        actions.decide_application(application.id, "Name who is responsible.", acting_as(manager))
    with write():
        again = actions.begin_application(["accommodation"], acting_as(charity))
    carried = {each.question_id for each in again.answers}
    for question in questions_of(again.set_id):
        assert (question.id in carried) is not question.legal


def test_the_applicant_is_told_once_however_often_the_decision_is_pressed(app, charity, manager):
    application = apply_for(charity, "accommodation")
    with write():
        actions.decide_application(application.id, None, acting_as(manager))
    with pytest.raises(AlreadyChanged), write():
        actions.decide_application(application.id, None, acting_as(manager))
    decided = OutboxMessage.template == "marketplace/qualification/mail/decided.txt"
    assert db.session.scalar(select(func.count()).where(decided)) == 1


def test_one_category_is_not_applied_for_twice(app, charity):
    apply_for(charity, "accommodation")
    with pytest.raises(Refusal, match="already"), write():
        actions.begin_application(["accommodation", "women"], acting_as(charity))


def test_a_provider_decides_nothing(app, charity):
    application = apply_for(charity, "accommodation")
    with pytest.raises(Refused), write():
        actions.decide_application(application.id, None, acting_as(charity))


def test_another_organisation_sees_and_changes_nothing(client, charity):
    application = apply_for(charity, "accommodation")
    sign_in(client, make_person(Role.BID_MANAGER))
    address = f"/qualification/applications/{application.id}"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/answers").status_code == 404


def test_an_answer_over_its_words_is_kept_on_the_page_with_what_to_do(client, charity):
    sign_in(client, charity)
    page = client.submit("/qualification/apply", "Continue", categories=["women"]).page
    long = "gair " * 151
    answer = client.submit(page, "Save and continue", what_you_do=long)
    text = answer.get_data(as_text=True)
    assert "Take out 1 word" in text
    assert long.strip() in text


def test_the_framework_managers_are_told_of_an_application(app, charity, manager):
    closed = make_person(Role.FRAMEWORK_MANAGER, state=PersonState.CLOSED)
    application = apply_for(charity, "accommodation")
    told = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.subject_id == application.id)
    ).all()
    assert manager.email in {each.recipient for each in told}
    assert closed.email not in {each.recipient for each in told}
    assert len({each.recipient for each in told}) == len(told)
    text = compose(told[0]).get_content()
    assert f"/qualification/applications/{application.id}/decide" in text
    assert charity.name not in text
