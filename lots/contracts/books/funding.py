"""Who pays for a contract: their accounts, and what each has promised; pence with VAT."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from lots.contracts.books.models import ContractFunding, FundingPromise
from lots.contracts.changes.terms import by_shares, shares_of
from lots.contracts.models import Contract
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.payments import actions as ledger
from marketplace.payments.models import AccountKind

Fundings = dict[UUID, ContractFunding]


def vat_on(contract: Contract, net: int) -> int:
    """The VAT on a net sum under this contract, in pence, half a penny up."""
    return (net * contract.vat_percent + 50) // 100


def promise(contract: Contract, by: Acting | None) -> Fundings:
    """Bring what each funder promises to its share of the contract's value as it stands now.

    Run at signing, when a change comes into force, and before anything is owed; a second run
    changes nothing. Returns who pays, by organisation, the buyer always among them. Locks the
    contract.
    """
    db.session.scalar(select(Contract.id).where(Contract.id == contract.id).with_for_update())
    _open_accounts(contract)
    whole = contract.value_pence + vat_on(contract, contract.value_pence)
    shares = by_shares(shares_of(contract), whole)
    fundings = fundings_of(contract)
    for organisation_id, pence in shares.items():
        if organisation_id not in fundings and (pence or organisation_id == contract.buyer_id):
            fundings[organisation_id] = _open_funding(contract, organisation_id)
    promised = promised_by(fundings)
    for organisation_id, funding in fundings.items():
        more = shares.get(organisation_id, 0) - promised.get(funding.id, 0)
        if more:
            _promise(contract, funding, more, by)
    return fundings


def fundings_of(contract: Contract) -> Fundings:
    """Everybody who pays or has paid for this contract, by organisation."""
    found = select(ContractFunding).where(ContractFunding.contract_id == contract.id)
    return {each.organisation_id: each for each in db.session.scalars(found)}


def promised_by(fundings: Fundings) -> dict[UUID, int]:
    """What each of these promises now, by the funding's id."""
    sums = (
        select(FundingPromise.funding_id, func.sum(FundingPromise.pence))
        .where(FundingPromise.funding_id.in_([each.id for each in fundings.values()]))
        .group_by(FundingPromise.funding_id)
    )
    return {funding_id: int(pence) for funding_id, pence in db.session.execute(sums)}


def _open_accounts(contract: Contract) -> None:
    """A contract that was drawn up before it had these two gets them when they are needed."""
    if contract.vat_account_id is None:
        contract.vat_account_id = ledger.open_account(AccountKind.VAT).id
    if contract.funded_account_id is None:
        contract.funded_account_id = ledger.open_account(AccountKind.FUNDED).id


def _open_funding(contract: Contract, organisation_id: UUID) -> ContractFunding:
    funding = ContractFunding(
        id=new_id(),
        contract_id=contract.id,
        organisation_id=organisation_id,
        commitment_account_id=ledger.open_account(AccountKind.COMMITMENT).id,
        due_account_id=ledger.open_account(AccountKind.CONTRIBUTION_DUE).id,
        received_account_id=ledger.open_account(AccountKind.CONTRIBUTION_RECEIVED).id,
        disputed_account_id=ledger.open_account(AccountKind.DISPUTED).id,
    )
    db.session.add(funding)
    db.session.flush()
    return funding


def _promise(contract: Contract, funding: ContractFunding, more: int, by: Acting | None) -> None:
    assert contract.funded_account_id is not None  # opened before
    row = FundingPromise(id=new_id(), funding_id=funding.id, pence=more, at=clock.now())
    db.session.add(row)
    db.session.flush()
    commitment, funded = funding.commitment_account_id, contract.funded_account_id
    if more > 0:
        cause = ledger.Cause("funding:promised", row.id)
        ledger.post(debit=commitment, credit=funded, pence=more, cause=cause, by=by)
    else:
        cause = ledger.Cause("funding:lowered", row.id)
        ledger.post(debit=funded, credit=commitment, pence=-more, cause=cause, by=by)
