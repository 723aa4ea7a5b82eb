"""A funder's part of something owed: due, invoiced, received, taken back, asked for again.

Each function changes the contribution's state and posts it, in one transaction; the caller has
asked whether `by` may (the invoice's room, or a job with `by` None). Each raises AlreadyChanged
where the contribution has left the state the step begins in: then nothing is posted.
"""

from __future__ import annotations

from uuid import UUID

from lots.contracts.books.funding import Fundings, fallen_due, left_of_promises
from lots.contracts.books.lifecycle import (
    ASK_AGAIN,
    CONTRIBUTION,
    GIVE_BACK,
    INVOICE,
    RECEIVE,
    REINSTATE,
    RELEASE,
    TAKE_BACK,
)
from lots.contracts.books.models import ContractFunding, Contribution, ContributionState
from lots.contracts.changes.terms import Shares, by_shares, shares_of
from lots.contracts.models import Contract
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.payments import actions as ledger


def share_out(
    contract: Contract, fundings: Fundings, cause: ledger.Cause, pence: int, by: Acting | None
) -> list[Contribution]:
    """Have everybody who pays for a contract owe its part of `pence` (with VAT), once for a cause.

    By the shares as they are now; the parts add up exactly. Nobody owes more than is left of its
    promise: what would is the buyer's. The buyer's own part is received at once.
    """
    parts = []
    for organisation_id, part in _within_promises(contract, fundings, pence).items():
        if not part:
            continue
        funding = fundings[organisation_id]
        contribution = _new(funding, cause, part, ContributionState.DUE)
        _post(contribution, "due", funding.due_account_id, funding.commitment_account_id, by)
        if organisation_id == contract.buyer_id:
            receive(contribution, by)
        parts.append(contribution)
    return parts


def _within_promises(contract: Contract, fundings: Fundings, pence: int) -> Shares:
    parts, left = by_shares(shares_of(contract), pence), left_of_promises(fundings)
    for organisation_id, part in parts.items():
        over = part - max(left.get(organisation_id, 0), 0)
        if organisation_id != contract.buyer_id and over > 0:
            parts[organisation_id] -= over
            parts[contract.buyer_id] += over
    return parts


def share_back(
    contract: Contract, fundings: Fundings, cause: ledger.Cause, pence: int, by: Acting | None
) -> list[Contribution]:
    """Have everybody who paid get its part of `pence` that came back to the buyer, once.

    By what each has contributed to the contract, whatever its share is now.
    """
    contributed = {key: max(part, 0) for key, part in fallen_due(fundings).items()}
    parts = []
    for organisation_id, part in by_shares(contributed, pence).items():
        if not part:
            continue
        funding = fundings[organisation_id]
        contribution = _new(funding, cause, part, ContributionState.TO_GIVE_BACK)
        commitment, due = funding.commitment_account_id, funding.due_account_id
        _post(contribution, "to_give_back", commitment, due, by)
        if organisation_id == contract.buyer_id:
            give_back(contribution, None)
        parts.append(contribution)
    return parts


def invoiced(contribution: Contribution, invoice_id: UUID, by: Acting | None) -> None:
    """It stands on this invoice now."""
    CONTRIBUTION.take(INVOICE, contribution, by, facts={"invoice_id": invoice_id})


def release(contribution: Contribution, by: Acting | None) -> None:
    """Its invoice was withdrawn: it is due again, for the next one."""
    CONTRIBUTION.take(RELEASE, contribution, by, facts={"invoice_id": None})


def receive(contribution: Contribution, by: Acting | None) -> None:
    """The money has come, and can be used."""
    CONTRIBUTION.take(RECEIVE, contribution, by, facts={"received_at": clock.now()})
    funding = contribution.funding
    _post(contribution, "received", funding.received_account_id, funding.due_account_id, by)


def take_back(contribution: Contribution, by: Acting | None) -> None:
    """The funder's bank took the money back after it had come."""
    CONTRIBUTION.take(TAKE_BACK, contribution, by)
    funding = contribution.funding
    _post(contribution, "taken_back", funding.disputed_account_id, funding.received_account_id, by)


def reinstate(contribution: Contribution, by: Acting | None) -> None:
    """The funder's bank gave back what it had taken back."""
    CONTRIBUTION.take(REINSTATE, contribution, by)
    funding = contribution.funding
    _post(contribution, "reinstated", funding.received_account_id, funding.disputed_account_id, by)


def ask_again(contribution: Contribution, by: Acting | None) -> Contribution:
    """Have what was taken back be due again, as a new contribution; returns that one."""
    CONTRIBUTION.take(ASK_AGAIN, contribution, by)
    funding = contribution.funding
    cause = ledger.Cause(contribution.cause_kind, contribution.cause_id)
    again = _new(
        funding, cause, contribution.pence, ContributionState.DUE, round=contribution.round + 1
    )
    _post(again, "asked_again", funding.due_account_id, funding.disputed_account_id, by)
    return again


def give_back(contribution: Contribution, by: Acting | None) -> None:
    """Its part of what came back has been given to the funder. Raises Refused."""
    CONTRIBUTION.take(GIVE_BACK, contribution, by, facts={"received_at": clock.now()})
    funding = contribution.funding
    _post(contribution, "given_back", funding.due_account_id, funding.received_account_id, by)


def _new(
    funding: ContractFunding,
    cause: ledger.Cause,
    pence: int,
    state: ContributionState,
    round: int = 1,
) -> Contribution:
    contribution = Contribution(
        id=new_id(),
        funding=funding,
        cause_kind=cause.kind,
        cause_id=cause.id,
        round=round,
        pence=pence,
        state=state,
        due_at=clock.now(),
    )
    db.session.add(contribution)
    db.session.flush()
    return contribution


def _post(
    contribution: Contribution, what: str, debit: UUID, credit: UUID, by: Acting | None
) -> None:
    cause = ledger.Cause(f"contribution:{what}", contribution.id)
    ledger.post(debit=debit, credit=credit, pence=contribution.pence, cause=cause, by=by)
