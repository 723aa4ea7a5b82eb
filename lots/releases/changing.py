"""Changes to an open lot, and to a contract in life, as amendments."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lots.competition.models import LotChange
from lots.competition.telling import Happening
from lots.competition.vocabulary import ChangeKind as LotChangeKind
from lots.contracts.changes.lifecycle import IN_FORCE
from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.models import Lot
from lots.notices.posting import last_notice
from lots.notices.vocabulary import NoticeKind, Regime
from lots.proportionality import policy_of
from lots.releases.contracts import tell_contract
from lots.releases.values import first_moment, moment
from lots.releases.writing import release
from lots.vocabulary import Source
from marketplace import events
from marketplace.acting import Acting
from marketplace.database import db

PROVIDED_FOR = {
    Regime.PCR_2015: {
        "scheme": "UKSI-2015-102",
        "id": "72(1)(a)",
        "description": "Provided for in the contract (Public Contracts Regulations 2015)",
    },
    Regime.ACT_2023: {
        "scheme": "UKPGA-2023-54",
        "id": "Schedule 8, paragraph 1",
        "description": "Provided for in the contract (Procurement Act 2023)",
    },
}


def lot_changed(change: LotChange, by: Acting | None) -> None:
    """Publish a change that was made to an open lot, or a closing that moved.

    What corrects words alone is an update: amendments are for what changes the sense.
    """
    lot = change.lot
    if change.kind == LotChangeKind.COSMETIC:
        release(lot, ["tenderUpdate"])
        return
    amendment = {
        "id": str(change.id),
        "date": moment(change.made_at),
        "rationale": change.why,
        "description": change.what,
        "relatedLots": [lot.reference],
    }
    notice = last_notice(lot.id, NoticeKind.CHANGE)
    release(lot, ["tenderAmendment"], tender={"amendments": [amendment]}, notice=notice)


def contract_changed(change: ContractChange, by: Acting | None) -> None:
    """Publish a contract's change once it is in force (UK10; F20)."""
    amendment: dict[str, Any] = {
        "id": f"{change.contract.reference}-{change.number}",
        "date": first_moment(change.effective_on),
        "rationale": change.reason,
        "description": change.kind,
        "rationaleClassifications": _classified(change),
    }
    facts = {"change": change.kind, "reason": change.reason, "effective_on": change.effective_on}
    tell_contract(
        change.contract,
        ["contractAmendment"],
        kind=NoticeKind.CONTRACT_CHANGE,
        facts=facts,
        more={"amendments": [amendment]},
    )


def _classified(change: ContractChange) -> list[dict[str, Any]]:
    """The law that a change rests on, where its kind says so: the contract provided for it."""
    if change.kind != ChangeKind.EXTENSION or change.contract.source == Source.PUBLISHED:
        return []
    lot = db.session.get_one(Lot, change.contract.lot_id)
    return [PROVIDED_FOR[Regime(policy_of(lot).regime)]]


def register(app: Flask) -> None:
    """Hear of every change that is made."""
    events.when(app, Happening.TOLD, lot_changed)
    events.when(app, IN_FORCE, contract_changed)
