"""Keeping funds: their rules and yearly budgets. None commits; every change is on record."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from lots.funding.models import Fund, FundYear
from lots.funding.permissions import FundingPermission
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.areas.queries import region_choices
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check

# The fund every region has since the unified Probation Service began: for early intervention,
# diversion and support after a sentence, so that it asks for none of the three.
ROIF = "Regional Outcomes and Innovation Fund"
ROIF_CY = "Cronfa Canlyniadau ac Arloesi Rhanbarthol"
ROIF_FROM = date(2021, 6, 26)


def load_funds() -> int:
    """Add each region's innovation fund where it is missing; returns how many were added."""
    known = set(db.session.scalars(select(Fund.region_code).where(Fund.name == ROIF)))
    missing = [code for code, _name in region_choices() if code not in known]
    for code in missing:
        _add(
            region_code=code,
            name=ROIF,
            name_cy=ROIF_CY,
            needs_sentence=False,
            needs_rar_days=False,
            needs_end_within_sentence=False,
            services=[],
            valid_from=ROIF_FROM,
        )
    return len(missing)


def _add(**facts: Any) -> Fund:
    fund = Fund(id=new_id(), created_at=clock.now(), **facts)
    db.session.add(fund)
    db.session.flush()
    return fund


def start_fund(values: dict[str, Any], by: Acting) -> Fund:
    """A new fund of the organisation acted for. Raises Refusal where its name is taken."""
    check(by, FundingPermission.KEEP_FUNDS)
    _name_is_free(Fund.organisation_id == by.organisation_id, values["name"])
    fund = _add(organisation_id=by.organisation_id, **values)
    audit.record("fund:started", subject=fund, by=by, fields=sorted(values))
    return fund


def change_fund(fund_id: UUID, values: dict[str, Any], by: Acting) -> None:
    """Change a fund's name, rules or dates; lots not yet approved are judged by the new ones."""
    fund = locked(fund_id, by)
    if values["name"] != fund.name:
        own = Fund.organisation_id == fund.organisation_id
        if fund.organisation_id is None:
            own = Fund.region_code == fund.region_code
        _name_is_free(own, values["name"])
    changed = [name for name, value in values.items() if getattr(fund, name) != value]
    for name in changed:
        setattr(fund, name, values[name])
    if changed:
        audit.record("fund:changed", subject=fund, by=by, fields=changed)


def _name_is_free(own: ColumnElement[bool], name: str) -> None:
    if db.session.scalar(select(Fund.id).where(own, Fund.name == name)) is not None:
        raise Refusal(_("You have a fund of this name already. Give this one another name."))


def set_budget(fund_id: UUID, year: int, pence: int, by: Acting) -> None:
    """Set the budget of the financial year that starts on 1 April of `year`."""
    fund = locked(fund_id, by)
    kept = db.session.get(FundYear, (fund.id, year))
    before = kept.budget_pence if kept else None
    if kept is None:
        db.session.add(FundYear(fund_id=fund.id, year=year, budget_pence=pence))
    else:
        kept.budget_pence = pence
    if before != pence:
        facts = {"year": year, "before": before, "pence": pence}
        audit.record("fund:budget_set", subject=fund, by=by, fields=["budget_pence"], facts=facts)
    db.session.flush()
    db.session.expire(fund, ["years"])


def locked(fund_id: UUID, by: Acting) -> Fund:
    """A fund under its lock, for somebody who keeps it. Raises NotYours."""
    fund = db.session.get(Fund, fund_id, with_for_update=True)
    if fund is None:
        raise NotYours(fund_id)
    check(by, FundingPermission.KEEP_FUNDS, fund)
    return fund
