"""The pages of what contracts owe money for, for whoever reads a statement, payment or invoice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from flask import Flask, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lots.contracts.books.causes import CLAIMS, CONTRIBUTIONS, INSTALMENTS, PROMISES, RETURNS
from lots.contracts.books.models import ContractFunding, Contribution, FundingPromise
from lots.contracts.claims.models import Claim
from lots.contracts.grants.models import GrantInstalment, GrantReport
from lots.contracts.grants.permissions import GrantPermission
from lots.contracts.models import Contract
from lots.contracts.permissions import ContractPermission, paid_by
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments import causes
from marketplace.payments.causes import Link
from marketplace.payments.invoicing import pages as invoices
from marketplace.permissions import allowed

Found = dict[UUID, list[Link]]


def claims(ids: Collection[UUID], by: Acting) -> Found:
    """The page of each claim."""
    rows = db.session.execute(
        select(Claim.id, Claim.month, Claim.is_advance, Contract)
        .join(Claim.contract)
        .where(Claim.id.in_(ids))
    )
    return {
        claim_id: [Link(_named(month, is_advance), url_for("claims.show", claim_id=claim_id))]
        for claim_id, month, is_advance, contract in rows
        if allowed(by, ContractPermission.SEE_CLAIMS, contract)
    }


def _named(month: Any, is_advance: bool) -> str:
    name = format_date(month, "MMMM y")
    if is_advance:
        return _("Claim in advance for %(month)s", month=name)
    return _("Claim for %(month)s", month=name)


def instalments(ids: Collection[UUID], by: Acting) -> Found:
    """The grant with each instalment."""
    wanted = select(GrantInstalment).where(GrantInstalment.id.in_(ids))
    rows = db.session.scalars(wanted.options(joinedload(GrantInstalment.contract))).all()
    ways = _contracts([each.contract for each in rows], by, _anchor="instalments")
    return {each.id: ways.get(each.contract_id, []) for each in rows}


def reports(ids: Collection[UUID], by: Acting) -> Found:
    """The report that each return of unspent money was told in."""
    wanted = select(GrantReport).where(GrantReport.id.in_(ids))
    rows = db.session.scalars(wanted.options(joinedload(GrantReport.contract)))
    return {
        each.id: [Link(_("The grant’s report"), url_for("grants.report", report_id=each.id))]
        for each in rows
        if allowed(by, GrantPermission.SEE_REPORT, each)
    }


def promises(ids: Collection[UUID], by: Acting) -> Found:
    """The contract that each promise was made for."""
    rows = db.session.execute(
        select(FundingPromise.id, Contract)
        .join(ContractFunding, ContractFunding.id == FundingPromise.funding_id)
        .join(ContractFunding.contract)
        .where(FundingPromise.id.in_(ids))
    ).all()
    ways = _contracts([contract for _id, contract in rows], by)
    return {promise_id: ways.get(contract.id, []) for promise_id, contract in rows}


def contributions(ids: Collection[UUID], by: Acting) -> Found:
    """What each part is a part of, and the invoice that it stands on; else its contract."""
    path = joinedload(Contribution.funding).joinedload(ContractFunding.contract)
    wanted = select(Contribution).where(Contribution.id.in_(ids)).options(path)
    rows = db.session.scalars(wanted).all()
    whole = causes.pages_of([(each.cause_kind, each.cause_id) for each in rows], by)
    asked = invoices.pages([each.invoice_id for each in rows if each.invoice_id], by)
    ways = _contracts([each.funding.contract for each in rows], by)
    return {
        each.id: [
            *whole.get((each.cause_kind, each.cause_id), []),
            *(asked.get(each.invoice_id, []) if each.invoice_id else []),
        ]
        or ways.get(each.funding.contract_id, [])
        for each in rows
    }


def _contracts(contracts: Collection[Contract], by: Acting, **anchor: str) -> Found:
    """The page of each contract: for its sides, or for who pays a share of it."""
    found = {}
    for each in contracts:
        if allowed(by, ContractPermission.SEE, each):
            address = url_for("contracts.show", contract_id=each.id, **anchor)  # type: ignore[arg-type]  # the anchor is text
            found[each.id] = [Link(each.reference, address)]
    others = {each.id for each in contracts} - found.keys()
    if others and allowed(by, ContractPermission.SEE_AS_PAYER):
        paid = select(Contract.id, Contract.reference).where(Contract.id.in_(others), paid_by(by))
        for contract_id, reference in db.session.execute(paid):
            address = url_for("paid_contracts.show", contract_id=contract_id)
            found[contract_id] = [Link(reference, address)]
    return found


def register(app: Flask) -> None:
    """Tell the ledger's readers of what contracts owe."""
    causes.tell(app, CLAIMS, claims)
    causes.tell(app, INSTALMENTS, instalments)
    causes.tell(app, RETURNS, reports)
    causes.tell(app, PROMISES, promises)
    causes.tell(app, CONTRIBUTIONS, contributions)
