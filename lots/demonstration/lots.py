"""The lots of the demonstration, drafted and published by its people at the time it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from lots import actions, proportionality
from lots.demonstration import together
from lots.demonstration.data import LOTS, OWN_WORDS, QUESTIONS, Tells, Told
from lots.demonstration.funding import draw_on_a_fund
from lots.demonstration.pages import pages_of
from lots.demonstration.paid_together import share_out
from lots.demonstration.papers import add_papers
from lots.demonstration.proportionality import set_aside
from lots.drafting import actions as drafting
from lots.drafting import drafts
from lots.drafting.copying import copy_lot
from lots.drafting.question_forms import from_bank
from lots.drafting.questions import add_question
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, moment_of, on_the_day, organisation
from marketplace.questions.queries import set_in_force
from marketplace.questions.vocabulary import LOT

ONE_DAY = timedelta(days=1)
DRAFTED_BEFORE_CLOSING = 75
PUBLISHED_BEFORE_CLOSING = 60
COPIED = "hub-north-yorkshire"
COPY_TITLE = "A meeting place on the Humber"


def find(key: str) -> Lot | None:
    """The lot of this key, None where it has not been told yet."""
    told = told_of(key)
    buyer = organisation(told.buyer)
    return db.session.scalars(
        select(Lot).where(Lot.lead_buyer_id == buyer.id, Lot.title == told.title)
    ).one_or_none()


def told_of(key: str) -> Told:
    """What the data says of a lot."""
    return next(each for each in LOTS if each.key == key)


def closing_day(days: int) -> date:
    """A day on which a lot may close, so many days from today: not earlier, or in the past not
    later."""
    day = clock.today() + timedelta(days=days)
    step = ONE_DAY if days >= 0 else -ONE_DAY
    while proportionality.in_closed_season(day) or not calendar.is_working_day(day):
        day += step
    return day


def drafter(told: Told) -> Acting:
    """Who drafts for this lot's buyer."""
    return acting_for(told.buyer, _role(told, Role.COMMISSIONING_OFFICER, Role.COMMISSIONER_LEAD))


def decider(told: Told) -> Acting:
    """Who decides for this lot's buyer."""
    return acting_for(told.buyer, _role(told, Role.DIRECTOR, Role.DECISION_MAKER))


def _role(told: Told, of_region: Role, of_others: Role) -> Role:
    kind = organisation(told.buyer).kind
    return of_region if kind == OrganisationKind.REGION else of_others


def build() -> None:
    """Tell every lot that is not there yet, each in one write."""
    for told in LOTS:
        with write():
            lot = find(told.key)
            if lot is None:
                _tell(told)
            elif lot.state == LotState.DRAFT and told.tells is Tells.PUBLISHED:
                _publish(told, lot.id)
    build_copy()


def _tell(told: Told) -> None:
    closes_on = closing_day(told.closes_in)
    drafted, _published = _told_moments(told, closes_on)
    today, officer = clock.today(), drafter(told)
    other = told_of(together.SECOND)
    other_closes_on = closing_day(other.closes_in)
    with on_the_day(drafted):
        lot_id = _draft(told, closes_on, today, officer)
        if told.tells is Tells.PLANNED:
            actions.plan_lot(lot_id, officer)
        if told.key == together.FIRST:
            # Both are drafted before either opens: after that nothing joins.
            other_id = _draft(other, other_closes_on, today, officer)
            together.put_together(lot_id, other_id, officer)
    if told.tells is Tells.PUBLISHED:
        _publish(told, lot_id)


def _publish(told: Told, lot_id: UUID) -> None:
    _drafted, published = _told_moments(told, closing_day(told.closes_in))
    director = decider(told)
    with on_the_day(published):
        set_aside(told.key, lot_id, director)
        actions.publish_lot(lot_id, director)


def _told_moments(told: Told, closes_on: date) -> tuple[datetime, datetime]:
    """When the lot was drafted, and when it was published."""
    if told.tells is not Tells.PUBLISHED:
        drafted = moment_of(clock.today() - timedelta(days=4))
        return drafted, drafted
    published = closes_on - timedelta(days=PUBLISHED_BEFORE_CLOSING)
    if told.published_in is not None:
        published = clock.today() + timedelta(days=told.published_in)
    earlier = timedelta(days=DRAFTED_BEFORE_CLOSING - PUBLISHED_BEFORE_CLOSING)
    return moment_of(published - earlier), moment_of(published)


def _draft(told: Told, closes_on: date, today: date, officer: Acting) -> UUID:
    lot = drafting.start_draft(told.title, told.service, officer)
    for task, values in pages_of(told, closes_on, today).items():
        seen = drafts.fingerprint(drafts.values_of(lot, task))
        drafting.save_page(lot.id, task, values, seen, officer)
    if told.tells is not Tells.BEGUN:
        _ask(told, lot, officer)
        add_papers(told.key, lot, officer)
        draw_on_a_fund(told, lot, officer)
        share_out(told, lot.id, officer)
    return lot.id


def _ask(told: Told, lot: Lot, officer: Acting) -> None:
    bank = {each.concept: each for each in set_in_force(LOT, clock.today()).questions}
    for concept, index in QUESTIONS:
        asked = from_bank(bank[concept]) | {"criterion_id": lot.criteria[index].id}
        asked["text"] = OWN_WORDS.get((told.key, concept), asked["text"])
        add_question(lot.id, asked, officer)


def build_copy() -> None:
    """The meeting place in North Yorkshire, begun again as a draft for another coast."""
    if find(COPIED) is None or _copied() is not None:
        return
    with write():
        old = find(COPIED)
        assert old is not None
        lot, _dropped = copy_lot(old.id, drafter(told_of(COPIED)))
        lot.title = COPY_TITLE


def _copied() -> Lot | None:
    return db.session.scalars(select(Lot).where(Lot.title == COPY_TITLE)).one_or_none()


def each_found(tell: Callable[[Told, Lot], None], *keys: str) -> None:
    """Have `tell(told, lot)` go on with each of these lots, in a write of its own."""
    for key in keys:
        with write():
            lot = find(key)
            if lot is not None:
                tell(told_of(key), lot)
