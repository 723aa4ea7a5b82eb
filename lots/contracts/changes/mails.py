"""Mails about changes: to whoever must sign, and to everybody a change binds."""

from __future__ import annotations

from uuid import UUID

from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.changes.permissions import OF_PROVIDERS, PROPOSERS, authority_of
from lots.contracts.models import Side
from lots.funding.mails import addresses
from marketplace import outbox


def to_sign(change: ContractChange) -> None:
    """Ask the people whose names bind each party."""
    for party in change.parties:
        _post(change, "to_sign", addresses([party.organisation_id], authority_of(party)))


def told(change: ContractChange, template: str) -> None:
    """Tell everybody it binds what became of it; a partner that leaves too."""
    reached: set[str] = set()
    for party in change.parties:
        side = Side.PROVIDER if party.capacity in OF_PROVIDERS else Side.BUYER
        reached.update(addresses([party.organisation_id], PROPOSERS[side]))
    _post(change, template, sorted(reached))
    if template == "in_force" and change.kind == ChangeKind.PARTNERS:
        staying = {row[0] for row in change.after["partners"]}
        left = [UUID(row[0]) for row in change.before["partners"] if row[0] not in staying]
        _post(change, "left", addresses(left, PROPOSERS[Side.PROVIDER]))


def _post(change: ContractChange, template: str, to: list[str]) -> None:
    for address in to:
        outbox.post(
            f"lots/contracts/changes/mail/{template}.txt",
            to=address,
            subject_id=change.id,
            facts={
                "reference": change.contract.reference,
                "number": change.number,
                "change_id": str(change.id),
                "contract_id": str(change.contract_id),
            },
        )
