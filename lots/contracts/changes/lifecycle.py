"""Every step of a change to a contract."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from lots.contracts.changes.endings import (
    areas_ended,
    brings_end_forward,
    stands_against,
    unnoticed,
)
from lots.contracts.changes.models import (
    CHANGE_STATES,
    ChangeParty,
    ChangeState,
    ContractChange,
)
from lots.contracts.changes.permissions import ChangePermission
from lots.contracts.continuity.cases import undecided_in
from lots.contracts.models import ContractState
from marketplace import clock
from marketplace.database import db
from marketplace.lifecycle import Lifecycle, Step, lifecycles

CHANGEABLE = (ContractState.MOBILISING, ContractState.LIVE)


def signed_by_all(change: ContractChange) -> Any:
    """Everybody it binds has signed the text that is kept."""
    missing = select(func.count()).where(
        ChangeParty.change_id == change.id,
        (ChangeParty.text_hash != change.text_hash) | ChangeParty.text_hash.is_(None),
    )
    return _("Everybody this change binds must sign first.") if db.session.scalar(missing) else None


def day_reached(change: ContractChange) -> Any:
    """A change applies from its day on, to a contract that still runs."""
    too_late = change.after.get("joined") and clock.today() > change.contract.ends_on
    if change.contract.state not in CHANGEABLE or too_late:
        return _("This contract is ending or has ended, so it can no longer be changed.")
    if change.effective_on > clock.today():
        return _("This change is in force from the day it names, not before.")
    if not brings_end_forward(change) and (problem := stands_against(change)):
        return problem
    if unnoticed(change):
        return _("Nothing ends before notice of it has been given.")
    if undecided_in(areas_ended(change)):
        return _("Nothing ends while an open case there is undecided.")
    return None


def contract_over(change: ContractChange) -> Any:
    """Nothing can be changed any more."""
    running = change.contract.state in CHANGEABLE
    return _("This contract still runs, so the change still stands.") if running else None


AGREE = Step(
    "agree",
    frm=(ChangeState.PROPOSED,),
    to=ChangeState.AGREED,
    label=_l("Complete the signing"),
    guard=signed_by_all,
)
IN_FORCE = Step(
    "in_force",
    frm=(ChangeState.AGREED,),
    to=ChangeState.IN_FORCE,
    label=_l("Put in force"),
    guard=day_reached,
)
WITHDRAW = Step(
    "withdraw",
    frm=(ChangeState.PROPOSED,),
    to=ChangeState.WITHDRAWN,
    label=_l("Withdraw the change"),
    permission=ChangePermission.WITHDRAW,
)
REFUSE = Step(
    "refuse",
    frm=(ChangeState.PROPOSED,),
    to=ChangeState.REFUSED,
    label=_l("Refuse the change"),
    permission=ChangePermission.REFUSE,
)
# The contract ended before everybody had signed, or before the change's day.
LAPSE = Step(
    "lapse",
    frm=(ChangeState.PROPOSED, ChangeState.AGREED),
    to=ChangeState.WITHDRAWN,
    label=_l("Fall away with the contract"),
    guard=contract_over,
)

CHANGE = Lifecycle(
    "contract_change", ContractChange, CHANGE_STATES, [AGREE, IN_FORCE, WITHDRAW, REFUSE, LAPSE]
)


def register(app: Flask) -> None:
    """List the change's lifecycle among the application's."""
    lifecycles(app).append(CHANGE)
