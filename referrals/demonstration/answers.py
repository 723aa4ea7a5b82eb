"""Early ends that a provider proposed, one not agreed and one open; partners' people at work."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from lots.demonstration.lots import find
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, days_ago, key_of, on_the_day
from referrals.answering.assigning import assign
from referrals.codes import EndReason, ReferralState
from referrals.early_ends import actions
from referrals.early_ends.models import EarlyEndProposal
from referrals.models import Referral
from referrals.permissions import delivers

ENDS, ENDS_AREA = "homes-north-east", "durham"
SHARED = "women-north-east"
PARTNERS = ("second-street", "harbour")
PRACTITIONERS = 2
NOT_YET = "Has missed three sessions and does not answer. We think the work is over."
GOES_ON = "He was in hospital and is back. Please ring again; he asked for you."
MOVED_ON = "Has found a tenancy through a friend, with the deposit paid. Wants to stop here."


def build() -> None:
    """Tell of both, where it was not told yet."""
    with write():
        if db.session.scalar(select(EarlyEndProposal.id).limit(1)) is None:
            _propose()
        _share()


def _active(lot_key: str, area_code: str | None = None) -> Sequence[Referral]:
    """The cases being delivered under a lot, the earliest first."""
    lot = find(lot_key)
    if lot is None:
        return []
    wanted = (
        select(Referral)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .join(Contract, Contract.id == ContractArea.contract_id)
        .where(Contract.lot_id == lot.id, Referral.state == ReferralState.ACTIVE)
        .order_by(Referral.sent_at, Referral.id)
    )
    if area_code is not None:
        wanted = wanted.where(ContractArea.area_code == area_code)
    return db.session.scalars(wanted).all()


def _propose() -> None:
    cases = [each for each in _active(ENDS, ENDS_AREA) if not each.is_restricted]
    if len(cases) < 2:
        return
    caseworker = acting_for(key_of(cases[0].provider_id), Role.CASEWORKER)
    with on_the_day(days_ago(15)):
        first = actions.propose(cases[0].id, EndReason.NOT_ENGAGED, NOT_YET, caseworker)
    with on_the_day(days_ago(14)):
        actions.disagree(cases[0].id, first.id, GOES_ON, _owner(cases[0]))
    with on_the_day(days_ago(1)):
        actions.propose(cases[1].id, EndReason.NEEDS_MET_ELSEWHERE, MOVED_ON, caseworker)


def _owner(referral: Referral) -> Acting:
    """Its practitioner, or who sent it from the prison."""
    found = [acting_for("north-east", Role.PRACTITIONER, each) for each in range(PRACTITIONERS)]
    found.append(acting_for("prison", Role.PRISON_PRACTITIONER))
    return next(each for each in found if each.person_id == referral.owner_id)


def _share() -> None:
    """The lead has a partner's caseworker work with its own on every case in the partner's area."""
    for referral in _active(SHARED):
        manager = acting_for(key_of(referral.provider_id), Role.SERVICE_MANAGER)
        for key in PARTNERS:
            worker = acting_for(key, Role.CASEWORKER)
            if delivers(worker, referral):
                with on_the_day(days_ago(10)):
                    assign(referral.id, worker.person_id, manager)
