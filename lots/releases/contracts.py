"""Contracts in life as releases and notices: signed, paid, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lots.contracts import lifecycle
from lots.contracts.claims.lifecycle import PAY
from lots.contracts.claims.models import Claim
from lots.contracts.continuity.lifecycle import TAKE_EFFECT
from lots.contracts.continuity.models import (
    ENDS_CONTRACT,
    ActKind,
    ActReason,
    ActState,
    ContinuityAct,
)
from lots.contracts.models import Contract, ContractArea
from lots.models import Lot
from lots.notices.models import Notice
from lots.notices.posting import post
from lots.notices.vocabulary import NoticeKind
from lots.releases import awards
from lots.releases import parties as organisations
from lots.releases.models import Release
from lots.releases.values import first_moment, moment, value
from lots.releases.writing import Part, release
from lots.vocabulary import Source
from marketplace import calendar, events
from marketplace.acting import Acting
from marketplace.areas.queries import area_names
from marketplace.database import db, when_done
from marketplace.organisations.models import Organisation

NOTED = "paid claims to tell of"


def tell_contract(
    contract: Contract,
    tags: list[str],
    *,
    kind: NoticeKind | None = None,
    facts: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
    award: dict[str, Any] | None = None,
    notices: Iterable[Notice | None] = (),
    at: datetime | None = None,
) -> None:
    """Publish something new about a contract: `more` is added to its section, `award` to its
    award's. With a `kind` the notice is posted too, with its `facts`."""
    lot = db.session.get_one(Lot, contract.lot_id)
    number = awards.rounds(lot.id)
    section = awards.contract_section(contract, lot, number) | (more or {})
    fragment: dict[str, Any] = {"contracts": [section]}
    if award is not None:
        fragment["awards"] = [awards.award_section(contract, lot, number) | award]
    parts: list[Part] = [(awards.supplier_of(contract), organisations.SUPPLIER)]
    notice = _notice(contract, lot, kind, facts or {}) if kind else None
    release(
        lot,
        tags,
        fragment,
        parts=parts,
        contract=contract,
        notice=notice,
        notices=notices,
        at=at,
    )


def _notice(contract: Contract, lot: Lot, kind: NoticeKind, more: dict[str, Any]) -> Notice | None:
    """A notice about a contract with what stands in it now; none for published awards."""
    if contract.source == Source.PUBLISHED:
        return None
    facts = {
        "contract": contract.reference,
        "supplier": awards.supplier_of(contract).name,
        "contract_value_pence": contract.value_pence,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "signed_at": contract.signed_at,
    }
    return post(lot, kind, facts | more, contract.id)


def signed(contract: Contract, by: Acting | None) -> None:
    """Both sides have signed: award and contract are active (UK7)."""
    tags = ["awardUpdate", "contractUpdate"]
    tell_contract(contract, tags, kind=NoticeKind.DETAILS, award={"status": "active"})


def over(contract: Contract, by: Acting | None) -> None:
    """A contract has run out, or was terminated before its last day (UK11; UK9 after a breach)."""
    ended = contract.terminated_at or contract.ended_at
    facts = {"ended_on": calendar.day_of(ended) if ended else contract.ends_on}
    reason = _reason(contract) if contract.terminated_at else None
    breach = None
    if reason == ActReason.PERFORMANCE:
        lot = db.session.get_one(Lot, contract.lot_id)
        breach = _notice(contract, lot, NoticeKind.PERFORMANCE, facts)
    why = "Terminated before its last day" if contract.terminated_at else "Ended on its last day"
    more = {
        "terminationRationale": why,
        "terminationRationaleClassification": {"scheme": "DFM", "id": reason} if reason else None,
    }
    kind = NoticeKind.CONTRACT_END
    tags = ["contractTermination"]
    tell_contract(contract, tags, kind=kind, facts=facts, more=more, notices=[breach])


def _reason(contract: Contract) -> str | None:
    """The coded reason of the notice by which a whole contract ended.

    Not of one that was only proposed, or taken back, nor of a suspension.
    """
    acts = select(ContinuityAct.reason).where(
        ContinuityAct.contract_id == contract.id,
        ContinuityAct.kind.in_(ENDS_CONTRACT),
        ContinuityAct.state == ActState.COMPLETED,
    )
    return db.session.scalar(acts.order_by(ContinuityAct.notice_at.desc()).limit(1))


def area_left(act: ContinuityAct, by: Acting | None) -> None:
    """One area has left a contract that runs on elsewhere."""
    if act.contract_area_id is None or act.kind != ActKind.AREA_LOSS:
        return
    area = db.session.get_one(ContractArea, act.contract_area_id)
    place = area_names().get(area.area_code) if area.area_code else None
    amendment = {
        "id": f"{act.contract.reference}-{area.area_code or area.region_code}",
        "date": first_moment(act.effective_on),
        "rationale": act.reason,
        "description": f"No longer in: {place or area.region_code}",
    }
    tell_contract(act.contract, ["contractAmendment"], more={"amendments": [amendment]})


def paid(claim: Claim, by: Acting | None) -> None:
    """A month's claim was paid: it is told of when its write is done."""
    db.session().info.setdefault(NOTED, []).append(claim)


def _tell_paid(session: Session) -> None:
    """By process, because people record payments of many contracts at once, in any order."""
    claims: list[Claim] = session.info.pop(NOTED, [])
    for claim in sorted(claims, key=lambda each: _subject(each.contract)):
        _transaction(claim)


def _subject(contract: Contract) -> UUID:
    """What the contract's process is of."""
    lot = db.session.get_one(Lot, contract.lot_id)
    return lot.competition_id or lot.id


def _transaction(claim: Claim) -> None:
    """A transaction of the contract, with VAT."""
    contract = claim.contract
    buyer = db.session.get_one(Organisation, contract.buyer_id)
    transaction = {
        "id": f"{contract.reference}-{claim.month:%Y-%m}{'-advance' if claim.is_advance else ''}",
        "date": moment(claim.paid_at),
        "value": value(claim.total_pence + claim.vat_pence),
        "payer": organisations.reference(buyer),
        "payee": organisations.reference(awards.supplier_of(contract)),
    }
    deliver(contract, {"transactions": [transaction]})


def deliver(contract: Contract, implementation: dict[str, Any]) -> None:
    """Publish something of a contract's delivery: transactions, milestones, metrics."""
    told = db.session.scalars(select(Release.tags).where(Release.contract_id == contract.id))
    before = any("implementation" in each for each in told)
    tag = "implementationUpdate" if before else "implementation"
    tell_contract(contract, [tag], more={"implementation": implementation})


def register(app: Flask) -> None:
    """Hear of every step of a contract that is published."""
    events.when(app, lifecycle.COMPLETE_SIGNING, signed)
    events.when(app, lifecycle.END, over)
    events.when(app, lifecycle.TERMINATE, over)
    events.when(app, TAKE_EFFECT, area_left)
    events.when(app, PAY, paid)
    when_done(app, _tell_paid)
