"""Every step a contract can take."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select

from lots.contracts.continuity.cases import to_decide
from lots.contracts.continuity.models import ContinuityAct, ContinuityCase
from lots.contracts.grants.models import GrantInstalment, GrantReport, ReportState
from lots.contracts.models import (
    CONTRACT_STATES,
    Contract,
    ContractArea,
    ContractSignature,
    ContractState,
    MobilisationItem,
    Side,
)
from lots.contracts.permissions import ContractPermission
from lots.vocabulary import Route
from marketplace import clock
from marketplace.database import db
from marketplace.lifecycle import Lifecycle, Step, lifecycles


def signed_by_both(contract: Contract) -> Any:
    """Both sides have signed the text that is kept."""
    signed = select(func.count()).where(
        ContractSignature.contract_id == contract.id,
        ContractSignature.text_hash == contract.text_hash,
    )
    return None if db.session.scalar(signed) == len(Side) else _("Both sides must sign first.")


def ready_to_go_live(contract: Contract) -> Any:
    """The mobilisation gate: all confirmed, places set in each area, the first day reached."""
    open_items = select(func.count()).where(
        MobilisationItem.contract_id == contract.id, MobilisationItem.confirmed_at.is_(None)
    )
    if db.session.scalar(open_items):
        return _("Every point of the mobilisation list must be confirmed first.")
    without_places = select(func.count()).where(
        ContractArea.contract_id == contract.id, ContractArea.places_set_at.is_(None)
    )
    if db.session.scalar(without_places):
        return _("The provider must set its places in every area first.")
    if clock.today() < contract.starts_on:
        return _("This contract goes live on its first day, not before.")
    return None


def nobody_placed(contract: Contract) -> Any:
    """Nothing ends while a person holds a place (domain, section 7, continuity)."""
    held = select(func.coalesce(func.sum(ContractArea.reserved), 0)).where(
        ContractArea.contract_id == contract.id
    )
    count = int(db.session.scalar(held) or 0)
    if not count:
        return None
    return ngettext(
        "This contract cannot end: %(num)s place is still held by somebody being supported.",
        "This contract cannot end: %(num)s places are still held by people being supported.",
        count,
    )


def last_day_passed(contract: Contract) -> Any:
    """A contract runs to the end of its last day in London."""
    return None if clock.today() > contract.ends_on else _("This contract has not run out yet.")


def grant_accounted_for(contract: Contract) -> Any:
    """A grant that was paid is closed with its report, or three months after its end."""
    paid = select(GrantInstalment.id).where(GrantInstalment.contract_id == contract.id)
    if contract.route != Route.GRANT or db.session.scalar(paid.limit(1)) is None:
        return None
    report = db.session.scalars(
        select(GrantReport).where(GrantReport.contract_id == contract.id)
    ).one_or_none()
    if report is not None and (
        report.state == ReportState.ACCEPTED or clock.today() > report.closes_on
    ):
        return None
    return _("This grant is closed once its report is accepted, or three months after its end.")


def run_out_nobody_placed_and_accounted_for(contract: Contract) -> Any:
    """Its last day has passed, every place has come back, and a grant has been reported on."""
    return last_day_passed(contract) or nobody_placed(contract) or grant_accounted_for(contract)


def every_case_decided_and_nobody_placed(contract: Contract) -> Any:
    """A contract ends before its time once no case is undecided and no place is held."""
    open_cases = (
        select(func.count())
        .select_from(ContinuityCase)
        .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
        .where(ContinuityAct.contract_id == contract.id, to_decide())
    )
    if db.session.scalar(open_cases):
        return _("This contract cannot end: some of its cases are not decided yet.")
    return nobody_placed(contract)


COMPLETE_SIGNING = Step(
    "complete_signing",
    frm=(ContractState.DRAFTED,),
    to=ContractState.SIGNED,
    label=_l("Complete the signing"),
    guard=signed_by_both,
)
MOBILISE = Step(
    "mobilise",
    frm=(ContractState.SIGNED,),
    to=ContractState.MOBILISING,
    label=_l("Start getting ready"),
)
GO_LIVE = Step(
    "go_live",
    frm=(ContractState.MOBILISING,),
    to=ContractState.LIVE,
    label=_l("Open for referrals"),
    permission=ContractPermission.GO_LIVE,
    guard=ready_to_go_live,
)
RUN_OFF = Step(
    "run_off",
    frm=(ContractState.LIVE,),
    to=ContractState.ENDING,
    label=_l("Close to new referrals"),
    guard=last_day_passed,
)
END = Step(
    "end",
    frm=(ContractState.LIVE, ContractState.ENDING),
    to=ContractState.ENDED,
    label=_l("End the contract"),
    guard=run_out_nobody_placed_and_accounted_for,
)
WIND_DOWN = Step(
    "wind_down",
    frm=(ContractState.LIVE,),
    to=ContractState.ENDING,
    label=_l("Wind down"),
)
TERMINATE = Step(
    "terminate",
    frm=(ContractState.MOBILISING, ContractState.LIVE, ContractState.ENDING),
    to=ContractState.TERMINATED,
    label=_l("Terminate the contract"),
    guard=every_case_decided_and_nobody_placed,
)

CONTRACT = Lifecycle(
    "contract",
    Contract,
    CONTRACT_STATES,
    [COMPLETE_SIGNING, MOBILISE, GO_LIVE, RUN_OFF, END, WIND_DOWN, TERMINATE],
)


def register(app: Flask) -> None:
    """List the contract's lifecycle among the application's."""
    lifecycles(app).append(CONTRACT)
