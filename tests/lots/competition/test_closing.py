"""The closing moment moves forward only, and waits for answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lots import actions, deadlines, jobs, keys, proportionality
from lots.competition import closing
from lots.competition import jobs as waiting
from lots.competition.vocabulary import ChangeKind
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import Refused
from tests.support.competition import (
    all_changes,
    answer,
    asked,
    director_of,
    move_to,
    officer_of,
    provider_person,
)
from tests.support.lots import make_open_lot, whole_lot


def later_day(lot, days=7):
    day = calendar.day_of(lot.closes_at) + timedelta(days=days)
    while (
        not calendar.is_working_day(day) or day.month in (1, 12) and (day.day > 19 or day.day < 6)
    ):
        day += timedelta(days=1)
    return day


def test_moved_by_hand_to_a_later_day_for_a_reason_with_more_time_to_ask(app):
    lot = make_open_lot()
    day = later_day(lot)
    with write():
        closing.move_closing(lot.id, day, "A holiday.", officer_of(lot))
    moved = whole_lot(lot.id)
    assert moved.closes_at == calendar.closing_moment(day)
    assert moved.questions_until == deadlines.questions_until(moved.closes_at)
    (change,) = all_changes(lot)
    assert (change.kind, change.why) == (ChangeKind.MOVED, "A holiday.")
    assert (change.closing_before, change.closing_after) == (lot.closes_at, moved.closes_at)


@pytest.mark.parametrize("days", [0, -1, -30])
def test_never_to_the_same_or_an_earlier_day(app, days):
    lot = make_open_lot()
    day = calendar.day_of(lot.closes_at) + timedelta(days=days)
    with pytest.raises(Refusal, match="forward"), write():
        closing.move_closing(lot.id, day, "Sooner.", officer_of(lot))
    assert whole_lot(lot.id).closes_at == lot.closes_at


def test_never_to_a_weekend_nor_into_the_closed_season(app):
    lot = make_open_lot()
    year = calendar.day_of(lot.closes_at).year + 1
    saturday = next(
        day for day in (date(year, 6, 1) + timedelta(n) for n in range(7)) if day.weekday() == 5
    )
    with pytest.raises(Refusal, match="working day"), write():
        closing.move_closing(lot.id, saturday, "Then.", officer_of(lot))
    season = calendar.next_working_day(date(year, 12, 21))
    with pytest.raises(Refusal, match="20 December"), write():
        closing.move_closing(lot.id, season, "Then.", officer_of(lot))


def test_never_to_the_start_of_the_service_or_beyond_nor_years_ahead(app):
    lot = make_open_lot()
    day = calendar.next_working_day(lot.starts_on)
    while proportionality.in_closed_season(day):
        day = calendar.next_working_day(day + timedelta(days=1))
    with pytest.raises(Refusal, match="later start"), write():
        closing.move_closing(lot.id, day, "Then.", officer_of(lot))
    far = closing.FARTHEST + timedelta(days=200)
    with write():
        db.session.get_one(Lot, lot.id).starts_on = clock.today() + 2 * far
    day = calendar.next_working_day(date((clock.today() + far).year, 6, 1))
    assert day > clock.today() + closing.FARTHEST
    with pytest.raises(Refusal, match="at most a year"), write():
        closing.move_closing(lot.id, day, "Then.", officer_of(lot))
    assert whole_lot(lot.id).closes_at == lot.closes_at


def test_not_once_it_is_reached_whether_or_not_the_job_ran(app):
    lot = make_open_lot()
    move_to(lot.closes_at)
    with pytest.raises(Refusal, match="not open"), write():
        closing.move_closing(lot.id, later_day(lot), "Late.", officer_of(lot))


def test_only_officers_of_the_lead_buyer_move_it(app):
    lot, other = make_open_lot(), make_open_lot()
    for by in (officer_of(other), director_of(lot), provider_person()):
        with pytest.raises(Refused), write():
            closing.move_closing(lot.id, later_day(lot), "Ours.", by)


def test_the_guarded_update_refuses_an_earlier_moment(app):
    lot = make_open_lot()
    with pytest.raises(AlreadyChanged), write():
        row = db.session.get_one(Lot, lot.id)
        closing.put_closing(row, lot.closes_at - timedelta(days=1), asking_too=False)


def test_an_answer_in_time_moves_nothing(app):
    lot = make_open_lot()
    question = asked(lot)
    move_to(deadlines.answers_due(lot.closes_at) - timedelta(hours=1))
    answer(question, officer_of(lot))
    assert whole_lot(lot.id).closes_at == lot.closes_at
    assert all_changes(lot) == []


def test_an_unanswered_question_keeps_closing_five_working_days_ahead(app):
    lot = make_open_lot()
    question = asked(lot)
    due = deadlines.answers_due(lot.closes_at)
    move_to(due)
    assert waiting.wait_due(clock.now()) == 0
    stop = waiting.queries.next_wait(clock.now())
    assert stop is not None and calendar.day_of(stop) > calendar.day_of(due)
    previous = lot.closes_at
    for _day in range(3):
        move_to(waiting.queries.next_wait(clock.now()))
        assert waiting.wait_due(clock.now()) == 1
        assert waiting.wait_due(clock.now()) == 0
        now = whole_lot(lot.id)
        assert now.closes_at > previous
        assert now.closes_at == deadlines.after_answer(clock.now())
        assert now.questions_until == lot.questions_until
        previous = now.closes_at
    (change,) = all_changes(lot)
    assert change.kind is ChangeKind.UNANSWERED
    assert (change.closing_before, change.closing_after) == (lot.closes_at, previous)
    answer(question, officer_of(lot))
    assert whole_lot(lot.id).closes_at == previous
    move_to(previous)
    assert waiting.wait_due(clock.now()) == 0
    assert jobs.close_due(clock.now()) == 1


def test_the_lot_stays_open_while_a_question_waits_even_if_no_job_ran(app):
    lot = make_open_lot()
    question = asked(lot)
    move_to(lot.closes_at + timedelta(days=9))
    with pytest.raises(Refusal, match="no answer"), write():
        actions.close_lot(lot.id)
    assert jobs.close_due(clock.now()) == 0
    with pytest.raises(Refusal, match="sealed"):
        keys.private_key(whole_lot(lot.id))
    answer(question, officer_of(lot))
    moved = whole_lot(lot.id)
    assert moved.state is LotState.OPEN
    assert calendar.working_days_between(clock.today(), calendar.day_of(moved.closes_at)) >= 5


# Each by hand from the calendar: the last answer's day, and when the lot closes at the earliest.
EXAMPLES = [
    # A plain week: Monday, and the Monday after.
    ("2026-06-29 09:00", "2026-07-06 11:00"),
    # 12 July is a Sunday: its holiday in Northern Ireland is observed on Monday 13.
    ("2026-07-06 15:00", "2026-07-14 11:00"),
    # 15 June 2026 was proclaimed a holiday in Scotland.
    ("2026-06-10 10:00", "2026-06-18 11:00"),
    # Nothing from 20 December to 5 January counts: 15 to 18 December, then 6 January.
    ("2026-12-14 10:00", "2027-01-06 12:00"),
    # Asked and answered in the closed season: five working days from 6 January on.
    ("2026-12-23 10:00", "2027-01-12 12:00"),
    # A Saturday counts like the Friday before; noon is noon in London in both seasons.
    ("2026-10-24 10:00", "2026-10-30 12:00"),
]


@pytest.mark.parametrize(("answered", "closes"), EXAMPLES)
def test_worked_examples_of_five_working_days_after_the_last_answer(app, answered, closes):
    moment = datetime.fromisoformat(answered).replace(tzinfo=UTC)
    assert deadlines.after_answer(moment) == datetime.fromisoformat(closes).replace(tzinfo=UTC)
