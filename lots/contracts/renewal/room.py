"""What this room adds: the radar, what hangs on pages of contracts and lots, and what waits."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from lots.contracts.models import Contract
from lots.contracts.renewal import permissions, queries, radar, views
from lots.contracts.renewal.lessons import shown_lessons
from lots.contracts.renewal.models import BANDS, CHOICES, NEW_LOT, RenewalDecision
from lots.contracts.renewal.permissions import DECIDING, RenewalPermission
from lots.models import Lot
from lots.permissions import DRAFTERS
from marketplace import clock
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels, waiting

MOST = 10


def contract_panel(contract: Contract, by: Acting) -> Markup | str:
    """On a contract's page, for its buyer: when it comes up and what was decided."""
    if contract.state not in radar.WATCHED or not allowed(by, RenewalPermission.SEE, contract):
        return ""
    return Markup(
        render_template(
            "lots/contracts/renewal/_panel.html",
            contract=contract,
            band=radar.band_of(contract.ends_on, clock.today()),
            standing=queries.standing(contract),
            choices=CHOICES,
        )
    )


def public_panel(contract: Contract) -> Markup | str:
    """On a contract's public page: what comes after it, and why."""
    standing = queries.standing(contract)
    if standing is None:
        return ""
    return Markup(
        render_template(
            "lots/contracts/renewal/_public.html",
            decision=standing,
            choices=CHOICES,
            lot=standing.lot if standing.lot and standing.lot.planned_at else None,
        )
    )


def lot_panel(lot: Lot, by: Acting) -> Markup | str:
    """On the next lot's page, for its buyer: the lessons of the last one."""
    decision = queries.decision_behind(lot.id)
    if decision is None or not allowed(by, RenewalPermission.SEE, decision.contract):
        return ""
    lessons = queries.lessons_of(decision.contract, decision.note)
    return Markup(
        render_template(
            "lots/contracts/renewal/_lot.html", decision=decision, lessons=shown_lessons(lessons)
        )
    )


def opportunity_panel(lot: Lot, by: Acting | None) -> Markup | str:
    """On a planned lot's public page: which contract it follows, and why."""
    decision = queries.decision_behind(lot.id)
    if decision is None:
        return ""
    return Markup(render_template("lots/contracts/renewal/_follows.html", decision=decision))


def waits_for(by: Acting) -> list[WaitingItem]:
    """Contracts to decide about, and lots to begin."""
    found = []
    if by.has(*DECIDING):
        near = select(Contract.id, Contract.reference, Contract.ends_on).where(
            *radar.watched(),
            Contract.buyer_id == by.organisation_id,
            Contract.ends_on < months_later(clock.today(), max(BANDS)),
            ~radar.decided(),
        )
        found += [
            WaitingItem(
                _(
                    "Decide what comes after %(reference)s, which ends on %(day)s",
                    reference=reference,
                    day=format_date(ends_on, "d MMMM y"),
                ),
                url_for("renewal.show", contract_id=contract_id),
            )
            for contract_id, reference, ends_on in db.session.execute(
                near.order_by(Contract.ends_on).limit(MOST)
            )
        ]
    return found + (_lots_to_begin(by) if by.has(*DRAFTERS) else [])


def _lots_to_begin(by: Acting) -> list[WaitingItem]:
    rows = db.session.execute(
        select(Contract.id, Contract.reference)
        .join(RenewalDecision, RenewalDecision.contract_id == Contract.id)
        .where(
            *radar.watched(),
            Contract.buyer_id == by.organisation_id,
            RenewalDecision.ends_on == Contract.ends_on,
            RenewalDecision.replaced_at.is_(None),
            RenewalDecision.choice.in_(NEW_LOT),
            RenewalDecision.lot_id.is_(None),
        )
        .order_by(Contract.ends_on)
        .limit(MOST)
    )
    return [
        WaitingItem(
            _("Begin the lot that follows %(reference)s", reference=reference),
            url_for("renewal.show", contract_id=contract_id),
        )
        for contract_id, reference in rows
    ]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    radar.register(app)
    app.register_blueprint(views.blueprint)
    panels(app).setdefault("contract", []).append(contract_panel)
    panels(app).setdefault("contract_public", []).append(public_panel)
    panels(app).setdefault("lot", []).append(lot_panel)
    panels(app).setdefault("opportunity", []).append(opportunity_panel)
    waiting(app).append(waits_for)
