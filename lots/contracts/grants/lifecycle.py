"""Every step of an instalment, and of the report on a grant."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.contracts.grants.models import (
    INSTALMENT_STATES,
    REPORT_STATES,
    GrantInstalment,
    GrantReport,
    InstalmentState,
    ReportState,
)
from lots.contracts.grants.permissions import GrantPermission
from lots.contracts.models import ContractState
from marketplace import clock
from marketplace.lifecycle import Lifecycle, Step, lifecycles

PAYS = (
    ContractState.SIGNED,
    ContractState.MOBILISING,
    ContractState.LIVE,
    ContractState.ENDING,
)


def day_reached(instalment: GrantInstalment) -> Any:
    """Nothing is owed before its day, nor under a grant that is over."""
    if instalment.contract.state not in PAYS:
        return _("This grant is over, so nothing more falls due.")
    return None if instalment.due_on <= clock.today() else _("This is not due yet.")


FALL_DUE = Step(
    "fall_due",
    frm=(InstalmentState.PLANNED,),
    to=InstalmentState.OWED,
    label=_l("Fall due"),
    guard=day_reached,
)
PAY = Step(
    "pay",
    frm=(InstalmentState.OWED,),
    to=InstalmentState.PAID,
    label=_l("Paid"),
)
COME_BACK = Step(
    "come_back",
    frm=(InstalmentState.PAID,),
    to=InstalmentState.OWED,
    label=_l("The payment came back"),
)
DROP = Step(
    "drop",
    frm=(InstalmentState.PLANNED,),
    to=InstalmentState.VOID,
    label=_l("Fall away"),
)
INSTALMENT = Lifecycle(
    "grant_instalment", GrantInstalment, INSTALMENT_STATES, [FALL_DUE, PAY, COME_BACK, DROP]
)

SEND = Step(
    "send",
    frm=(ReportState.WANTED,),
    to=ReportState.SENT,
    label=_l("Send the report"),
    permission=GrantPermission.WRITE_REPORT,
)
SEND_BACK = Step(
    "send_back",
    frm=(ReportState.SENT,),
    to=ReportState.WANTED,
    label=_l("Send it back"),
    permission=GrantPermission.JUDGE_REPORT,
)
ACCEPT = Step(
    "accept",
    frm=(ReportState.SENT,),
    to=ReportState.ACCEPTED,
    label=_l("Accept the report"),
    permission=GrantPermission.JUDGE_REPORT,
)
REPORT = Lifecycle("grant_report", GrantReport, REPORT_STATES, [SEND, SEND_BACK, ACCEPT])


def register(app: Flask) -> None:
    """List both lifecycles among the application's."""
    lifecycles(app).extend([INSTALMENT, REPORT])
