"""Read the radar, and the lessons of a contract for whoever drafts what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lots.contracts import queries as contracts
from lots.contracts.changes.models import ChangeState, ContractChange
from lots.contracts.delivery.models import PriceReview
from lots.contracts.delivery.queries import Total, reviews_of, total_of
from lots.contracts.models import Contract
from lots.contracts.renewal.actions import current
from lots.contracts.renewal.models import Choice, RenewalDecision
from lots.contracts.renewal.permissions import RenewalPermission
from lots.contracts.renewal.radar import band_of, watched
from lots.models import Lot
from lots.pipeline import anonymous
from lots.pipeline.anonymous import Figures
from lots.pipeline.vocabulary import Subject
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed


@dataclass(frozen=True)
class Blip:
    """One line of the radar."""

    contract: Contract
    title: str
    provider: str
    band: int | None
    choice: Choice | None
    lot: Lot | None


def radar(by: Acting) -> tuple[Page, list[Blip]]:
    """The buyer's running contracts by their last day, by page; two statements."""
    found = (
        select(Contract, Lot.title, Organisation.name)
        .join(Lot, Lot.id == Contract.lot_id)
        .join(Organisation, Organisation.id == Contract.provider_id)
        .where(*watched())
        .order_by(Contract.ends_on, Contract.reference)
    )
    if not by.has(Role.AUDITOR):
        found = found.where(Contract.buyer_id == by.organisation_id)
    page = paged(found)
    decisions = _decisions([row[0].id for row in page.items])
    today = clock.today()
    blips = []
    for contract, title, provider in page.items:
        decision = decisions.get((contract.id, contract.ends_on))
        blips.append(
            Blip(
                contract,
                title,
                provider,
                band_of(contract.ends_on, today),
                decision.choice if decision else None,
                decision.lot if decision else None,
            )
        )
    return page, blips


def _decisions(ids: list[UUID]) -> dict[tuple[UUID, date], RenewalDecision]:
    found = (
        select(RenewalDecision)
        .where(RenewalDecision.contract_id.in_(ids), RenewalDecision.replaced_at.is_(None))
        .options(joinedload(RenewalDecision.lot))
    )
    return {(each.contract_id, each.ends_on): each for each in db.session.scalars(found)}


def contract(contract_id: UUID, by: Acting) -> Contract:
    """One contract whose next step this person may see. Raises NotYours."""
    found = contracts.contract(contract_id, by)
    if not allowed(by, RenewalPermission.SEE, found):
        raise NotYours(contract_id)
    return found


def standing(contract: Contract) -> RenewalDecision | None:
    """The decision for the contract's present last day."""
    found = current(contract.id)
    return found if found is not None and found.ends_on == contract.ends_on else None


def decisions_of(contract: Contract) -> Sequence[RenewalDecision]:
    """Every decision taken, the newest first."""
    found = select(RenewalDecision).where(RenewalDecision.contract_id == contract.id)
    return db.session.scalars(found.order_by(RenewalDecision.decided_at.desc())).all()


def decision_behind(lot_id: UUID) -> RenewalDecision | None:
    """The decision that a lot came from, with its contract."""
    found = select(RenewalDecision).where(RenewalDecision.lot_id == lot_id)
    return db.session.scalars(found.options(joinedload(RenewalDecision.contract))).one_or_none()


@dataclass(frozen=True)
class Lessons:
    """What the last lot and its contract taught."""

    total: Total
    reviews: Sequence[PriceReview]
    changes: Sequence[ContractChange]
    viability: Figures | None
    why_not: Figures | None
    note: str


def lessons_of(contract: Contract, note: str = "") -> Lessons:
    """Everything known of how a contract went; nothing about a person."""
    in_force = select(ContractChange).where(
        ContractChange.contract_id == contract.id, ContractChange.state == ChangeState.IN_FORCE
    )
    return Lessons(
        total=total_of(contract.id),
        reviews=reviews_of(contract),
        changes=db.session.scalars(in_force.order_by(ContractChange.number)).all(),
        viability=anonymous.figures(contract.lot_id, Subject.VIABILITY),
        why_not=anonymous.figures(contract.lot_id, Subject.WHY_NOT),
        note=note,
    )
