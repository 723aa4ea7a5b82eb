"""Who pays for a contract: their accounts, and what each has promised; pence with VAT."""

from __future__ import annotations

from collections.abc import Collection
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
from marketplace.payments.queries import balances

Fundings = dict[UUID, ContractFunding]


def vat_on(contract: Contract, net: int) -> int:
    """The VAT on a net sum under this contract, in pence, half a penny up."""
    return (net * contract.vat_percent + 50) // 100


def promise(contract: Contract, by: Acting | None) -> Fundings:
    """Settle what each funder promises of the contract's value, by its share as it stands now.

    Run at signing and when a change of the value or the shares comes into force: what fell due at
    the shares of then stays promised, and what is left of the value is promised by those of now.
    Returns who pays, by organisation, the buyer always among them. Locks the contract.
    """
    db.session.scalar(select(Contract.id).where(Contract.id == contract.id).with_for_update())
    _open_accounts(contract)
    fundings = fundings_of(contract)
    promised, fell_due = promised_by(_ids(fundings)), fallen_due(fundings)
    whole = contract.value_pence + vat_on(contract, contract.value_pence)
    left = by_shares(shares_of(contract), max(whole - sum(fell_due.values()), 0))
    for organisation_id, pence in left.items():
        if organisation_id not in fundings and (pence or organisation_id == contract.buyer_id):
            fundings[organisation_id] = _open_funding(contract, organisation_id)
    for organisation_id, funding in fundings.items():
        whole = fell_due.get(organisation_id, 0) + left.get(organisation_id, 0)
        more = whole - promised.get(funding.id, 0)
        if more:
            _promise(contract, funding, more, by)
    return fundings


def paying_for(contract: Contract, by: Acting | None) -> Fundings:
    """Who pays for a contract that owes something now; locks it.

    What they promise was settled by signatures; a contract of before the books gets it now.
    """
    db.session.scalar(select(Contract.id).where(Contract.id == contract.id).with_for_update())
    return fundings_of(contract) or promise(contract, by)


def fundings_of(contract: Contract) -> Fundings:
    """Everybody who pays or has paid for this contract, by organisation."""
    found = select(ContractFunding).where(ContractFunding.contract_id == contract.id)
    return {each.organisation_id: each for each in db.session.scalars(found)}


def promised_by(funding_ids: Collection[UUID]) -> dict[UUID, int]:
    """What each of these promises now, by the funding's id; none where nothing was promised."""
    sums = (
        select(FundingPromise.funding_id, func.sum(FundingPromise.pence))
        .where(FundingPromise.funding_id.in_(funding_ids))
        .group_by(FundingPromise.funding_id)
    )
    return {funding_id: int(pence) for funding_id, pence in db.session.execute(sums)}


def _ids(fundings: Fundings) -> list[UUID]:
    return [each.id for each in fundings.values()]


def left_of_promises(fundings: Fundings) -> dict[UUID, int]:
    """What is left of the promise of each, by organisation: promised, and not fallen due yet."""
    accounts = {each.commitment_account_id: key for key, each in fundings.items()}
    return {accounts[account]: pence for account, pence in balances(accounts).items()}


def fallen_due(fundings: Fundings) -> dict[UUID, int]:
    """What each has contributed, paid or not, less what came back, by organisation."""
    promised, left = promised_by(_ids(fundings)), left_of_promises(fundings)
    return {key: promised.get(each.id, 0) - left[key] for key, each in fundings.items()}


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
