"""What becomes of an invoice becomes of the shares on it, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from lots.contracts.books import contributions
from lots.contracts.books.models import Contribution, ContributionState
from lots.contracts.contributions.actions import parts_of
from marketplace import events
from marketplace.acting import Acting
from marketplace.lifecycle import Step
from marketplace.payments.invoicing.lifecycle import (
    CANCEL,
    REINSTATE,
    SETTLE,
    TAKE_BACK,
    WITHDRAW,
)
from marketplace.payments.invoicing.models import Invoice

Act = Callable[[Contribution, Acting | None], None]
REACTIONS: dict[Step, tuple[ContributionState, Act]] = {
    SETTLE: (ContributionState.INVOICED, contributions.receive),
    TAKE_BACK: (ContributionState.RECEIVED, contributions.take_back),
    REINSTATE: (ContributionState.DISPUTED, contributions.reinstate),
    WITHDRAW: (ContributionState.INVOICED, contributions.release),
    CANCEL: (ContributionState.INVOICED, contributions.release),
}


def _handler(state: ContributionState, act: Act) -> events.Handler:
    def react(invoice: Invoice, by: Acting | None) -> None:
        for part in parts_of(invoice, state):
            # The step is the invoice's, and was allowed there.
            act(part, by)

    return react


def register(app: Flask) -> None:
    """Hear of every invoice."""
    for step, (state, act) in REACTIONS.items():
        events.when(app, step, _handler(state, act))
