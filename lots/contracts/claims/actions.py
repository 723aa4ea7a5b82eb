"""What people do with a claim: the provider queries it, the buyer answers and approves."""

from __future__ import annotations

from uuid import UUID

from lots.contracts import mails
from lots.contracts.claims.lifecycle import ANSWER, APPROVE, CLAIM, QUERY, RECORD
from lots.contracts.claims.models import Claim
from lots.contracts.models import Side
from lots.contracts.permissions import MANAGERS, PROVIDERS_CLAIMANTS
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments import actions as ledger


def query(claim_id: UUID, text: str, by: Acting) -> Claim:
    """The provider says what seems wrong; the claim waits for the buyer's answer."""
    claim = _locked(claim_id)
    CLAIM.take(QUERY, claim, by, facts={"query": text, "queried_at": clock.now(), "answer": None})
    _tell(claim, "claim_queried", Side.BUYER)
    return claim


def answer(claim_id: UUID, text: str, by: Acting) -> Claim:
    """The buyer answers; the claim can be approved again."""
    claim = _locked(claim_id)
    CLAIM.take(ANSWER, claim, by, facts={"answer": text})
    _tell(claim, "claim_answered", Side.PROVIDER)
    return claim


def approve(claim_id: UUID, by: Acting) -> Claim:
    """Approve a claim and record it as to be paid outside, posting both to the ledger once.

    Raises Refused, or AlreadyChanged where it has been approved.
    """
    claim = _locked(claim_id)
    now = clock.now()
    CLAIM.take(APPROVE, claim, by, facts={"approved_at": now, "approved_by_id": by.person_id})
    cost, payable, paid = claim.contract.accounts
    _post(claim, "approved", cost, payable, by)
    CLAIM.take(RECORD, claim, by, facts={"recorded_at": now, "recorded_by_id": by.person_id})
    _post(claim, "recorded", payable, paid, by)
    _tell(claim, "claim_approved", Side.PROVIDER)
    return claim


def _post(claim: Claim, what: str, debit: UUID, credit: UUID, by: Acting) -> None:
    # A month without a start is approved too, but moves nothing.
    if claim.total_pence:
        cause = ledger.Cause(f"claim:{what}", claim.id)
        ledger.post(debit=debit, credit=credit, pence=claim.total_pence, cause=cause, by=by)


def _tell(claim: Claim, template: str, side: Side) -> None:
    roles = MANAGERS if side == Side.BUYER else PROVIDERS_CLAIMANTS
    mails.tell(claim.contract, template, {side: roles}, claim_id=str(claim.id))


def _locked(claim_id: UUID) -> Claim:
    return db.session.get_one(Claim, claim_id, with_for_update=True, populate_existing=True)
