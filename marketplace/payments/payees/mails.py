"""What the people who look after a provider's money are told of its account."""

from __future__ import annotations

from marketplace.payments.payees.models import PayeeAccount
from marketplace.payments.paying.mails import tell
from marketplace.payments.paying.permissions import PAYEES

FOLDER = "marketplace/payments/payees/mail"


def tell_payees(account: PayeeAccount, template: str) -> None:
    """Write to them that something is to be done, or was."""
    facts = {"body": account.body.organisation.name, "account_id": str(account.id)}
    tell(account.payee_id, PAYEES, f"{FOLDER}/{template}.txt", account.id, facts)
