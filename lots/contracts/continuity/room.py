"""What this room adds to the application: pages, a panel, the job, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import func, select

from lots.contracts.changes.lifecycle import AGREE, IN_FORCE
from lots.contracts.continuity import (
    agreed,
    completing,
    lifecycle,
    permissions,
    queries,
    views,
)
from lots.contracts.continuity.actions import LET_GO, MAY_STOP
from lots.contracts.continuity.cases import to_decide
from lots.contracts.continuity.lifecycle import RUNS
from lots.contracts.continuity.models import (
    ACT_KINDS,
    ActKind,
    ActState,
    ContinuityAct,
    ContinuityCase,
)
from lots.contracts.continuity.permissions import DECIDERS, ContinuityPermission
from lots.contracts.models import Contract
from lots.contracts.permissions import MANAGERS
from marketplace import clock, events
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels, waiting

MOST = 10


def panel(contract: Contract, by: Acting) -> Markup | str:
    """Its notices on the contract's page, and the ways to a new one."""
    acts = queries.acts_of(contract)
    may_propose = contract.state in RUNS and allowed(by, ContinuityPermission.PROPOSE, contract)
    may_stop = contract.state in MAY_STOP and allowed(by, ContinuityPermission.STOP, contract)
    if not acts and not may_propose and not may_stop:
        return ""
    return Markup(
        render_template(
            "lots/contracts/continuity/_panel.html",
            contract=contract,
            acts=acts,
            kinds=ACT_KINDS,
            may_propose=may_propose,
            may_stop=may_stop,
        )
    )


def waits_for(by: Acting) -> list[WaitingItem]:
    """Endings to confirm, and acts whose decisions are late."""
    found = []
    if by.has(*DECIDERS):
        found += [
            WaitingItem(
                _("Confirm that %(reference)s ends early", reference=reference),
                url_for("continuity.show", act_id=act_id),
            )
            for act_id, reference in _proposed(by)
        ]
    if by.has(*MANAGERS):
        found += [
            WaitingItem(
                ngettext(
                    "%(num)s late decision on a case under %(reference)s",
                    "%(num)s late decisions on cases under %(reference)s",
                    count,
                    reference=reference,
                ),
                url_for("continuity.show", act_id=act_id),
            )
            for act_id, reference, count in _late(by)
        ]
    return found


def _proposed(by: Acting) -> Iterable[Any]:
    return db.session.execute(
        select(ContinuityAct.id, Contract.reference)
        .join(Contract, Contract.id == ContinuityAct.contract_id)
        .where(Contract.buyer_id == by.organisation_id, ContinuityAct.state == ActState.PROPOSED)
        .order_by(Contract.reference)
        .limit(MOST)
    )


def _late(by: Acting) -> Iterable[Any]:
    """Each act with the number of its decisions that are late."""
    return db.session.execute(
        select(ContinuityAct.id, Contract.reference, func.count())
        .join(Contract, Contract.id == ContinuityAct.contract_id)
        .join(ContinuityCase, ContinuityCase.act_id == ContinuityAct.id)
        .where(
            Contract.buyer_id == by.organisation_id,
            to_decide(),
            ContinuityCase.due_at <= clock.now(),
        )
        .group_by(ContinuityAct.id, Contract.reference)
        .order_by(Contract.reference)
        .limit(MOST)
    )


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    completing.register(app)
    app.register_blueprint(views.blueprint)
    events.when(app, AGREE, agreed.change_agreed)
    events.when(app, IN_FORCE, agreed.change_in_force)
    events.when(app, LET_GO, agreed.act_let_go)
    panels(app).setdefault("contract", []).append(panel)
    waiting(app).append(waits_for)
    # A mail's facts are text.
    app.jinja_env.filters.update(
        act_kind=lambda kind: ACT_KINDS[ActKind(kind)],
        iso_day=date.fromisoformat,
    )
    app.jinja_env.globals.update(leaving=queries.leaving)
