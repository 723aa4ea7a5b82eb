"""The frame around every page of one case: its head, its tabs, and what must not be missed.

Each room that has a page of a case adds its tab, and each that has something urgent to say of a
case adds a function that says it; both from its `register`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, render_template

from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.services.directory import Directory, listings_of


@dataclass(frozen=True)
class CaseTab:
    """One page of a case; `endpoint` takes `referral_id` alone. Smaller positions stand first."""

    label: Any
    endpoint: str
    position: int
    needs: ReferralPermission = ReferralPermission.SEE_CASE


@dataclass(frozen=True)
class CaseAlert:
    """One sentence at the head of every page of a case, with the address that deals with it."""

    text: str
    href: str | None = None


Alerts = Callable[[Referral, Acting], Sequence[CaseAlert]]


@dataclass
class CaseFrame:
    """What the rooms have added."""

    tabs: list[CaseTab] = field(default_factory=list)
    alerts: list[Alerts] = field(default_factory=list)


def case_frame(app: Flask | None = None) -> CaseFrame:
    """The frame to add to, and to draw from."""
    return (app or current_app).extensions["case_frame"]


def render_case(template: str, referral: Referral, by: Acting, **values: Any) -> str:
    """A page of a case; its template extends `referrals/cases/frame.html`."""
    frame = case_frame()
    services = listings_of([referral.contract_area_id], Directory())
    return render_template(
        template,
        referral=referral,
        service=services[referral.contract_area_id],
        tabs=[each for each in frame.tabs if allowed(by, each.needs, referral)],
        alerts=[alert for tells in frame.alerts for alert in tells(referral, by)],
        delivers=allowed(by, ReferralPermission.RESPOND, referral),
        **values,
    )


def register(app: Flask) -> None:
    """Give the application its empty frame."""
    app.extensions["case_frame"] = CaseFrame()
