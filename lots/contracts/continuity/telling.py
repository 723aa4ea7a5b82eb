"""Who hears of an act on the buying side: both parties and whoever pays a share; no personal data.

Practitioners are told by the floor above, which knows whose case is whose.
"""

from __future__ import annotations

from lots.contracts import mails
from lots.contracts.changes.terms import shares_of
from lots.contracts.continuity.models import ContinuityAct
from lots.contracts.continuity.permissions import DECIDERS
from lots.contracts.models import Side
from lots.contracts.permissions import AUTHORITY, MANAGERS
from lots.funding.mails import addresses
from marketplace import outbox
from marketplace.acting import Role

PROVIDERS = (*AUTHORITY[Side.PROVIDER], Role.SERVICE_MANAGER)
FUNDERS = (Role.COMMISSIONER_LEAD, Role.DECISION_MAKER, Role.CONTRACT_MANAGER, Role.DIRECTOR)


def tell_deciders(act: ContinuityAct) -> None:
    """Ask whoever may confirm that a contract ends."""
    _tell(act, "proposed", {Side.BUYER: DECIDERS})


def tell_both_sides(act: ContinuityAct, what: str, **facts: bool) -> None:
    """Tell the provider, and the buyer's managers and director."""
    roles = {Side.BUYER: (*MANAGERS, *DECIDERS), Side.PROVIDER: PROVIDERS}
    _tell(act, what, roles, **facts)


def tell_managers(act: ContinuityAct, what: str, **facts: int) -> None:
    """Tell the buyer's contract managers."""
    _tell(act, what, {Side.BUYER: MANAGERS}, **facts)


def _tell(act: ContinuityAct, what: str, roles: dict, **facts: int) -> None:
    mails.tell(
        act.contract,
        f"continuity/{what}",
        roles,
        act_id=str(act.id),
        kind=act.kind,
        day=act.effective_on.isoformat(),
        **facts,
    )


def tell_funders(act: ContinuityAct, what: str, **facts: bool) -> None:
    """Tell whoever else pays a share of the contract now."""
    payers = [each for each in shares_of(act.contract) if each != act.contract.buyer_id]
    for address in addresses(payers, FUNDERS):
        outbox.post(
            f"lots/contracts/mail/continuity/{what}.txt",
            to=address,
            subject_id=act.id,
            facts={
                "reference": act.contract.reference,
                "contract_id": str(act.contract_id),
                "kind": act.kind,
                "day": act.effective_on.isoformat(),
                **facts,
            },
        )
