"""What people do with a claim: check or query it, answer, approve, as one or as two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts import mails
from lots.contracts.books import ceiling
from lots.contracts.books.funding import vat_on
from lots.contracts.books.owing import came_back as post_given_back
from lots.contracts.books.owing import owe
from lots.contracts.claims import limits
from lots.contracts.claims.lifecycle import (
    ANSWER,
    APPROVE,
    APPROVE_FIRST,
    APPROVE_SECOND,
    CLAIM,
    COME_BACK,
    PAY,
    QUERY,
    SEND_BACK,
    SETTLE,
)
from lots.contracts.claims.models import APPROVED, OPEN, Claim
from lots.contracts.claims.permissions import SECONDS, ClaimPermission
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import MANAGERS, PROVIDERS_CLAIMANTS, ContractPermission
from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments.actions import Cause
from marketplace.payments.paying.models import Payment
from marketplace.permissions import NotYours, check

# The cause under which an approved claim is owed and paid.
APPROVED_CAUSE = "claim:approved"
GIVEN_BACK_CAUSE = "claim:given_back"
NO_FIRST: dict[str, Any] = {"first_approved_by_id": None, "first_approved_at": None}


def agree(claim_id: UUID, by: Acting) -> Claim:
    """The provider says that the claim is right; nobody waits for it. Raises Refused."""
    claim = _locked(claim_id)
    check(by, ClaimPermission.CHECK, claim)
    if claim.state not in OPEN or claim.checked_at is not None:
        raise AlreadyChanged(_("This claim has already been checked or approved."))
    claim.checked_at, claim.checked_by_id = clock.now(), by.person_id
    audit.record("claim:checked", subject=claim, by=by)
    return claim


def query(claim_id: UUID, text: str, by: Acting) -> Claim:
    """The provider says what seems wrong; the claim waits for the buyer's answer."""
    claim = _locked(claim_id)
    facts = {"query": text, "queried_at": clock.now(), "answer": None}
    facts |= NO_FIRST | {"checked_at": None, "checked_by_id": None}
    CLAIM.take(QUERY, claim, by, facts=facts)
    _tell(claim, "claim_queried", {Side.BUYER: MANAGERS})
    return claim


def answer(claim_id: UUID, text: str, by: Acting) -> Claim:
    """The buyer answers; the claim can be approved again."""
    claim = _locked(claim_id)
    CLAIM.take(ANSWER, claim, by, facts={"answer": text})
    _tell(claim, "claim_answered", {Side.PROVIDER: PROVIDERS_CLAIMANTS})
    return claim


def approve(claim_id: UUID, by: Acting) -> Claim:
    """Approve a claim: it is owed and put forward to be paid, or waits for a second person.

    Raises Refused, AboveValue, or AlreadyChanged where it has been approved.
    """
    claim = _locked(claim_id)
    check(by, ContractPermission.APPROVE_CLAIM, claim)
    _stay_within_value(claim)
    if limits.needs_second(claim):
        facts = {"first_approved_at": clock.now(), "first_approved_by_id": by.person_id}
        CLAIM.take(APPROVE_FIRST, claim, by, facts=facts | {"sent_back_because": None})
        _tell(claim, "claim_second", {Side.BUYER: SECONDS})
        return claim
    CLAIM.take(APPROVE, claim, by, facts=_approved_by(by) | {"sent_back_because": None})
    return _owe(claim, by)


def approve_second(claim_id: UUID, by: Acting) -> Claim:
    """Approve a claim as the second person.

    Raises Refused, also for who approved it first, and AboveValue.
    """
    claim = _locked(claim_id)
    check(by, ClaimPermission.APPROVE_SECOND, claim)
    _stay_within_value(claim)
    CLAIM.take(APPROVE_SECOND, claim, by, facts=_approved_by(by))
    return _owe(claim, by)


def send_back(claim_id: UUID, because: str, by: Acting) -> Claim:
    """The second person does not approve; it begins again with the reason. Raises Refused."""
    claim = _locked(claim_id)
    CLAIM.take(SEND_BACK, claim, by, facts=NO_FIRST | {"sent_back_because": because})
    _tell(claim, "claim_back", {Side.BUYER: MANAGERS})
    return claim


def _stay_within_value(claim: Claim) -> None:
    if claim.state in OPEN:
        ceiling.stay_within(claim.contract, claim.total_pence, claim.law_due_on)


def _approved_by(by: Acting) -> dict[str, Any]:
    return {"approved_at": clock.now(), "approved_by_id": by.person_id}


def _owe(claim: Claim, by: Acting) -> Claim:
    """Post it once and put it forward; a month that comes to nothing is approved too."""
    payment = owe(
        claim.contract,
        Cause(APPROVED_CAUSE, claim.id),
        net=claim.total_pence,
        vat=claim.vat_pence,
        owed_from=calendar.day_of(claim.computed_at),
        about=f"{claim.contract.reference}, {format_date(claim.month, 'MMMM y')}",
        by=by,
        month=claim.month,
    )
    if payment is None:
        CLAIM.take(SETTLE, claim, None)
    _tell(claim, "claim_approved", {Side.PROVIDER: PROVIDERS_CLAIMANTS})
    return claim


def paid(payment: Payment, by: Acting | None) -> None:
    """The payment of a claim was made: the claim is paid."""
    if payment.cause_kind == APPROVED_CAUSE:
        CLAIM.take(PAY, _of_payment(payment), None, facts={"paid_at": payment.paid_at})


def came_back(payment: Payment, by: Acting | None) -> None:
    """The bank gave the money back: the claim is approved, and paid again by a new payment."""
    if payment.cause_kind == APPROVED_CAUSE:
        CLAIM.take(COME_BACK, _of_payment(payment), None, facts={"paid_at": None})


def record_given_back(claim_id: UUID, by: Acting) -> Claim:
    """Record that what the provider owed at the end came back, posting it once.

    Raises Refused, Refusal where nothing is owed, AlreadyChanged where it has been recorded.
    """
    claim = _locked(claim_id)
    check(by, ClaimPermission.RECORD_GIVEN_BACK, claim)
    if claim.given_back_at is not None:
        raise AlreadyChanged(_("This has already been recorded."))
    if not may_be_given_back(claim):
        raise Refusal(_("Nothing is to be given back by this claim, or it is not approved yet."))
    claim.given_back_at, claim.given_back_by_id = clock.now(), by.person_id
    net = claim.owed_back_pence
    cause, vat = Cause(GIVEN_BACK_CAUSE, claim.id), vat_on(claim.contract, net)
    post_given_back(claim.contract, cause, net, by, vat=vat)
    audit.record("claim:given_back", subject=claim, by=by, fields=["given_back_at"])
    _tell(claim, "claim_given_back", {Side.PROVIDER: PROVIDERS_CLAIMANTS})
    return claim


def may_be_given_back(claim: Claim) -> bool:
    """Whether the provider owes something by this claim that has not come back."""
    is_owed = claim.state in APPROVED and claim.owed_back_pence > 0
    return is_owed and claim.given_back_at is None


def _tell(claim: Claim, template: str, roles: dict[Side, Any]) -> None:
    mails.tell(claim.contract, template, roles, claim_id=str(claim.id))


def _locked(claim_id: UUID) -> Claim:
    """The contract first, as everything else that writes to what belongs to it."""
    claim = db.session.get(Claim, claim_id)
    if claim is None:
        raise NotYours(claim_id)
    db.session.get_one(Contract, claim.contract_id, with_for_update=True, populate_existing=True)
    return _claim(claim_id)


def _of_payment(payment: Payment) -> Claim:
    """The contract first here too, shared: payments of several come in the order of their ids."""
    contract_of = select(Claim.contract_id).where(Claim.id == payment.cause_id).scalar_subquery()
    held = select(Contract.id).where(Contract.id == contract_of)
    db.session.scalar(held.with_for_update(read=True, key_share=True))
    return _claim(payment.cause_id)


def _claim(claim_id: UUID) -> Claim:
    return db.session.get_one(Claim, claim_id, with_for_update=True, populate_existing=True)
