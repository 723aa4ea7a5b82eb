"""Proposing a change, signing it, refusing or withdrawing it, and putting it in force on its day.

Locks: the contract's areas by id, then the contract, then the change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from lots.contracts import agreement, places
from lots.contracts.changes import mails
from lots.contracts.changes.applying import apply
from lots.contracts.changes.drafting import check_day, drafted
from lots.contracts.changes.endings import stands_against, under_notice, unnoticed
from lots.contracts.changes.lifecycle import (
    AGREE,
    CHANGE,
    CHANGEABLE,
    IN_FORCE,
    LAPSE,
    REFUSE,
    WITHDRAW,
    day_reached,
)
from lots.contracts.changes.models import (
    OPEN,
    Capacity,
    ChangeKind,
    ChangeParty,
    ChangeState,
    ContractChange,
)
from lots.contracts.changes.permissions import ChangePermission, authority_of, party_of
from lots.contracts.changes.terms import shares_of
from lots.contracts.changes.writing import write_text
from lots.contracts.continuity.agreed import change_agreed
from lots.contracts.models import Contract, ContractArea
from lots.contracts.permissions import side_of
from lots.funding.parties import signers
from lots.models import Lot
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check
from marketplace.web.filters import shown_date


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes; `asked` is what the kind's form has read."""

    kind: ChangeKind
    asked: dict[str, Any]
    reason: str
    effective_on: date


def propose(contract_id: UUID, proposal: Proposal, by: Acting) -> ContractChange:
    """Write a change down with its text, and ask everybody it binds to sign.

    Raises Refused, Refusal while another change is open, and where the change is none.
    """
    contract = db.session.get_one(
        Contract, contract_id, with_for_update=True, populate_existing=True
    )
    check(by, ChangePermission.PROPOSE, contract)
    changeable(contract, proposal.kind)
    check_day(contract, proposal.effective_on)
    asked = proposal.asked | {"effective_on": proposal.effective_on}
    before, after = drafted(contract, proposal.kind, asked)
    _refuse(under_notice(contract, proposal.kind, bool(after.get("joined"))))
    side = side_of(by, contract)
    assert side is not None  # the permission has made sure
    change = ContractChange(
        id=new_id(),
        contract_id=contract.id,
        contract=contract,
        number=1 + _count(contract),
        kind=proposal.kind,
        before=before,
        after=after,
        reason=proposal.reason,
        effective_on=proposal.effective_on,
        proposed_by_id=by.person_id,
        proposed_side=side,
        proposed_at=clock.now(),
    )
    change.parties = _parties(contract, change)
    db.session.add(change)
    db.session.flush()
    change.text = write_text(change)
    change.text_hash = agreement.hash_of(change.text)
    audit.record("contract_change:proposed", subject=change, by=by, facts={"kind": proposal.kind})
    mails.to_sign(change)
    return change


def _refuse(problem: Any) -> None:
    if problem:
        raise Refusal(problem)


def changeable(contract: Contract, kind: ChangeKind | None = None) -> None:
    """Raise Refusal for a contract that does not run, or while another change is open.

    Also where a change of this kind cannot be made while the contract is being ended.
    """
    if contract.state not in CHANGEABLE:
        raise Refusal(_("A contract can be changed once both sides have signed, until it ends."))
    _refuse(under_notice(contract, kind) if kind else None)
    other = select(ContractChange).where(
        ContractChange.contract_id == contract.id, ContractChange.state.in_(OPEN)
    )
    found = db.session.scalars(other).one_or_none()
    if found is None:
        return
    if found.state == ChangeState.AGREED:
        raise Refusal(
            _(
                "Change %(number)s is signed and in force from %(day)s. The next one can be "
                "proposed then, because it would start from what that one sets.",
                number=found.number,
                day=shown_date(found.effective_on),
            )
        )
    raise Refusal(
        _(
            "Change %(number)s waits for signatures. Have it signed, refused or withdrawn first: "
            "two changes at once would start from the same terms.",
            number=found.number,
        )
    )


def _count(contract: Contract) -> int:
    last = select(func.max(ContractChange.number)).where(ContractChange.contract_id == contract.id)
    return db.session.scalar(last) or 0


def _parties(contract: Contract, change: ContractChange) -> list[ChangeParty]:
    """Both sides; whoever pays a share before or after; regions it reaches into; new partners."""
    wanted: dict[UUID, Capacity] = {
        contract.buyer_id: Capacity.BUYER,
        contract.provider_id: Capacity.PROVIDER,
    }
    for organisation_id, capacity in (*_payers(contract, change), *_partners_anew(change)):
        wanted.setdefault(organisation_id, capacity)
    return [
        ChangeParty(id=new_id(), organisation_id=each, capacity=capacity, position=place)
        for place, (each, capacity) in enumerate(wanted.items())
    ]


def _payers(contract: Contract, change: ContractChange) -> Iterable[tuple[UUID, Capacity]]:
    from_terms = change.after.get("shares"), change.before.get("shares")
    shares = [row for rows in from_terms for row in rows or ()]
    if not any(from_terms):
        shares = [[str(each), pence] for each, pence in shares_of(contract).items()]
    yield from ((UUID(key), Capacity.FUNDER) for key, pence in shares if pence)
    for signer in signers(db.session.get_one(Lot, contract.lot_id)):
        for each in sorted(signer.organisation_ids)[:1]:
            yield each, Capacity.REGION


def _partners_anew(change: ContractChange) -> Iterable[tuple[UUID, Capacity]]:
    """Partners whose promise is new or other than before; who leaves is told, not asked."""
    for key in ("partners", "promised"):
        before = change.before.get(key, [])
        for row in change.after.get(key, []):
            if row not in before:
                yield UUID(row[0]), Capacity.PARTNER


def sign(change_id: UUID, name: str, seen_hash: str, by: Acting) -> ContractChange:
    """Sign, with the typed name, exactly the text that was shown, for the organisation acted for.

    With the last signature the change is agreed, and in force where its day has come. Raises
    Refused, Refusal, or AlreadyChanged where the organisation has signed.
    """
    change, contract, areas = _locked(change_id)
    check(by, ChangePermission.SIGN, change)
    party = signable(change, by)
    if not agreement.hash_of(change.text) == change.text_hash == seen_hash:
        raise Refusal(
            _("The text is not the one that was shown to you. Open the change and read it again.")
        )
    if by.person_id in {each.person_id for each in change.parties}:
        raise Refusal(
            _("You have signed for another organisation. Somebody else must sign for this one.")
        )
    party.person_id, party.name, party.text_hash = by.person_id, name, seen_hash
    party.role = next(each for each in authority_of(party) if by.has(each))
    party.signed_at = clock.now()
    db.session.flush()
    facts = {"capacity": party.capacity, "sha256": seen_hash}
    audit.record("contract_change:signed", subject=change, by=by, facts=facts)
    if all(each.signed_at for each in change.parties):
        _agree(change, contract, areas, by)
    return change


def signable(change: ContractChange, by: Acting) -> ChangeParty:
    """The party that may sign now for the organisation acted for; its permission is checked.

    Raises AlreadyChanged where it has signed or the change is closed, Refusal where the contract
    can no longer be changed.
    """
    CHANGE.expect(AGREE, change)
    if change.contract.state not in CHANGEABLE:
        raise Refusal(_("This contract is ending or has ended, so it can no longer be changed."))
    _refuse(stands_against(change))
    party = party_of(by, change)
    assert party is not None  # the permission has made sure
    if party.signed_at is not None:
        raise AlreadyChanged(_("Your organisation has already signed this change."))
    return party


def _agree(
    change: ContractChange, contract: Contract, areas: list[ContractArea], by: Acting
) -> None:
    CHANGE.take(AGREE, change, by, facts={"agreed_at": clock.now()})
    agreement.keep(contract.id, change.number, change.text)
    if day_reached(change) is None:
        _put_in_force(change, contract, areas, by)
    else:
        mails.told(change, "agreed")


def _put_in_force(
    change: ContractChange, contract: Contract, areas: list[ContractArea], by: Acting | None
) -> None:
    apply(change, contract, areas)
    CHANGE.take(IN_FORCE, change, by, facts={"in_force_at": clock.now()})
    mails.told(change, "in_force")


def put_in_force(change_id: UUID) -> bool:
    """What a change's day brings: it is applied, or falls away where the contract has ended."""
    change, contract, areas = _locked(change_id)
    if contract.state not in CHANGEABLE:
        CHANGE.take(LAPSE, change, None, facts={"closed_at": clock.now()})
        return True
    if change.state != ChangeState.AGREED or change.effective_on > clock.today():
        return False
    if unnoticed(change):
        # Whatever became of the notice that stood behind it, the cases are asked about first.
        change_agreed(change, None)
        return not unnoticed(change)
    if day_reached(change) is not None:
        return False
    _put_in_force(change, contract, areas, None)
    return True


def refuse(change_id: UUID, because: str, by: Acting) -> ContractChange:
    """Say no for an organisation that must sign; the reason goes to everybody it binds."""
    change = _locked(change_id)[0]
    CHANGE.take(REFUSE, change, by, facts={"closed_at": clock.now(), "refused_because": because})
    mails.told(change, "refused")
    return change


def withdraw(change_id: UUID, by: Acting) -> ContractChange:
    """Take back a change that one's own side has proposed, before everybody has signed."""
    change = _locked(change_id)[0]
    CHANGE.take(WITHDRAW, change, by, facts={"closed_at": clock.now()})
    mails.told(change, "withdrawn")
    return change


def _locked(change_id: UUID) -> tuple[ContractChange, Contract, list[ContractArea]]:
    contract_id = db.session.get_one(ContractChange, change_id).contract_id
    contract, areas = places.locked_contract(contract_id)
    change = db.session.get_one(
        ContractChange, change_id, with_for_update=True, populate_existing=True
    )
    return change, contract, areas
