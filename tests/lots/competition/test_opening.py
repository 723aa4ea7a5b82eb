"""An approved lot opens by itself, with its notice, or comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lots import actions, jobs, queries
from lots.lifecycle import OPEN
from lots.models import Lot
from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeKind
from lots.pipeline.timeline import planned
from lots.vocabulary import EndReason, LotState
from lots.wanted import Show
from marketplace import calendar, clock, events
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused
from marketplace.web.filters import shown_datetime
from tests.support.competition import approved_lot, director_of, move_to, officer_of
from tests.support.lots import make_lot, make_open_lot, make_region, whole_lot
from tests.support.people import acting_as, make_person, sign_in


def notices(lot):
    found = select(Notice.kind).where(Notice.lot_id == lot.id)
    return list(db.session.scalars(found.order_by(Notice.posted_at)))


def mails(template):
    found = select(OutboxMessage).where(OutboxMessage.template == template)
    return db.session.scalars(found).all()


def test_an_approved_lot_is_sealed_by_nothing_yet_and_shown_as_planned(app, client):
    lot = approved_lot()
    assert lot.state is LotState.APPROVED
    assert lot.public_key is None and lot.published_at is None
    page = client.show(f"/opportunities/{lot.id}")
    assert "Planned" in page.text and "This lot opens for bids" in page.text
    assert lot.id in {each.id for each in queries.opportunities(queries.Wanted()).items}


def test_an_approved_lot_names_its_opening_everywhere_and_is_sorted_by_it(app, client):
    buyer, today = make_region(), clock.today()
    for title, ahead in (("A month", 30), ("A week", 7)):
        day = today + timedelta(days=ahead)
        make_lot(LotState.PLANNED, buyer=buyer, title=title, opens_on=day)
    day = today + timedelta(days=90)
    lot = approved_lot(
        clock.now() + timedelta(days=12), buyer=buyer, title="Approved", opens_on=day
    )
    make_open_lot(buyer=buyer, title="Open")
    order = ["A week", "Approved", "A month"]
    assert [each.title for each in planned(queries.Wanted(Show.PLANNED)).items] == order
    shown = queries.opportunities(queries.Wanted()).items
    assert [each.title for each in shown] == ["Open", *order]
    opens = f"Opens on {shown_datetime(lot.opens_at)}"
    for address in ("/pipeline", f"/opportunities/{lot.id}"):
        assert opens in client.show(address).text
    assert opens in client.get("/opportunities.atom").text
    ics = client.get(f"/opportunities/{lot.id}.ics").text
    assert "Opens for bids: Approved" in ics and "Expected to open" not in ics


def test_it_opens_at_its_moment_with_its_notice_and_its_keys(app):
    lot = approved_lot()
    assert jobs.open_due(clock.now()) == 0
    assert queries.next_opening(clock.now()) == lot.opens_at
    move_to(lot.opens_at)
    assert jobs.open_due(clock.now()) == 1
    assert jobs.open_due(clock.now()) == 0
    opened = whole_lot(lot.id)
    assert opened.state is LotState.OPEN
    assert len(opened.public_key) == 32 and opened.questions_until is not None
    assert notices(lot) == [NoticeKind.PLANNED, NoticeKind.OPENING]
    told = {mail.recipient for mail in mails("lots/mail/published.txt")}
    decider = db.session.get_one(Person, opened.approved_by_id)
    assert decider.email in told and len(told) == 2


def test_not_a_moment_before(app):
    lot = approved_lot()
    with pytest.raises(Refusal), write():
        actions.open_lot(lot.id)
    assert whole_lot(lot.id).state is LotState.APPROVED
    assert notices(lot) == [NoticeKind.PLANNED]


def test_opened_now_there_is_a_notice_too(app):
    assert notices(make_open_lot()) == [NoticeKind.OPENING]


def test_a_planned_lot_and_a_cancelled_one_have_theirs_a_discarded_draft_none(app):
    planned, opened, draft = (
        make_lot(LotState.PLANNED),
        make_open_lot(),
        make_lot(LotState.DRAFT),
    )
    with write():
        actions.cancel_lot(opened.id, EndReason.NEED_CHANGED, director_of(opened))
        actions.cancel_lot(draft.id, EndReason.OTHER, officer_of(draft))
    assert notices(planned) == [NoticeKind.PLANNED]
    assert set(notices(opened)) == {NoticeKind.OPENING, NoticeKind.ENDING}
    assert notices(draft) == []


def test_the_plan_is_announced_once_and_what_was_announced_is_ended(app):
    straight, planned = approved_lot(), make_lot(LotState.PLANNED)
    with write():
        actions.take_back_lot(straight.id, officer_of(straight))
    for lot in (straight, planned):
        with write():
            actions.approve_lot(lot.id, clock.now() + timedelta(days=2), director_of(lot))
        assert notices(lot) == [NoticeKind.PLANNED]
        with write():
            actions.cancel_lot(lot.id, EndReason.NEED_CHANGED, director_of(lot))
        assert set(notices(lot)) == {NoticeKind.PLANNED, NoticeKind.ENDING}


def test_a_failure_halfway_leaves_neither_an_open_lot_nor_a_notice(app):
    """The process dies after the notice is written: nothing is half."""
    lot = approved_lot()
    move_to(lot.opens_at)

    def dies(_lot, _by):
        assert notices(lot) == [NoticeKind.PLANNED, NoticeKind.OPENING]
        raise KeyboardInterrupt

    events.when(app, OPEN, dies)
    try:
        with pytest.raises(KeyboardInterrupt):
            jobs.open_due(clock.now())
    finally:
        app.extensions["events"][OPEN].remove(dies)
    assert whole_lot(lot.id).state is LotState.APPROVED
    assert notices(lot) == [NoticeKind.PLANNED]
    assert jobs.open_due(clock.now()) == 1
    assert notices(lot) == [NoticeKind.PLANNED, NoticeKind.OPENING]


def test_what_has_come_to_be_missing_keeps_it_from_opening_and_both_are_told(app):
    lot = approved_lot()
    with write():
        db.session.get_one(Lot, lot.id).summary = ""
    move_to(lot.opens_at)
    assert jobs.open_due(clock.now()) == 1
    back = whole_lot(lot.id)
    assert back.state is LotState.PLANNED
    assert back.opens_at is None and back.approved_by_id is None and back.public_key is None
    assert notices(lot) == [NoticeKind.PLANNED]
    told = {mail.recipient for mail in mails("lots/mail/not_opened.txt")}
    drafter = db.session.get_one(Person, back.drafted_by_id)
    assert drafter.email in told and len(told) == 2


def test_the_window_is_judged_from_the_opening_day(app):
    """Enough time from today is too little from a day shortly before closing."""
    lot = make_lot(LotState.DRAFT)
    late = lot.closes_at - timedelta(days=7)
    with pytest.raises(Refusal, match="working day"), write():
        actions.approve_lot(lot.id, late, director_of(lot))
    assert whole_lot(lot.id).opens_at is None


def test_an_opening_in_the_past_is_refused(app):
    lot = make_lot(LotState.DRAFT)
    with pytest.raises(Refusal, match="still ahead"), write():
        actions.approve_lot(lot.id, clock.now() - timedelta(minutes=1), director_of(lot))


def test_nobody_approves_what_they_wrote_in(app):
    lot = make_lot(LotState.DRAFT)
    opens = clock.now() + timedelta(days=1)
    both = make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR], lot.lead_buyer)
    with write():
        db.session.get_one(Lot, lot.id).drafted_by_id = both.id
    for by in (acting_as(both, lot.lead_buyer), officer_of(lot)):
        with pytest.raises(Refused), write():
            actions.approve_lot(lot.id, opens, by)


@pytest.mark.parametrize("who", [officer_of, director_of])
def test_an_approval_is_taken_back_and_the_lot_stays_public(app, who):
    lot = approved_lot()
    with write():
        actions.take_back_lot(lot.id, who(lot))
    back = whole_lot(lot.id)
    assert back.state is LotState.PLANNED and back.opens_at is None
    assert queries.opportunity(lot.id).opens_on == calendar.day_of(lot.opens_at)
    move_to(lot.opens_at)
    assert jobs.open_due(clock.now()) == 0
    with pytest.raises(AlreadyChanged), write():
        actions.take_back_lot(lot.id, who(lot))


def test_the_director_approves_on_screen_and_is_told_what_is_wrong(app, client):
    lot = make_lot(LotState.DRAFT)
    sign_in(client, make_person(Role.DIRECTOR, lot.lead_buyer), lot.lead_buyer)
    day = calendar.day_of(clock.now() + timedelta(days=5))
    past = client.submit(f"/lots/{lot.id}/approve", "Approve", _typed(day - timedelta(days=6)))
    assert "still ahead" in past.text
    answer = client.submit(past.page, "Approve", _typed(day))
    opens = whole_lot(lot.id).opens_at.astimezone(clock.LONDON)
    assert (opens.date(), opens.hour) == (day, 9)
    assert "opens by itself" in answer.text
    client.submit(answer.page, "Take the approval back")
    assert whole_lot(lot.id).state is LotState.PLANNED


def _typed(day):
    return {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "9:00"}
