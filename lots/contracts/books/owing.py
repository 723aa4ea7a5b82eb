"""What a contract owes: posted once for each cause, put forward to be paid, and shared out."""

from __future__ import annotations

from datetime import date, timedelta

from lots.contracts.models import Contract
from marketplace import calendar
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.payments import actions as ledger
from marketplace.payments.paying import actions as paying
from marketplace.payments.paying.models import Payment

# Undisputed invoices are paid within 30 days (Procurement Act 2023 s.68).
LAW_DAYS = 30
# A small voluntary organisation is paid within five working days (policy).
SMALL_WORKING_DAYS = 5


def owe(
    contract: Contract,
    cause: ledger.Cause,
    *,
    net: int,
    vat: int,
    owed_from: date,
    about: str,
    by: Acting | None,
) -> Payment | None:
    """Post what is owed to the provider, in pence, and put it forward to be paid.

    `owed_from` is the day from which the days to pay are counted. None where nothing is owed.
    Raises AlreadyChanged where this cause has been posted.
    """
    cost, payable, paid = contract.accounts
    if net:
        ledger.post(debit=cost, credit=payable, pence=net, cause=cause, by=by)
    if vat:
        assert contract.vat_account_id is not None  # as its other accounts
        on_top = ledger.Cause(f"{cause.kind}:vat", cause.id)
        ledger.post(debit=contract.vat_account_id, credit=payable, pence=vat, cause=on_top, by=by)
    if not net + vat:
        return None
    law_due_on = owed_from + timedelta(days=LAW_DAYS)
    return paying.owe(
        cause=cause,
        payer_id=contract.buyer_id,
        payee_id=contract.provider_id,
        pence=net + vat,
        about=about,
        owed_from=owed_from,
        due_on=min(_due_on(contract, owed_from), law_due_on),
        law_due_on=law_due_on,
        payable_id=payable,
        paid_id=paid,
        is_demonstration=contract.is_demonstration,
        by=by,
    )


def _due_on(contract: Contract, owed_from: date) -> date:
    provider = db.session.get_one(Organisation, contract.provider_id)
    if provider.is_small:
        return calendar.add_working_days(owed_from, SMALL_WORKING_DAYS)
    return owed_from + timedelta(days=LAW_DAYS)
