"""Reading what somebody funds, and the funds they keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from lots.competition.models import Competition
from lots.contracts.models import Contract
from lots.funding.models import TAKES_PART, Fund, LotFunder
from lots.funding.parties import funds_of, must_sign
from lots.funding.permissions import FundingPermission
from lots.models import Lot, LotArea
from lots.vocabulary import EDITABLE, LotState, Source
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed

MOST_CHANGES = 50
_WHOLE = (
    selectinload(Lot.criteria),
    selectinload(Lot.questions),
    selectinload(Lot.outcomes),
    selectinload(Lot.demands),
    selectinload(Lot.documents),
    joinedload(Lot.fund),
    joinedload(Lot.competition).selectinload(Competition.lots),
)


def funded_lots(by: Acting) -> Page:
    """The lots that the organisation acted for funds, is asked to fund, or must co-sign."""
    return paged(
        _lots(by)
        .options(*_WHOLE)
        .where(Lot.state.not_in((LotState.CANCELLED, LotState.NO_AWARD)))
        .order_by(Lot.created_at.desc(), Lot.reference)
    )


def waiting_lots(by: Acting, most: int = 25) -> Sequence[Lot]:
    """Of these lots the drafts and planned ones, with what a signature is of."""
    found = _lots(by).where(Lot.state.in_(EDITABLE)).options(*_WHOLE)
    return db.session.scalars(found.order_by(Lot.created_at, Lot.id).limit(most)).all()


def to_cosign(by: Acting, state: LotState, most: int = 25) -> Sequence[Lot]:
    """The lots in this state that the organisation acted for must co-sign."""
    found = _lots(by).where(Lot.state == state).order_by(Lot.created_at, Lot.id).limit(most)
    return [lot for lot in db.session.scalars(found) if must_sign(by, lot)]


def funded_lot(lot_id: UUID, by: Acting) -> Lot:
    """One of these lots with everything that it says. Raises NotYours."""
    lot = db.session.scalars(_lots(by).where(Lot.id == lot_id).options(*_WHOLE)).one_or_none()
    if lot is None or not allowed(by, FundingPermission.SEE, lot):
        raise NotYours(lot_id)
    return lot


def _lots(by: Acting) -> Any:
    lead = aliased(Organisation)
    return (
        select(Lot)
        .join(lead, Lot.lead_buyer_id == lead.id)
        .where(
            Lot.source == Source.OWN,
            Lot.lead_buyer_id != by.organisation_id,
            or_(_funds(by), _must_sign(by, lead)),
        )
        .options(
            contains_eager(Lot.lead_buyer.of_type(lead)),
            selectinload(Lot.areas),
            selectinload(Lot.funders),
            selectinload(Lot.signatures),
            selectinload(Lot.overrides),
        )
    )


def _funds(by: Acting) -> ColumnElement[bool]:
    return Lot.funders.any(
        and_(LotFunder.organisation_id == by.organisation_id, LotFunder.state.in_(TAKES_PART))
    )


def _must_sign(by: Acting, lead: Any) -> ColumnElement[bool]:
    """The list filter of `parties.co_signing_regions`."""
    if by.organisation_kind != OrganisationKind.REGION or by.region_code is None:
        return false()
    own = select(Organisation.is_demonstration).where(Organisation.id == by.organisation_id)
    elsewhere = Lot.areas.any(LotArea.region_code != by.region_code)
    return and_(
        Lot.is_demonstration == own.scalar_subquery(),
        Lot.areas.any(LotArea.region_code == by.region_code),
        or_(lead.region_code.is_(None), lead.region_code != by.region_code),
        or_(lead.kind == OrganisationKind.REGION, elsewhere),
    )


def contract_of(lot: Lot) -> tuple[Contract, str] | None:
    """The contract or grant agreement of a funded lot, and its provider's name."""
    found = (
        select(Contract, Organisation.name)
        .join(Organisation, Organisation.id == Contract.provider_id)
        .where(Contract.lot_id == lot.id)
    )
    row = db.session.execute(found).first()
    return (row[0], row[1]) if row else None


def _kept_by(by: Acting) -> ColumnElement[bool]:
    """The list filter of `permissions.sees_fund`."""
    if by.has(Role.AUDITOR):
        return true()
    return funds_of(db.session.get_one(Organisation, by.organisation_id))


def funds(by: Acting) -> Page:
    """The funds of the organisation acted for, by name; all of them for the national auditor."""
    return paged(select(Fund).where(_kept_by(by)).order_by(Fund.name, Fund.id))


def fund(fund_id: UUID, by: Acting) -> Fund:
    """One fund. Raises NotYours."""
    found = db.session.scalars(select(Fund).where(Fund.id == fund_id)).one_or_none()
    if found is None or not allowed(by, FundingPermission.SEE_FUNDS, found):
        raise NotYours(fund_id)
    return found


def lots_of(shown: Fund) -> Page:
    """The lots that draw on a fund, newest first."""
    drawn = select(Lot).where(Lot.fund_id == shown.id)
    return paged(drawn.order_by(Lot.created_at.desc(), Lot.reference))


def choosable(buyer: Organisation, chosen: UUID | None) -> Sequence[Fund]:
    """A buyer's funds that are in force or about to be, and the one chosen already."""
    lasting = or_(Fund.valid_to.is_(None), Fund.valid_to >= clock.today())
    found = select(Fund).where(funds_of(buyer), or_(lasting, Fund.id == chosen)).order_by(Fund.name)
    return db.session.scalars(found).all()


def changes(shown: Fund) -> list[tuple[AuditEvent, str]]:
    """What was done to a fund and by whom, the latest first."""
    found = (
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.person_id)
        .where(
            AuditEvent.subject_kind == Fund.__tablename__, AuditEvent.subject_id == str(shown.id)
        )
        .order_by(AuditEvent.number.desc())
        .limit(MOST_CHANGES)
    )
    return [(event, name or "") for event, name in db.session.execute(found)]
