"""Plans: what they need, versions that stay, two people at once, and what fixes the outcomes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.overtaken import Overtaken
from marketplace.permissions import NotYours, Refused
from referrals import clocks
from referrals.answering import actions as answering
from referrals.codes import EndReason
from referrals.models import ClockKind
from referrals.plans import actions, changes, queries
from referrals.plans.queries import seen_of
from tests.support.plans import drafted, planned, read_draft, said
from tests.support.referrals import accepted, concluding, outcome_ids, send, started
from tests.support.sessions import attended


@pytest.fixture
def case(house):
    return started(send(house.area_id, house.by.practitioner), house.by.caseworker)


def mails(referral, template):
    about = (OutboxMessage.subject_id == referral.id, OutboxMessage.template.contains(template))
    return len(db.session.scalars(select(OutboxMessage.id).where(*about)).all())


def test_a_plan_needs_the_assessment_an_activity_for_each_outcome_and_its_sessions(house):
    worker = house.by.caseworker
    early = accepted(send(house.area_id, house.by.practitioner), worker)
    with pytest.raises(Refusal, match="initial assessment"), write():
        actions.begin(early.id, worker)
    case = started(send(house.area_id, house.by.practitioner), worker)
    with write():
        actions.begin(case.id, worker)
        actions.save_activity(case.id, None, said(outcome_ids(case.id)[0]), "", worker)
    found = read_draft(case.id)
    assert len(actions.what_is_missing(found, case.id)) == 2
    with pytest.raises(Refusal, match="every outcome"), write():
        actions.send(case.id, found.seen, worker)


def test_sending_stops_its_clock_tells_the_practitioner_and_fixes_the_outcomes(house, case):
    def clock_of_plan():
        db.session.expire_all()
        return next(e for e in clocks.clocks_of(case.id) if e.kind == ClockKind.PLAN)

    assert clock_of_plan().stopped_on is None
    actions.refuse_where_planned(case.id)
    planned(case.id, house.by.caseworker)
    assert clock_of_plan().stopped_on == clock.today() and not clock_of_plan().lapsed
    assert mails(case, "plan_sent") == 1
    with pytest.raises(Refusal, match="outcomes are fixed"):
        actions.refuse_where_planned(case.id)
    with write():
        actions.begin(case.id, house.by.caseworker)
    actions.refuse_where_planned(case.id)  # a new version may change them


def test_a_new_version_copies_forward_and_the_old_one_stays_as_it_was(house, case):
    worker = house.by.caseworker
    first = planned(case.id, worker, sessions=6)
    with write():
        begun = actions.begin(case.id, worker).id
        assert actions.begin(case.id, house.by.second_caseworker).id == begun, "there is one draft"
    copied = read_draft(case.id)
    assert [each.origin_id for each in copied.activities] == [
        each.origin_id for each in first.activities
    ]
    kept, gone = copied.activities
    longer = said(kept.outcome_id, "And phone the council")
    with write():
        actions.save_activity(case.id, kept.id, longer, seen_of(kept), worker)
        actions.remove_activity(case.id, gone.id, seen_of(gone), worker)
        actions.save_activity(case.id, None, said(gone.outcome_id, "New"), "", worker)
        actions.set_sessions(case.id, 8, "6", worker)
        actions.send(case.id, read_draft(case.id).seen, worker)
    db.session.expire_all()
    old, new = (queries.sent_version(case.id, number) for number in (1, 2))
    assert [each.words for each in old.activities] == ["Fill it in together"] * 2
    told = changes.between(old, new)
    assert [(each.before is None, each.after is None) for each in told] == [
        (False, False),  # the number of sessions
        (False, False),  # changed
        (True, False),  # new
        (False, True),  # taken out
    ]
    assert (told[0].before, told[0].after) == ("6", "8")
    assert "And phone the council" in (told[1].after or "")


def test_the_sessions_do_not_fall_below_those_held(house, case):
    worker = house.by.caseworker
    for hours in (1, 2):
        attended(case.id, worker, clock.now() + timedelta(hours=hours))
    drafted(case.id, worker, sessions=2)
    with pytest.raises(Refusal, match="2 were held"), write():
        actions.set_sessions(case.id, 1, "2", worker)
    attended(case.id, worker, clock.now() + timedelta(hours=3))
    with pytest.raises(Refusal, match="3 were held"), write():
        actions.send(case.id, read_draft(case.id).seen, worker)


def test_two_at_once_overwrite_nothing_unseen(house, case):
    worker, other = house.by.caseworker, house.by.second_caseworker
    activity = drafted(case.id, worker).activities[0]
    seen, outcome = seen_of(activity), activity.outcome_id
    whole = read_draft(case.id).seen
    with write():
        actions.save_activity(case.id, activity.id, said(outcome, "Mine"), seen, worker)
    with pytest.raises(Overtaken), write():
        actions.save_activity(case.id, activity.id, said(outcome, "Yours"), seen, other)
    with pytest.raises(Overtaken), write():
        actions.set_sessions(case.id, 9, "5", other)
    for refused in (actions.send, actions.discard):
        with pytest.raises(Refusal, match="changed the plan"), write():
            refused(case.id, whole, other)
    with pytest.raises(Refusal, match="changed this activity"), write():
        actions.remove_activity(case.id, activity.id, seen, other)
    with write():  # the same words twice are no conflict
        actions.save_activity(case.id, activity.id, said(outcome, "Mine"), seen, other)
        now = next(e for e in read_draft(case.id).activities if e.id == activity.id)
        actions.remove_activity(case.id, activity.id, seen_of(now), other)
    with pytest.raises(actions.Removed), write():
        actions.save_activity(case.id, activity.id, said(outcome, "Late"), seen, worker)


def test_what_is_not_offered_or_belongs_elsewhere_is_refused(house, case):
    worker = house.by.caseworker
    other = started(send(house.area_id, house.by.practitioner), worker)
    with write():
        actions.begin(case.id, worker)
    mine = outcome_ids(case.id)[0]
    past = clock.today() - timedelta(days=1)
    for wrong in (
        said(outcome_ids(other.id)[0]),
        said(mine, kind_code="money-budget"),
        said(mine, kind_code="nonsense"),
        said(mine, kind_code="other", words=None),
        said(mine, by_on=past),
    ):
        with pytest.raises(Refusal), write():
            actions.save_activity(case.id, None, wrong, "", worker)
    for by, error in ((house.by.rival, NotYours), (house.by.practitioner, Refused)):
        with pytest.raises(error), write():
            actions.begin(case.id, by)


def test_both_sides_comment_and_nobody_writes_once_it_is_over(house, case):
    worker, practitioner = house.by.caseworker, house.by.practitioner
    with pytest.raises(Refusal, match="no plan"), write():
        actions.comment(case.id, "Good", practitioner)
    planned(case.id, worker)
    with write():
        actions.comment(case.id, "Please add the council", practitioner)
        actions.comment(case.id, "Will do", worker)
    assert [name for _said, name, _number in queries.comments_on(case.id)]
    assert mails(case, "plan_comment") == 2
    with write():
        answering.end_early(case.id, EndReason.MOVED, "", practitioner)
    for late in (
        lambda: actions.begin(case.id, worker),
        lambda: actions.comment(case.id, "Late", practitioner),
    ):
        with pytest.raises(Refusal, match="ended"), write():
            late()


def test_after_the_sessions_the_plan_stands(house):
    done = concluding(send(house.area_id, house.by.practitioner), house.by.caseworker)
    with pytest.raises(Refusal, match="finished"), write():
        actions.begin(done.id, house.by.caseworker)
