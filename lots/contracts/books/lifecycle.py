"""Every step of a funder's part of something owed."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lots.contracts.books.models import CONTRIBUTION_STATES, Contribution, ContributionState
from lots.contracts.books.permissions import BooksPermission
from marketplace.lifecycle import Lifecycle, Step, lifecycles

INVOICE = Step(
    "invoice",
    frm=(ContributionState.DUE,),
    to=ContributionState.INVOICED,
    label=_l("Put on an invoice"),
)
# Its invoice was withdrawn or never paid.
RELEASE = Step(
    "release",
    frm=(ContributionState.INVOICED,),
    to=ContributionState.DUE,
    label=_l("Take off the invoice"),
)
RECEIVE = Step(
    "receive",
    frm=(ContributionState.DUE, ContributionState.INVOICED),
    to=ContributionState.RECEIVED,
    label=_l("Receive"),
)
TAKE_BACK = Step(
    "take_back",
    frm=(ContributionState.RECEIVED,),
    to=ContributionState.DISPUTED,
    label=_l("Be taken back by the funder’s bank"),
)
REINSTATE = Step(
    "reinstate",
    frm=(ContributionState.DISPUTED,),
    to=ContributionState.RECEIVED,
    label=_l("Get it back from the funder’s bank"),
)
ASK_AGAIN = Step(
    "ask_again",
    frm=(ContributionState.DISPUTED,),
    to=ContributionState.ASKED_AGAIN,
    label=_l("Ask for it again"),
)
GIVE_BACK = Step(
    "give_back",
    frm=(ContributionState.TO_GIVE_BACK,),
    to=ContributionState.GIVEN_BACK,
    label=_l("Record it as given back"),
    permission=BooksPermission.GIVE_BACK,
)

CONTRIBUTION = Lifecycle(
    "contribution",
    Contribution,
    CONTRIBUTION_STATES,
    [INVOICE, RELEASE, RECEIVE, TAKE_BACK, REINSTATE, ASK_AGAIN, GIVE_BACK],
)


def register(app: Flask) -> None:
    """List the contribution's lifecycle among the application's."""
    lifecycles(app).append(CONTRIBUTION)
