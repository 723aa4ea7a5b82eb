"""Nothing is approved above a contract's value: a change of the value is signed first.

Pence net, as the value is; VAT comes on top of both. Decision 0049.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from lots.contracts.changes.lifecycle import CHANGEABLE
from lots.contracts.models import Contract
from marketplace.lifecycle import Refusal
from marketplace.payments.queries import balance
from marketplace.web.filters import shown_date, shown_pounds


class AboveValue(Refusal):
    """What is to be approved does not fit the contract's value any more."""


@dataclass(frozen=True)
class Excess:
    """`whole` is what would have been approved in all, `over` by how much it is above the value.

    `may_change`: a change of the value can still be signed, so nothing is approved before that.
    """

    whole: int
    over: int
    may_change: bool


def excess(contract: Contract, net: int) -> Excess | None:
    """What approving `net` more would take above the contract's value; None where it fits."""
    approved = balance(contract.cost_account_id) if contract.cost_account_id else 0
    over = approved + net - contract.value_pence
    if net <= 0 or over <= 0:
        return None
    return Excess(approved + net, over, contract.state in CHANGEABLE)


def needs_second(contract: Contract, net: int) -> bool:
    """No change can be signed any more once a contract ends: two people approve what is above."""
    found = excess(contract, net)
    return found is not None and not found.may_change


def stay_within(contract: Contract, net: int, law_due_on: date) -> None:
    """Raise AboveValue, saying what to do, where `net` more is above the value and it can change.

    What was delivered is to be paid in time all the same, so it names the last day in law.
    """
    found = excess(contract, net)
    if found is None or not found.may_change:
        return
    raise AboveValue(
        _(
            "This takes what is approved under %(reference)s to %(whole)s, and its value is "
            "%(value)s: %(over)s too much, without VAT. Have a change of the value signed first, "
            "then approve it. By law it must be paid by %(day)s.",
            reference=contract.reference,
            whole=shown_pounds(found.whole),
            value=shown_pounds(contract.value_pence),
            over=shown_pounds(found.over),
            day=shown_date(law_due_on),
        )
    )
