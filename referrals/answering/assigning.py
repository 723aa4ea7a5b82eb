"""Who works on a case: several people, of the provider or of the partner in that area."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.models import ContractArea
from lots.contracts.partners.models import ContractPartner
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import notices
from referrals.answering.queries import employer_of
from referrals.models import Caseworker, Referral
from referrals.permissions import ReferralPermission, leads
from referrals.queries import locked


def assign(referral_id: UUID, person_id: UUID, by: Acting) -> Referral:
    """Have somebody work on the case, besides those who do already; they are told.

    The provider chooses among its own people and those of its partners in the area, a partner
    among its own. Raises NotYours, Refused, Refusal where the person delivers for none of these
    or the case has ended.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.ASSIGN, referral)
    refuse_ended(referral)
    employer = employer_of(person_id, referral, by)
    if employer is None:
        raise Refusal(_("Choose somebody of your organisation who delivers services."))
    if add_caseworker(referral, person_id, employer):
        audit.record("referral:assign", subject=referral, by=by, facts={"caseworker": person_id})
        if person_id != by.person_id:
            notices.tell_person("assigned", referral, person_id)
    return referral


def refuse_ended(referral: Referral) -> None:
    """Raise Refusal for a case that is over: nobody begins to work on it."""
    if referral.ended_at is not None:
        raise Refusal(_("This case has ended. Nobody can be assigned to it any more."))


def unassign(referral_id: UUID, person_id: UUID, by: Acting) -> Referral:
    """Have somebody no longer work on the case; they are told.

    A partner takes its own people off only. Raises NotYours, Refused.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.ASSIGN, referral)
    working = [
        Caseworker.referral_id == referral.id,
        Caseworker.person_id == person_id,
        Caseworker.until.is_(None),
    ]
    if not leads(by, referral):
        working.append(Caseworker.organisation_id == by.organisation_id)
    ended = db.session.scalars(
        update(Caseworker)
        .where(*working)
        .values(until=clock.now())
        .returning(Caseworker.id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        audit.record("referral:unassign", subject=referral, by=by, facts={"caseworker": person_id})
        if person_id != by.person_id:
            notices.tell_person("unassigned", referral, person_id)
    return referral


def add_caseworker(referral: Referral, person_id: UUID, organisation_id: UUID) -> bool:
    """Write down that somebody works on a locked case; False where they do already."""
    works_already = db.session.scalar(
        select(Caseworker.id).where(
            Caseworker.referral_id == referral.id,
            Caseworker.person_id == person_id,
            Caseworker.until.is_(None),
        )
    )
    if works_already is not None:
        return False
    db.session.execute(
        insert(Caseworker.__table__).values(
            id=new_id(),
            referral_id=referral.id,
            person_id=person_id,
            organisation_id=organisation_id,
            since=clock.now(),
        )
    )
    return True


def partners_changed(change: ContractChange, by: Acting | None) -> None:
    """The handler of a change in force: whoever worked for a partner that left no longer does."""
    if change.kind != ChangeKind.PARTNERS:
        return
    gone = select(ContractPartner.organisation_id).where(
        ContractPartner.contract_id == change.contract_id, ContractPartner.removed_at.is_not(None)
    )
    cases = (
        select(Referral.id)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .where(ContractArea.contract_id == change.contract_id)
    )
    db.session.execute(
        update(Caseworker)
        .where(
            Caseworker.until.is_(None),
            Caseworker.organisation_id.in_(gone),
            Caseworker.referral_id.in_(cases),
        )
        .values(until=clock.now())
        .execution_options(synchronize_session=False)
    )
