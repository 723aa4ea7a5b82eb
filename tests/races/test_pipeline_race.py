"""Answers, follows and digests at the same moment: each counts once, and none is lost."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from lots.pipeline import anonymous, digest, following
from lots.pipeline.models import Follow, HeldAnswer
from lots.pipeline.readers import reader_with
from lots.pipeline.vocabulary import Subject
from lots.vocabulary import LotState
from lots.wanted import Wanted
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, new_id
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.lots import make_lot, make_open_lot
from tests.support.mails import mails_to
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.pipeline import alert

pytestmark = pytest.mark.race


def test_answers_given_at_once_are_all_counted_and_one_for_each_organisation(race: Race) -> None:
    lot = make_lot(LotState.PLANNED)
    charities = [make_organisation() for _number in range(6)]
    people = [make_person(Role.BID_MANAGER, charity) for charity in charities]
    people += [make_person(Role.TRUSTEE, charities[0]) for _number in range(2)]
    calls = []
    for person in people:
        visitor = race.visitor(person)
        action, values = visitor.form_at(f"/opportunities/{lot.id}/viability", "Send the answer")
        calls.append(partial(visitor.post, action, {**values, "choice": ["yes"]}))

    answers = at_once(calls)

    race.look_again()
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [409] * 2
    figures = anonymous.figures(lot.id, Subject.VIABILITY)
    assert figures is not None and figures.total == 6
    left = select(func.count()).where(HeldAnswer.lot_id == lot.id)
    assert db.session.scalar(left) == 0


def test_a_lot_followed_many_times_at_once_is_followed_once(race: Race) -> None:
    lot = make_lot(LotState.PLANNED)
    person = make_person(Role.BID_MANAGER, make_organisation())
    visitor = race.visitor(person)
    form = visitor.form_at(f"/opportunities/{lot.id}", "Follow this lot")

    answers = at_once([partial(visitor.post, *form)] * 6)

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    assert following.follows(lot.id, acting_as(person))
    assert db.session.scalar(select(func.count()).where(Follow.lot_id == lot.id)) == 1


def test_digests_sent_by_several_processes_at_once_are_one_mail(race: Race) -> None:
    email = f"{new_id().hex}@example.org"
    alert(email, Wanted(None))
    make_open_lot()
    at = clock.now().replace(hour=12) + timedelta(days=1)

    def sweep() -> int:
        with race.app.app_context():
            return digest.send_due(at)

    at_once([sweep] * 4)

    race.look_again()
    assert reader_with(email) is not None
    assert [mail.template for mail in mails_to(email)].count(digest.MAIL) == 1
