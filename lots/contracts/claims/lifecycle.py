"""Every step a claim can take."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.contracts.claims import limits
from lots.contracts.claims.models import CLAIM_STATES, Claim, ClaimState
from lots.contracts.claims.permissions import ClaimPermission
from lots.contracts.permissions import ContractPermission
from marketplace.lifecycle import Lifecycle, Step, lifecycles


def one_is_enough(claim: Claim) -> Any:
    """Up to the buyer's limit one person approves."""
    if limits.needs_second(claim):
        return _("This claim is above your limit, so two people approve it.")
    return None


def two_are_needed(claim: Claim) -> Any:
    """Above the buyer's limit a second person approves too."""
    return None if limits.needs_second(claim) else _("One person is enough for this claim.")


QUERY = Step(
    "query",
    frm=(ClaimState.COMPUTED, ClaimState.SECOND),
    to=ClaimState.QUERIED,
    label=_l("Query the claim"),
    permission=ContractPermission.QUERY_CLAIM,
)
ANSWER = Step(
    "answer",
    frm=(ClaimState.QUERIED,),
    to=ClaimState.COMPUTED,
    label=_l("Answer the query"),
    permission=ContractPermission.ANSWER_QUERY,
)
APPROVE = Step(
    "approve",
    frm=(ClaimState.COMPUTED,),
    to=ClaimState.APPROVED,
    label=_l("Approve the claim"),
    permission=ContractPermission.APPROVE_CLAIM,
    guard=one_is_enough,
)
APPROVE_FIRST = Step(
    "approve_first",
    frm=(ClaimState.COMPUTED,),
    to=ClaimState.SECOND,
    label=_l("Approve the claim, as the first of two"),
    permission=ContractPermission.APPROVE_CLAIM,
    guard=two_are_needed,
)
APPROVE_SECOND = Step(
    "approve_second",
    frm=(ClaimState.SECOND,),
    to=ClaimState.APPROVED,
    label=_l("Approve the claim, as the second of two"),
    permission=ClaimPermission.APPROVE_SECOND,
)
SEND_BACK = Step(
    "send_back",
    frm=(ClaimState.SECOND,),
    to=ClaimState.COMPUTED,
    label=_l("Send it back to whom approved it first"),
    permission=ClaimPermission.APPROVE_SECOND,
)
SETTLE = Step(
    "settle",
    frm=(ClaimState.APPROVED,),
    to=ClaimState.NOTHING,
    label=_l("Nothing to pay"),
)
PAY = Step(
    "pay",
    frm=(ClaimState.APPROVED,),
    to=ClaimState.PAID,
    label=_l("Paid"),
)
COME_BACK = Step(
    "come_back",
    frm=(ClaimState.PAID,),
    to=ClaimState.APPROVED,
    label=_l("The payment came back"),
)

CLAIM = Lifecycle(
    "claim",
    Claim,
    CLAIM_STATES,
    [
        QUERY,
        ANSWER,
        APPROVE,
        APPROVE_FIRST,
        APPROVE_SECOND,
        SEND_BACK,
        SETTLE,
        PAY,
        COME_BACK,
    ],
)


def register(app: Flask) -> None:
    """List the claim's lifecycle among the application's."""
    lifecycles(app).append(CLAIM)
