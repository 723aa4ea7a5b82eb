"""Who sees to which part of a bid, and what is said beside its answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bids.models import Bid, BidAnswer
from bids.permissions import WRITERS
from bids.tasks import Group, part_of
from bids.writing.models import BidAssignment, BidComment
from marketplace.accounts.models import Person, PersonState
from marketplace.accounts.queries import people_of
from marketplace.database import db
from marketplace.paging import Page, paged

COMMENTS_SHOWN = 10


def writers_of(organisation_id: UUID) -> list[Person]:
    """The people of the organisation who may write its bids, by name."""
    return [
        each.person
        for each in people_of(organisation_id)
        if each.roles & set(WRITERS) and each.person.state == PersonState.ACTIVE
    ]


def given(bid_id: UUID) -> dict[str, BidAssignment]:
    """The assignments of a bid by part."""
    found = select(BidAssignment).where(BidAssignment.bid_id == bid_id)
    return {each.part: each for each in db.session.scalars(found)}


def given_people(bid_id: UUID) -> dict[str, str]:
    """The person's id as text for each part of a bid that was given to somebody."""
    return {part: each.person for part, each in given(bid_id).items()}


def given_names(bid: Bid) -> dict[str, str]:
    """The colleague's name for each part that was given to somebody who can still write it."""
    names = {str(each.id): each.name for each in writers_of(bid.bidder_id)}
    held = given_people(bid.id).items()
    return {part: names[person] for part, person in held if person in names}


def given_to(person_id: UUID, bids: Iterable[Bid]) -> dict[UUID, set[str]]:
    """For each of these bids the parts that were given to this person; in one statement."""
    found = (
        select(BidAssignment)
        .where(BidAssignment.bid_id.in_([bid.id for bid in bids]))
        .options(joinedload(BidAssignment.bid))
    )
    parts: dict[UUID, set[str]] = {}
    for each in db.session.scalars(found):
        if each.person == str(person_id):
            parts.setdefault(each.bid_id, set()).add(each.part)
    return parts


def written_parts(bids: Collection[Bid]) -> dict[UUID, set[str]]:
    """The answers, and the price, that hold something in each of these bids; in one statement."""
    found = (
        select(BidAnswer)
        .where(BidAnswer.bid_id.in_([bid.id for bid in bids]))
        .options(joinedload(BidAnswer.bid))
    )
    written = {bid.id: {Group.PRICE.value} if bid.price_pence else set() for bid in bids}
    for each in db.session.scalars(found):
        if each.text:
            written[each.bid_id].add(part_of(each.question_id))
    return written


def comments(bid: Bid, question_id: UUID) -> Page:
    """What colleagues said beside this answer, the newest first."""
    found = (
        select(BidComment)
        .where(BidComment.bid_id == bid.id, BidComment.question_id == question_id)
        .order_by(BidComment.written_at.desc(), BidComment.id)
    )
    return paged(found, COMMENTS_SHOWN)


def authors_of(said: Iterable[BidComment]) -> dict[str, str]:
    """The names of whoever wrote these comments, by id as text; in one statement."""
    ids = {UUID(each.author) for each in said}
    found = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {str(each.id): each.name for each in found}


def comment_counts(bid: Bid) -> dict[UUID, int]:
    """How many comments stand beside each answer of the bid."""
    counted = (
        select(BidComment.question_id, func.count())
        .where(BidComment.bid_id == bid.id)
        .group_by(BidComment.question_id)
    )
    return {question_id: number for question_id, number in db.session.execute(counted)}
