"""What a contract owes: posted once for each cause, put forward to be paid, and shared out."""

from __future__ import annotations

from datetime import date, timedelta

from lots.contracts.books import contributions
from lots.contracts.books.funding import paying_for
from lots.contracts.models import Contract
from lots.contracts.partners import dues
from lots.proportionality.policy import LAW_DAYS_TO_PAY, SMALL_DAYS_TO_PAY
from marketplace import calendar
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.payments import actions as ledger
from marketplace.payments.paying import actions as paying
from marketplace.payments.paying.models import Payment
from marketplace.payments.queries import balance


def owe(
    contract: Contract,
    cause: ledger.Cause,
    *,
    net: int,
    vat: int,
    owed_from: date,
    about: str,
    by: Acting | None,
    month: date | None = None,
) -> Payment | None:
    """Post what is owed to the provider, in pence, and put it forward to be paid.

    Every funder owes its part from the same moment, and each partner of the provider is owed its
    promised share of the net. `owed_from` is the day from which the days to pay are counted,
    `month` the first day of the month it is for (this one unless told). None where nothing is
    owed. Locks the contract; raises AlreadyChanged where this cause has been posted, ValueError for
    less than nothing.
    """
    if net < 0 or vat < 0:
        raise ValueError(f"nobody owes less than nothing: {net} and {vat}")
    if not net + vat:
        return None
    fundings = paying_for(contract, by)
    _post(contract, cause, net, vat, by)
    contributions.share_out(contract, fundings, cause, net + vat, by)
    dues.share_out(contract, cause, net, month)
    _cost, payable, paid = contract.accounts
    due_on, law_due_on = due_days(contract, owed_from)
    return paying.owe(
        cause=cause,
        payer_id=contract.buyer_id,
        payee_id=contract.provider_id,
        pence=net + vat,
        about=about,
        owed_from=owed_from,
        due_on=due_on,
        law_due_on=law_due_on,
        payable_id=payable,
        paid_id=paid,
        is_demonstration=contract.is_demonstration,
        by=by,
    )


def _post(contract: Contract, cause: ledger.Cause, net: int, vat: int, by: Acting | None) -> None:
    cost, payable, _paid = contract.accounts
    if net:
        ledger.post(debit=cost, credit=payable, pence=net, cause=cause, by=by)
    if vat:
        assert contract.vat_account_id is not None  # opened with the promises
        on_top = ledger.Cause(f"{cause.kind}:vat", cause.id)
        ledger.post(debit=contract.vat_account_id, credit=payable, pence=vat, cause=on_top, by=by)


def came_back(
    contract: Contract, cause: ledger.Cause, pence: int, by: Acting | None, vat: int = 0
) -> None:
    """Post pence that the provider gave back to the buyer, with VAT; who paid gets its part.

    Raises AlreadyChanged where this cause has been posted.
    """
    fundings = paying_for(contract, by)
    cost, _payable, paid = contract.accounts
    approved = balance(cost)
    ledger.post(debit=paid, credit=cost, pence=pence, cause=cause, by=by)
    if vat:
        assert contract.vat_account_id is not None  # opened with the promises
        on_top = ledger.Cause(f"{cause.kind}:vat", cause.id)
        ledger.post(debit=paid, credit=contract.vat_account_id, pence=vat, cause=on_top, by=by)
    contributions.share_back(contract, fundings, cause, pence + vat, by)
    dues.share_back(contract, cause, pence, approved)


def due_days(contract: Contract, owed_from: date) -> tuple[date, date]:
    """The last day of our policy and the last day in law to pay what is owed from a day on."""
    law_due_on = owed_from + timedelta(days=LAW_DAYS_TO_PAY)
    provider = db.session.get_one(Organisation, contract.provider_id)
    if not provider.is_small:
        return law_due_on, law_due_on
    soon = calendar.add_working_days(owed_from, SMALL_DAYS_TO_PAY)
    return min(soon, law_due_on), law_due_on
