"""Following: mail at once for what is urgent, a digest for the rest, and nobody learns who."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from lots import actions
from lots.models import Lot
from lots.pipeline import News, digest, following, news
from lots.pipeline.models import Follow, LotListing, LotNews, Reader
from lots.vocabulary import EndReason, LotState
from marketplace import clock
from marketplace.accounts.models import Person, PersonState
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.actions import compose
from marketplace.permissions import NotYours
from tests.support.lots import make_lot, make_open_lot
from tests.support.mails import mails_to
from tests.support.people import acting_as, make_person
from tests.support.pipeline import follow, somebody


def address(by) -> str:
    return db.session.get_one(Person, by.person_id).email


def publish(lot: Lot) -> None:
    director = acting_as(make_person(Role.DIRECTOR, lot.lead_buyer))
    with write():
        actions.publish_lot(lot.id, director)


def tell(lot: Lot, kind: News) -> None:
    with write():
        news.tell(db.session.get_one(Lot, lot.id), kind)


def test_a_follower_hears_at_once_of_opening_moving_and_cancelling(app):
    lot, by = make_lot(LotState.PLANNED), somebody()
    follow(lot, by)
    publish(lot)
    tell(lot, News.MOVED)
    director = acting_as(make_person(Role.DIRECTOR, lot.lead_buyer))
    with write():
        actions.cancel_lot(lot.id, EndReason.NEED_CHANGED, director)
    letters = [compose(mail) for mail in mails_to(address(by))]
    subjects = [letter["Subject"] for letter in letters]
    assert ["open for bids" in subjects[0], "moved" in subjects[1], "cancelled" in subjects[2]] == [
        True
    ] * 3
    for letter in letters:
        assert f"/opportunities/{lot.id}" in letter.get_content()
        assert letter["List-Unsubscribe"].startswith("<http")
        assert lot.title not in letter["Subject"]


def test_the_rest_waits_for_the_digest(app):
    lot, by = make_open_lot(), somebody()
    follow(lot, by)
    for kind in (News.ANSWERED, News.ANSWERED, News.CHANGED):
        tell(lot, kind)
    assert not mails_to(address(by))
    assert digest.send_due(clock.now().replace(hour=12)) == 1
    told = json.loads(mails_to(address(by))[0].facts)["lots"]
    assert [(each["lot_id"], each["kinds"]) for each in told] == [
        (str(lot.id), ["answered", "changed"])
    ]


def test_whoever_stopped_following_hears_nothing_and_is_forgotten(app):
    lot, by = make_lot(LotState.PLANNED), somebody()
    follow(lot, by)
    follow(lot, by)
    assert following.follows(lot.id, by)
    with write():
        following.unfollow(lot.id, by)
        following.unfollow(lot.id, by)
    assert not following.follows(lot.id, by)
    assert not db.session.scalars(select(Reader)).all()
    publish(lot)
    assert not mails_to(address(by))


def test_a_closed_account_gets_no_mail(app):
    lot, by = make_lot(LotState.PLANNED), somebody()
    follow(lot, by)
    with write():
        db.session.get_one(Person, by.person_id).state = PersonState.CLOSED
    publish(lot)
    tell(lot, News.CHANGED)
    assert digest.send_due(clock.now().replace(hour=12)) == 0
    assert not mails_to(address(by))


def test_nothing_stored_ties_a_follower_to_an_account(app):
    lot, by = make_lot(LotState.PLANNED), somebody()
    before = db.session.scalars(select(AuditEvent.number)).all()
    follow(lot, by)
    reader = db.session.scalars(select(Reader)).one()
    person = db.session.get_one(Person, by.person_id)
    assert reader.email_hash != person.email_hash
    assert str(by.person_id) not in str(db.session.execute(select(Follow.__table__)).all())
    assert db.session.scalars(select(AuditEvent.number)).all() == before
    assert following.people_following(lot.id) == {by.person_id}


def test_only_what_is_planned_or_open_can_be_followed(app):
    with pytest.raises(NotYours):
        follow(make_lot(LotState.DRAFT), somebody())
    with pytest.raises(Refusal, match="closed"):
        follow(make_lot(LotState.CLOSED), somebody())


def test_there_is_a_bound(app, monkeypatch):
    monkeypatch.setattr(following, "MOST", 2)
    by = somebody()
    for _number in range(2):
        follow(make_lot(LotState.PLANNED), by)
    with pytest.raises(Refusal, match="most"):
        follow(make_lot(LotState.PLANNED), by)


def test_one_sees_ones_own_list_only(app):
    lot, other = make_lot(LotState.PLANNED), make_open_lot()
    by, somebody_else = somebody(), somebody()
    follow(lot, by)
    follow(other, somebody_else)
    assert [each.id for each in following.followed(by).items] == [lot.id]


def test_every_step_is_news_once_and_a_draft_is_none(app):
    make_lot(LotState.DRAFT)
    assert not db.session.scalars(select(LotNews)).all()
    lot = make_lot(LotState.AWARDED)
    kinds = list(db.session.scalars(select(LotNews.kind).order_by(LotNews.number)))
    assert kinds[0] is News.OPENED and kinds[-1] is News.AWARDED
    numbers = list(db.session.scalars(select(LotNews.number).order_by(LotNews.number)))
    assert numbers == list(range(1, len(kinds) + 1))
    assert db.session.get_one(LotListing, lot.id).number == numbers[-1] == news.newest()


def test_a_discarded_draft_never_becomes_news(app):
    lot = make_lot(LotState.DRAFT)
    with write():
        officer = acting_as(make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer))
        actions.cancel_lot(lot.id, EndReason.NEED_CHANGED, officer)
    assert db.session.get(LotListing, lot.id) is None
