"""What waits for a person among claims; one statement for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from lots.contracts.claims.models import Claim, ClaimState
from lots.contracts.claims.permissions import SECONDS, ClaimPermission
from lots.contracts.claims.queries import Shown, is_overdue
from lots.contracts.models import Contract
from lots.contracts.permissions import MANAGERS, PROVIDERS_CLAIMANTS
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting

MOST = 10


def items(by: Acting) -> list[WaitingItem]:
    """Claims to approve, as the first or the second; queries to answer; claims to check."""
    if not allowed(by, ClaimPermission.LIST):
        return []
    if by.organisation_kind == OrganisationKind.PROVIDER:
        return _of_provider(by)
    manages = by.has(*MANAGERS)
    return [
        *(_to_answer(by) if manages else []),
        *(_to_approve(by) if manages else []),
        *(_to_second(by) if by.has(*SECONDS) else []),
        *(_overdue(Contract.buyer_id == by.organisation_id) if by.has(*SECONDS) else []),
    ]


def _each(condition: ColumnElement[bool], sentence: Callable[[str, str], str]) -> list[WaitingItem]:
    found = (
        select(Claim.id, Claim.month, Contract.reference)
        .join(Contract, Contract.id == Claim.contract_id)
        .where(condition)
        .order_by(Claim.month, Contract.reference)
        .limit(MOST)
    )
    return [
        WaitingItem(
            sentence(format_date(month, "MMMM y"), reference),
            url_for("claims.show", claim_id=claim_id),
        )
        for claim_id, month, reference in db.session.execute(found)
    ]


def _counted(condition: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(Claim)
    joined = found.join(Contract, Contract.id == Claim.contract_id)
    return db.session.scalar(joined.where(condition)) or 0


def _to_answer(by: Acting) -> list[WaitingItem]:
    own = Contract.buyer_id == by.organisation_id
    return _each(
        own & (Claim.state == ClaimState.QUERIED),
        lambda month, reference: _(
            "Answer the query about the claim for %(month)s under %(reference)s",
            month=month,
            reference=reference,
        ),
    )


def _to_approve(by: Acting) -> list[WaitingItem]:
    """One by one while they are few; many are approved on one page."""
    own = (Contract.buyer_id == by.organisation_id) & (Claim.state == ClaimState.COMPUTED)
    count = _counted(own)
    if count > 1:
        text = ngettext(
            "Check and approve %(num)s claim", "Check and approve %(num)s claims", count
        )
        return [WaitingItem(text, url_for("claim_lists.index", show=Shown.APPROVE), count)]
    return _each(
        own,
        lambda month, reference: _(
            "Check the claim for %(month)s under %(reference)s", month=month, reference=reference
        ),
    )


def _to_second(by: Acting) -> list[WaitingItem]:
    own = Contract.buyer_id == by.organisation_id
    by_another = Claim.first_approved_by_id != by.person_id
    return _each(
        own & (Claim.state == ClaimState.SECOND) & by_another,
        lambda month, reference: _(
            "Approve as the second person: the claim for %(month)s under %(reference)s",
            month=month,
            reference=reference,
        ),
    )


def _overdue(own: ColumnElement[bool]) -> list[WaitingItem]:
    count = _counted(own & is_overdue())
    if not count:
        return []
    text = ngettext(
        "%(num)s claim is not paid in time", "%(num)s claims are not paid in time", count
    )
    return [WaitingItem(text, url_for("claim_lists.index", show=Shown.OVERDUE), count)]


def _of_provider(by: Acting) -> list[WaitingItem]:
    if not by.has(*PROVIDERS_CLAIMANTS):
        return []
    own = Contract.provider_id == by.organisation_id
    to_check = (Claim.state == ClaimState.COMPUTED) & Claim.checked_at.is_(None)
    return _overdue(own) + _each(
        own & to_check & Claim.answer.is_(None),
        lambda month, reference: _(
            "Look at your claim for %(month)s under %(reference)s, if you like",
            month=month,
            reference=reference,
        ),
    )


def register(app: Flask) -> None:
    """Show them on the front page."""
    waiting(app).append(items)
