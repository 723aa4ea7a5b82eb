"""Evaluators who have not finished are written to: each once for each mark, on the right days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bids.evaluation import actions, queries, reminders, seats
from bids.evaluation.models import PanelReminder
from bids.evaluation.vocabulary import Mark
from bids.evaluation.waiting import waiting_for
from bids.permissions import BidPermission
from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from tests.support.bid_evaluation import score_all, seated
from tests.support.bids import Competition, opened_competition
from tests.support.mails import mails_to


@pytest.fixture
def competition(app) -> Competition:
    """Two evaluators who scored nothing, a third who has not declared."""
    made = opened_competition()
    third, _member = seated(made, made.buyer, answer=None)
    made.evaluators.append(third)
    return made


def reminded(competition: Competition) -> list[int]:
    """How many reminders each of them got."""
    return [
        sum("reminder" in mail.template for mail in mails_to(person.email))
        for person in competition.evaluators
    ]


def morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 0), clock.LONDON)


def swept(moment: datetime) -> int:
    """The job as it runs at a moment, twice."""
    with clock.telling_the_past(moment):
        first = reminders.remind_due(moment)
        assert reminders.remind_due(moment) == 0
    db.session.expire_all()
    return first


def test_the_job_writes_once_ahead_and_once_after_and_again_for_a_new_day(competition, app):
    due = queries.get(competition.evaluation_id).scores_due_on
    assert due == calendar.add_working_days(clock.today(), 10)
    ahead = morning(calendar.add_working_days(due, -2))
    late = morning(due + timedelta(days=1))
    assert swept(ahead - timedelta(seconds=1)) == 0
    assert reminders.next_due(ahead - timedelta(seconds=1)) == ahead
    assert swept(ahead) == 3
    assert reminders.next_due(ahead) == late
    score_all(competition, competition.evaluators[0], competition.buyer)
    assert swept(late - timedelta(seconds=1)) == 0
    assert swept(late) == 2
    assert reminded(competition) == [1, 2, 2]
    with clock.telling_the_past(late), write():
        officer = competition.acting(competition.officer)
        seats.set_due(competition.evaluation_id, late.date() + timedelta(days=1), officer)
    assert swept(late) == 2
    assert reminded(competition) == [1, 3, 3]


def test_the_button_writes_to_nobody_twice_within_a_day(competition, app):
    officer = competition.acting(competition.officer)
    with write():
        assert reminders.remind_all(competition.evaluation_id, officer) == 3
    with pytest.raises(Refusal, match="within the last day"), write():
        reminders.remind_all(competition.evaluation_id, officer)
    with clock.telling_the_past(clock.now() + timedelta(days=1)), write():
        assert reminders.remind_all(competition.evaluation_id, officer) == 3
    rows = db.session.scalars(select(PanelReminder)).all()
    assert {(row.mark, row.sent_by_id) for row in rows} == {(Mark.BUTTON, officer.person_id)}


def test_what_waits_says_what_is_to_do_and_who_is_late(competition, app):
    first, _second, third = competition.evaluators
    officer = competition.acting(competition.officer)

    due, title = queries.get(competition.evaluation_id).scores_due_on, competition.lot.title

    def waits(by, moment=None):
        with app.test_request_context(), clock.telling_the_past(moment or clock.now()):
            return [item.text for item in waiting_for(by)]

    assert waits(competition.acting(first)) == [f"Score 4 answers: {title}"]
    to_declare = [f"Declare conflicts of interest, then score: {title}"]
    assert waits(competition.acting(third)) == to_declare
    assert waits(officer) == []
    assert waits(officer, calendar.end_of(due)) == [f"3 evaluators are late: {title}"]
    with write():
        seat = queries.seat(
            competition.evaluation_id,
            competition.acting(third),
            permission=BidPermission.DECLARE,
        )
        actions.take_off(competition.evaluation_id, seat.id, officer)
    for person in competition.evaluators[:2]:
        score_all(competition, person, competition.buyer)
    assert waits(officer) == [f"All scores are locked, moderation can start: {title}"]
    with pytest.raises(Refusal, match="is over"), write():
        seats.set_due(competition.evaluation_id, clock.today() - timedelta(days=1), officer)


@given(st.dates(date(2026, 1, 5), date(2028, 12, 20)), st.integers(-20, 20), st.booleans())
def test_each_day_has_one_mark_at_most_and_it_begins_at_a_moment_told_from_the_due_day(
    due, offset, early
):
    """The days that a sweep looks for, and the moments that `next_due` counts back to."""
    moment = morning(due + timedelta(days=offset)) - timedelta(seconds=1 if early else 0)
    day = reminders._day_begun(moment)
    ahead = calendar.add_working_days(day, reminders.AHEAD_WORKING_DAYS)
    is_ahead, is_late = day <= due <= ahead, due < day
    assert not (is_ahead and is_late)
    assert is_late == (moment >= morning(due + timedelta(days=1)))
    begins = morning(calendar.add_working_days(due, -reminders.AHEAD_WORKING_DAYS))
    assert (is_ahead or is_late) == (moment >= begins)
