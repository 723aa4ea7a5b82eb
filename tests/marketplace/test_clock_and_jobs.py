"""Business time runs ahead only by its row; jobs sweep what is due, in one process at a time."""

from datetime import datetime, timedelta

import pytest

from marketplace import clock, jobs
from marketplace.database import db, new_id, write
from marketplace.demonstration.actions import move_clock
from marketplace.jobs import Job, JobLease
from marketplace.lifecycle import Refusal


@pytest.fixture
def rounds(app, monkeypatch):
    """A round of one job that has something to do every six hours, and notes when it ran."""
    ran: list[datetime] = []

    def sweep(now):
        ran.append(now)
        return 1

    def next_due(after):
        return ran[-1] + timedelta(hours=6) if ran else after + timedelta(hours=6)

    monkeypatch.setitem(app.extensions, "jobs", [Job("sweep", sweep, next_due)])
    return ran


def test_business_time_runs_ahead_by_the_offset_and_technical_time_does_not(app):
    before, technical = clock.now(), clock.technical_now()
    with write():
        clock.set_offset(86_400)
    assert timedelta(days=1) <= clock.now() - before < timedelta(days=1, minutes=5)
    assert clock.technical_now() - technical < timedelta(minutes=5)
    assert clock.now().utcoffset() == timedelta(0)


def test_moving_the_clock_stops_at_each_due_moment_in_order(app, rounds):
    start = clock.now()
    move_clock(app, start + timedelta(days=1))
    assert rounds == sorted(rounds)
    assert len(rounds) >= 4
    assert rounds[-1] >= start + timedelta(days=1)
    gaps = [later - earlier for earlier, later in zip(rounds, rounds[1:], strict=False)]
    assert max(gaps) < timedelta(hours=6, minutes=5)


def test_the_clock_never_goes_back(app, rounds):
    with pytest.raises(Refusal):
        move_clock(app, clock.now() - timedelta(hours=1))
    assert rounds == []


def test_a_job_that_fails_does_not_stop_the_others(app, monkeypatch):
    ran = []

    def fails(now):
        raise ValueError("broken")

    monkeypatch.setitem(
        app.extensions,
        "jobs",
        [Job("bad", fails, jobs.nothing_in_sight), Job("good", ran.append, jobs.nothing_in_sight)],
    )
    assert jobs.sweep_all(app)["bad"] == -1
    assert len(ran) == 1


def test_each_is_done_alone_and_one_that_was_overtaken_or_fails_stops_no_other(app, caplog):
    done, refused, broken, nothing = (new_id() for _number in range(4))

    def act(each):
        if each in (refused, broken):
            clock.set_offset(600)
            raise Refusal("Somebody else was faster.") if each == refused else ValueError("broken")
        return each == done

    assert jobs.each_alone([refused, broken, nothing, done], act) == 1
    assert clock.offset_seconds() == 0, "what one wrote that was not done is gone"
    assert [each.subject for each in caplog.records if each.levelname == "ERROR"] == [str(broken)]


def test_while_another_process_holds_the_lease_nothing_runs(app, rounds):
    assert jobs.tick(app)
    with write():
        lease = db.session.get(JobLease, 1)
        lease.holder = "another process"
        lease.held_until = clock.technical_now() + timedelta(minutes=1)
    assert not jobs.tick(app)
    assert len(rounds) == 1


def test_a_lease_that_ran_out_is_taken_over(app, rounds):
    assert jobs.tick(app)
    with write():
        lease = db.session.get(JobLease, 1)
        lease.holder = "a process that died"
        lease.held_until = clock.technical_now() - timedelta(seconds=1)
    assert jobs.tick(app)
    assert len(rounds) == 2
    assert not jobs.late()


def test_a_moved_clock_is_refused_in_production(app, monkeypatch):
    with write():
        clock.set_offset(3600)
    settings = app.extensions["settings"].model_copy(update={"environment": "production"})
    monkeypatch.setitem(app.extensions, "settings", settings)
    with pytest.raises(RuntimeError, match="must not be moved"):
        clock.judged_now()


def test_mails_leave_in_the_round_that_posted_them(app):
    assert app.extensions["jobs"][-1].name == "deliver mails"


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 1), (1, 1), (2, 2), (6, 32), (7, 60), (42, 60), (10_000, 60)]
)
def test_pauses_double_up_to_an_hour_however_many_attempts_were_made(attempts, minutes):
    assert jobs.pause_after(attempts) == timedelta(minutes=minutes)
