"""Reading a panel: who can sit on it, how far each seat is, what was declared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from bids.evaluation import queries
from bids.evaluation.models import (
    Evaluation,
    EvaluationState,
    PanelCriterion,
    PanelDeclaration,
    PanelMember,
    PanelReminder,
    Score,
    SeatState,
)
from bids.evaluation.permissions import is_tied, ties
from bids.evaluation.rules import uncovered
from bids.models import Bid
from bids.partners.models import OpenedPartner
from bids.queries import MOST_WAITING
from lots.funding.models import FunderState
from lots.funding.parties import co_signing_regions, region_organisations, shares_of
from lots.models import Lot
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours

UNFINISHED = (SeatState.ASSIGNED, SeatState.SCORING)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could sit on the panel, for which organisation; and what stands against it."""

    id: UUID
    name: str
    email: str
    organisation_id: UUID
    organisation: str
    tied_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How many of how many answers a seat has scored, and when something last happened there."""

    done: int
    all: int
    last_at: datetime | None

    @property
    def left(self) -> int:
        return self.all - self.done


def parties(lot: Lot) -> list[UUID]:
    """Whose evaluators may sit: the lead buyer, funders that accepted, co-signing regions."""
    found = [
        share.organisation.id
        for share in shares_of(lot)
        if share.is_lead or (share.funder and share.funder.state == FunderState.ACCEPTED)
    ]
    codes = co_signing_regions(lot)
    regions = region_organisations(lot.is_demonstration) if codes else {}
    found += [each for code in codes for each in regions.get(code, ())]
    return list(dict.fromkeys(found))


def party_names(lot: Lot) -> list[str]:
    """The same organisations by name, the lead buyer first."""
    order = parties(lot)
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(order))
    names = {row.id: row.name for row in db.session.execute(found)}
    return [names[each] for each in order]


def ties_of(person_ids: Collection[UUID], lot_id: UUID) -> dict[UUID, list[str]]:
    """The bidding and partner organisations in which each of these people holds a role."""
    found: dict[UUID, list[str]] = {}
    tied = ties(lot_id).where(Membership.person_id.in_(person_ids))
    for person_id, name in db.session.execute(tied):
        if name not in found.setdefault(person_id, []):
            found[person_id].append(name)
    return found


def candidates(evaluation: Evaluation) -> list[Candidate]:
    """Evaluators of all parties who have no seat yet, by organisation and name.

    Those tied to a bidder are among them, with what stands against them.
    """
    order = parties(evaluation.lot)
    seated = {member.person_id for member in evaluation.panel}
    found = (
        select(Person, Organisation)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id.in_(order),
            Membership.role == Role.EVALUATOR,
            Person.state == PersonState.ACTIVE,
            Person.id.not_in(seated),
        )
    )
    rows = sorted(
        db.session.execute(found), key=lambda row: (order.index(row[1].id), row[0].name, row[0].id)
    )
    tied = ties_of([person.id for person, _organisation in rows], evaluation.lot_id)
    people: dict[UUID, Candidate] = {}
    for person, organisation in rows:
        against = tuple(tied.get(person.id, ()))
        made = Candidate(
            person.id, person.name, person.email, organisation.id, organisation.name, against
        )
        # Whoever evaluates for two parties sits for the first of them: one person has one seat.
        people.setdefault(person.id, made)
    return list(people.values())


def free(evaluation: Evaluation) -> list[Candidate]:
    """Those of them whom nothing stands against."""
    return [each for each in candidates(evaluation) if not each.tied_to]


def member_of(evaluation: Evaluation, member_id: UUID) -> PanelMember:
    """A seat of this panel. Raises NotYours."""
    for member in evaluation.panel:
        if member.id == member_id:
            return member
    raise NotYours(member_id)


def progress_of(members: Sequence[PanelMember]) -> dict[UUID, Progress]:
    """How far each of these seats is; in three statements, however many."""
    ids = [member.id for member in members]
    lots = {member.id: member.evaluation.lot_id for member in members}
    bids = _by_id(
        select(Bid.lot_id, func.count())
        .where(Bid.lot_id.in_(set(lots.values())), Bid.state.in_(queries.SCORABLE))
        .group_by(Bid.lot_id)
    )
    done = _by_id(
        select(Score.member_id, func.count())
        .join(Bid, Bid.id == Score.bid_id)
        .join(
            PanelCriterion,
            (PanelCriterion.member_id == Score.member_id)
            & (PanelCriterion.criterion_id == Score.criterion_id)
            & PanelCriterion.ended_at.is_(None),
        )
        .where(Score.member_id.in_(ids), Bid.state.in_(queries.SCORABLE))
        .group_by(Score.member_id)
    )
    last = _by_id(
        select(Score.member_id, func.max(Score.scored_at))
        .where(Score.member_id.in_(ids))
        .group_by(Score.member_id)
    )
    found = {}
    for member in members:
        moments = [last.get(member.id), member.declared_at, member.locked_at]
        found[member.id] = Progress(
            done.get(member.id, 0),
            bids.get(lots[member.id], 0) * len(member.criteria),
            max((each for each in moments if each), default=None),
        )
    return found


def _by_id(grouped: Select) -> dict[UUID, Any]:
    return {key: value for key, value in db.session.execute(grouped)}


def late_seats(evaluation: Evaluation) -> list[PanelMember]:
    """The seats that still owe something though the day for it is over."""
    if evaluation.state != EvaluationState.SCORING or not evaluation.is_late:
        return []
    return [member for member in evaluation.panel if member.state in UNFINISHED]


def alone(evaluation: Evaluation) -> list[str]:
    """The criteria, by name, that fewer than two evaluators score."""
    names = {each.id: each.name for each in evaluation.lot.criteria}
    seats = [member.criteria for member in evaluation.panel if member.sits]
    return [names[each] for each in uncovered(list(names), seats)]


def declarations_of(member: PanelMember) -> list[PanelDeclaration]:
    """What the evaluator declared, last first."""
    found = select(PanelDeclaration).where(PanelDeclaration.member_id == member.id)
    ordered = found.order_by(PanelDeclaration.declared_at.desc(), PanelDeclaration.id)
    return list(db.session.scalars(ordered))


def undecided(member: PanelMember) -> PanelDeclaration | None:
    """The declared interest that an officer has to decide on."""
    for each in declarations_of(member):
        if member.state == SeatState.DECLARED and each.decided_at is None and each.what:
            return each
    return None


def named_partners(evaluation: Evaluation) -> dict[UUID, list[str]]:
    """The partners that the opened bids name, by bid; nothing else of them."""
    found = select(OpenedPartner.bid_id, OpenedPartner.name).join(Bid)
    names: dict[UUID, list[str]] = {}
    for bid_id, name in db.session.execute(found.where(Bid.lot_id == evaluation.lot_id)):
        names.setdefault(bid_id, []).append(name)
    return {bid_id: sorted(listed) for bid_id, listed in names.items()}


def reminded_at(members: Sequence[PanelMember]) -> dict[UUID, datetime]:
    """When each of these evaluators was last written to about what is missing."""
    found = select(PanelReminder.member_id, func.max(PanelReminder.sent_at))
    wanted = PanelReminder.member_id.in_([member.id for member in members])
    return _by_id(found.where(wanted).group_by(PanelReminder.member_id))


def own_seats(by: Acting) -> list[PanelMember]:
    """The seats on panels that are scoring where this person still has something to do, bounded."""
    found = (
        select(PanelMember)
        .join(Evaluation)
        .where(
            PanelMember.person_id == by.person_id,
            PanelMember.organisation_id == by.organisation_id,
            PanelMember.state.in_(UNFINISHED),
            Evaluation.state == EvaluationState.SCORING,
            or_(
                PanelMember.state == SeatState.ASSIGNED,
                ~is_tied(by.person_id, Evaluation.lot_id),
            ),
        )
        .options(joinedload(PanelMember.evaluation).joinedload(Evaluation.lot))
        .order_by(Evaluation.scores_due_on, PanelMember.id)
        .limit(MOST_WAITING)
    )
    return list(db.session.scalars(found))


def run_in_scoring(by: Acting) -> list[Evaluation]:
    """The organisation's evaluations whose panels are scoring, first due first; bounded."""
    found = (
        select(Evaluation)
        .join(Lot)
        .where(
            Lot.lead_buyer_id == by.organisation_id,
            Evaluation.state == EvaluationState.SCORING,
            ~is_tied(by.person_id, Evaluation.lot_id),
        )
        .options(
            joinedload(Evaluation.lot).selectinload(Lot.criteria), selectinload(Evaluation.panel)
        )
        .order_by(Evaluation.scores_due_on, Evaluation.id)
        .limit(MOST_WAITING)
    )
    return list(db.session.scalars(found))
