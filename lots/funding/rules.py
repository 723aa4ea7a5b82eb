"""What the check of a draft says about its money: shares, promises, the fund, and co-signatures."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, g
from flask_babel import gettext as _
from sqlalchemy import or_, select

from lots.funding.arithmetic import year_name
from lots.funding.books import overruns
from lots.funding.models import Fund, FunderState, Purpose
from lots.funding.parties import funds_of, off_by, shares_of, signers
from lots.funding.signing import unsigned
from lots.models import Lot
from lots.proportionality import findings, more_checks
from lots.proportionality.findings import Finding, broken, missing
from lots.proportionality.vocabulary import RuleCode
from lots.vocabulary import EDITABLE, Level, LotState, Task
from marketplace import clock
from marketplace.database import db, writing
from marketplace.web.filters import shown_pounds

NOT_OPEN_YET = (*EDITABLE, LotState.APPROVED)


def check(lot: Lot) -> Iterator[Finding]:
    """Everything about a draft's money; nothing once the lot has opened."""
    if lot.state not in NOT_OPEN_YET:
        return
    yield from _shares(lot)
    yield from _fund(lot)
    yield from _signatures(lot)


def _shares(lot: Lot) -> Iterator[Finding]:
    over = off_by(lot)
    if over:
        text = (
            _("The funders’ shares are %(amount)s more than the value.", amount=shown_pounds(over))
            if over > 0
            else _("%(amount)s of the value has no funder.", amount=shown_pounds(-over))
        )
        yield missing(Task.FUNDERS, text, _("Change the shares so that they add up to it exactly."))
    for share in shares_of(lot):
        if share.funder is not None and share.funder.state == FunderState.INVITED:
            yield missing(
                Task.FUNDERS,
                _("%(name)s has not accepted its share yet.", name=share.organisation.name),
                _("Wait for its answer, or take it off."),
            )


def _fund(lot: Lot) -> Iterator[Finding]:
    fund = lot.fund
    if fund is None:
        if lot.lead_buyer_id in _owners_of_funds(lot):
            yield Finding(
                Task.FUNDERS,
                Level.FLAGS,
                _("No fund is chosen for the lead buyer’s share."),
                _("Choose the fund that pays, so that its budget is watched."),
            )
        return
    if lot.starts_on is not None and not fund.is_in_force(lot.starts_on):
        yield missing(
            Task.FUNDERS,
            _("“%(fund)s” is not in force on the day the service starts.", fund=fund.label),
            _("Choose another fund."),
        )
    if fund.services and lot.service_code not in fund.services:
        yield missing(
            Task.FUNDERS,
            _("“%(fund)s” does not pay for this service.", fund=fund.label),
            _("Choose another fund."),
        )
    yield from _budget(lot, fund)


def _budget(lot: Lot, fund: Fund) -> Iterator[Finding]:
    found = overruns(lot)
    unset = [year_name(each.year) for each in found if each.pence is None]
    over = {each.year: each.pence for each in found if each.pence is not None}
    if over:
        years = ", ".join(
            _("%(amount)s in %(year)s", amount=shown_pounds(pence), year=year_name(year))
            for year, pence in over.items()
        )
        yield broken(
            RuleCode.FUND_OVER_BUDGET,
            _(
                "The lot takes more from “%(fund)s” than it has left: %(years)s.",
                fund=fund.label,
                years=years,
            ),
            _("Lower the value, change the dates, choose another fund, or raise the budget."),
            **{f"over_{year}": pence for year, pence in over.items()},
        )
    if unset:
        yield Finding(
            Task.FUNDERS,
            Level.FLAGS,
            _(
                "“%(fund)s” has no budget yet for %(years)s.",
                fund=fund.label,
                years=", ".join(unset),
            ),
            _("Enter the budget on the fund’s page."),
        )


def _owners_of_funds(lot: Lot) -> set:
    """Lead buyers that have a fund in force today; read once for a page."""
    known = {} if writing() else g.setdefault("owners_of_funds", {})
    if lot.lead_buyer_id not in known:
        own, today = funds_of(lot.lead_buyer), clock.today()
        in_force = (Fund.valid_from <= today) & or_(Fund.valid_to.is_(None), Fund.valid_to >= today)
        known[lot.lead_buyer_id] = db.session.scalar(select(Fund.id).where(own, in_force).limit(1))
    return {lead for lead, fund_id in known.items() if fund_id is not None}


def _signatures(lot: Lot) -> Iterator[Finding]:
    if not signers(lot):
        return
    for signer in unsigned(lot, Purpose.PUBLICATION):
        if signer.organisation_ids:
            yield missing(
                Task.FUNDERS,
                _("%(name)s has not co-signed the lot as it stands.", name=signer.name),
                _("Ask for the signature on the funders’ page once all else is complete."),
            )
        else:
            yield missing(
                Task.FUNDERS,
                _("The lot reaches into %(name)s, whose director must co-sign.", name=signer.name),
                _("That region is not here yet: ask the framework team to add it."),
            )


def unready(lot: Lot) -> list[str]:
    """What else stands between a draft and its opening, save the co-signatures."""
    waiting = {str(each.text) for each in _signatures(lot)}
    return [
        f"{each.text} {each.instead}".strip()
        for each in findings(lot)
        if each.stands and str(each.text) not in waiting
    ]


def register(app: Flask) -> None:
    """Have every draft checked for its money."""
    more_checks(app).append(check)
