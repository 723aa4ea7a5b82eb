"""What this room adds: the grant on its pages, the jobs, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from lots.contracts.changes.lifecycle import IN_FORCE
from lots.contracts.grants import lifecycle, paying, permissions, queries, reporting, views
from lots.contracts.grants.models import (
    GrantReport,
    ReportState,
)
from lots.contracts.lifecycle import COMPLETE_SIGNING, RUN_OFF, TERMINATE, WIND_DOWN
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import CONFIRMERS, MANAGERS, side_of
from lots.models import Lot
from lots.vocabulary import Route, Source
from marketplace import clock, events
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments.paying.lifecycle import PAY, RETURN
from marketplace.registry import WaitingItem, panels, waiting

MOST = 10


def panel(contract: Contract, by: Acting) -> Markup | str:
    """On a grant's page: how it is paid, and its report."""
    if contract.route != Route.GRANT:
        return ""
    instalments = queries.instalments_of(contract)
    if not instalments:
        return ""
    return Markup(
        render_template(
            "lots/contracts/grants/_panel.html",
            contract=contract,
            instalments=instalments,
            report=reporting.report_of(contract.id),
            today=clock.today(),
            is_provider=side_of(by, contract) == Side.PROVIDER,
        )
    )


def public_panel(contract: Contract) -> Markup | str:
    """On a grant's public page: how long its decision took, and what came back."""
    if contract.route != Route.GRANT or contract.source != Source.OWN:
        return ""
    lot = db.session.get_one(Lot, contract.lot_id)
    report = reporting.report_of(contract.id)
    return Markup(
        render_template(
            "lots/contracts/grants/_public.html",
            days=queries.days_to_decide(lot),
            returned=report.unspent_pence if report and report.returned_at else 0,
        )
    )


def opportunity_panel(lot: Lot, by: Acting | None) -> Markup | str:
    """On the page of a decided grant: how long the decision took."""
    days = queries.days_to_decide(lot) if lot.source == Source.OWN else None
    if days is None:
        return ""
    return Markup(render_template("lots/contracts/grants/_public.html", days=days, returned=0))


def waits_for(by: Acting) -> list[WaitingItem]:
    """Reports to write and to read, money that comes back."""
    buyer = _of_buyer(by) if by.has(*MANAGERS) else []
    return [*buyer, *(_of_provider(by) if by.has(*CONFIRMERS[Side.PROVIDER]) else [])]


def _of_buyer(by: Acting) -> list[WaitingItem]:
    own = Contract.buyer_id == by.organisation_id
    is_late = GrantReport.due_on < clock.today()
    comes_back = (GrantReport.unspent_pence > 0) & GrantReport.returned_at.is_(None)
    return [
        *_reports(
            own & (GrantReport.state == ReportState.SENT),
            lambda reference: _("Read the report on %(reference)s", reference=reference),
        ),
        *_reports(
            own & (GrantReport.state == ReportState.WANTED) & is_late,
            lambda reference: _(
                "The report on %(reference)s is late. The provider has been reminded",
                reference=reference,
            ),
        ),
        *_reports(
            own & (GrantReport.state == ReportState.ACCEPTED) & comes_back,
            lambda reference: _(
                "Record what comes back of %(reference)s, once it has", reference=reference
            ),
        ),
    ]


def _of_provider(by: Acting) -> list[WaitingItem]:
    own = Contract.provider_id == by.organisation_id
    wanted = own & (GrantReport.state == ReportState.WANTED)
    is_late = GrantReport.due_on < clock.today()
    return [
        *_reports(
            wanted & is_late,
            lambda reference: _("Late: report on %(reference)s, one page", reference=reference),
        ),
        *_reports(
            wanted & ~is_late,
            lambda reference: _("Report on %(reference)s, one page", reference=reference),
        ),
    ]


def _reports(wanted: ColumnElement[bool], sentence: Callable[[str], str]) -> list[WaitingItem]:
    """These reports, the first due first."""
    found = (
        select(GrantReport.id, Contract.reference)
        .join(Contract, Contract.id == GrantReport.contract_id)
        .where(wanted)
        .order_by(GrantReport.due_on)
        .limit(MOST)
    )
    return [
        WaitingItem(sentence(reference), url_for("grants.report", report_id=report_id))
        for report_id, reference in db.session.execute(found)
    ]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    paying.register(app)
    reporting.register(app)
    app.register_blueprint(views.blueprint)
    events.when(app, COMPLETE_SIGNING, paying.plan)
    events.when(app, IN_FORCE, paying.follow_change)
    events.when(app, PAY, paying.paid)
    events.when(app, RETURN, paying.came_back)
    events.when(app, TERMINATE, paying.stop)
    for step in (RUN_OFF, WIND_DOWN, TERMINATE):
        events.when(app, step, reporting.want)
    panels(app).setdefault("contract", []).append(panel)
    panels(app).setdefault("contract_public", []).append(public_panel)
    panels(app).setdefault("opportunity", []).append(opportunity_panel)
    waiting(app).append(waits_for)
