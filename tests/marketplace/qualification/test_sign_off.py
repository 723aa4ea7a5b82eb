"""Where the organisation asks for it, a trustee signs exactly what is submitted."""

import pytest

from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import Refused
from marketplace.qualification import actions
from marketplace.qualification.answering import on_page
from marketplace.qualification.models import Application, ApplicationState
from marketplace.qualification.outcomes import Part, questions_for
from marketplace.qualification.queries import application_for
from tests.marketplace.qualification.test_applying import mails
from tests.support.people import acting_as, sign_in
from tests.support.qualification import question_of, ready, seen


def everything_seen(application_id, by):
    application = application_for(application_id, by)
    both = questions_for(application)
    return fingerprint(on_page(application, [each for part in Part for each in both[part]]))


@pytest.fixture
def asked_for(colleagues):
    manager, trustee = map(acting_as, colleagues)
    with write():
        actions.set_sign_off(True, trustee)
    application_id = ready(manager)
    with write():
        actions.ask_sign_off(application_id, manager)
    return application_id


def test_nothing_is_submitted_before_a_trustee_has_signed_and_then_it_is(
    asked_for, colleagues, client
):
    manager, trustee = colleagues
    with pytest.raises(Refusal, match="trustee must sign"), write():
        actions.submit_application(asked_for, acting_as(manager))
    assert {each.recipient for each in mails("sign_off")} == {trustee.email}
    sign_in(client, trustee)
    page = client.show("/qualification")
    page = client.show(page.links()["Accommodation"])
    page = client.show(page.links()["Sign-off by a trustee"])
    client.submit(page, "Record your decision", decision="approve")
    with write():
        actions.submit_application(asked_for, acting_as(manager))
    assert db.session.get(Application, asked_for).state is ApplicationState.QUALIFIED


def test_sending_back_needs_words_which_the_colleagues_read(asked_for, colleagues, client):
    manager, trustee = colleagues
    sign_in(client, trustee)
    address = f"/qualification/applications/{asked_for}/sign-off"
    page = client.submit(address, "Record your decision", decision="send_back").page
    assert "Say what should change" in page.text
    client.submit(page, "Record your decision", decision="send_back", comment="Name the town.")
    sign_in(client, manager)
    assert "Name the town." in client.show(f"/qualification/applications/{asked_for}").text
    assert manager.email in {each.recipient for each in mails("sent_back")}


def test_a_change_takes_the_sign_off_away(asked_for, colleagues):
    manager, trustee = map(acting_as, colleagues)
    with write():
        actions.sign_off(asked_for, everything_seen(asked_for, trustee), trustee)
    what = question_of(asked_for, manager, "what-you-do")
    with write():
        actions.save_answers(
            asked_for,
            Part.CATEGORY,
            {what.id: "Now more."},
            seen(asked_for, manager, Part.CATEGORY),
            manager,
        )
    assert db.session.get(Application, asked_for).signed_off_at is None
    with pytest.raises(Refusal, match="trustee must sign"), write():
        actions.submit_application(asked_for, manager)


def test_nobody_signs_what_they_were_not_shown(asked_for, colleagues):
    manager, trustee = map(acting_as, colleagues)
    shown = everything_seen(asked_for, trustee)
    what = question_of(asked_for, manager, "what-you-do")
    with write():
        actions.save_answers(
            asked_for,
            Part.CATEGORY,
            {what.id: "Now more."},
            seen(asked_for, manager, Part.CATEGORY),
            manager,
        )
    with pytest.raises(Overtaken), write():
        actions.sign_off(asked_for, shown, trustee)


def test_only_a_trustee_signs_and_turns_it_on_or_off(asked_for, colleagues, client):
    manager, trustee = colleagues
    with pytest.raises(Refused), write():
        actions.set_sign_off(False, acting_as(manager))
    with pytest.raises(Refused), write():
        actions.sign_off(
            asked_for, everything_seen(asked_for, acting_as(manager)), acting_as(manager)
        )
    sign_in(client, trustee)
    client.submit("/qualification", "Stop asking for sign-off")
    own = db.session.get(Organisation, acting_as(trustee).organisation_id)
    assert own.wants_sign_off is False
