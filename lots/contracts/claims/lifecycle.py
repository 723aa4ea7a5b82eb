"""Every step a claim can take."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lots.contracts.claims.models import CLAIM_STATES, Claim, ClaimState
from lots.contracts.permissions import ContractPermission
from marketplace.lifecycle import Lifecycle, Step, lifecycles

QUERY = Step(
    "query",
    frm=(ClaimState.COMPUTED,),
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
)
RECORD = Step(
    "record",
    frm=(ClaimState.APPROVED,),
    to=ClaimState.RECORDED,
    label=_l("Record as to be paid outside this system"),
)

CLAIM = Lifecycle("claim", Claim, CLAIM_STATES, [QUERY, ANSWER, APPROVE, RECORD])


def register(app: Flask) -> None:
    """List the claim's lifecycle among the application's."""
    lifecycles(app).append(CLAIM)
