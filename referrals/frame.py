"""The frame around every page of one case: its head, its tabs, and what must not be missed.

Each room that has a page of a case adds its tab, and from its `register` too: what is urgent, what
the reader can do now, and what has happened; the page of progress shows the last two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app, render_template

from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.services.directory import directory_now, listings_of

# Actions from this position on are never the main button of a page.
OTHERS_FROM = 50


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


@dataclass(frozen=True)
class CaseAction:
    """Something the reader can do now; the smallest position below `OTHERS_FROM` is the main one.

    `post` is for what is done at once, without a page of its own.
    """

    label: Any
    href: str
    position: int
    post: bool = False


@dataclass(frozen=True)
class Milestone:
    """Something that happened, for both sides to read; `words` somebody wrote, `href` for more.

    Without `has_time` only the day was recorded, and `at` is its place among the others.
    """

    at: datetime
    text: str
    href: str | None = None
    words: str | None = None
    has_time: bool = True


@dataclass
class CaseFrame:
    """What the rooms have added."""

    tabs: list[CaseTab] = field(default_factory=list)
    alerts: list[Callable[[Referral, Acting], Sequence[CaseAlert]]] = field(default_factory=list)
    actions: list[Callable[[Referral, Acting], Sequence[CaseAction]]] = field(default_factory=list)
    milestones: list[Callable[[Referral, Acting], Sequence[Milestone]]] = field(
        default_factory=list
    )


def case_frame(app: Flask | None = None) -> CaseFrame:
    """The frame to add to, and to draw from."""
    return (app or current_app).extensions["case_frame"]


def actions_of(referral: Referral, by: Acting) -> list[CaseAction]:
    """What this reader can do now, the main thing first."""
    found = [each for offers in case_frame().actions for each in offers(referral, by)]
    return sorted(found, key=lambda each: each.position)


def milestones_of(referral: Referral, by: Acting) -> list[Milestone]:
    """What has happened, the earliest first."""
    found = [each for tells in case_frame().milestones for each in tells(referral, by)]
    return sorted(found, key=lambda each: each.at)


def render_case(template: str, referral: Referral, by: Acting, **values: Any) -> str:
    """A page of a case; its template extends `referrals/cases/frame.html`."""
    frame = case_frame()
    services = listings_of([referral.contract_area_id], directory_now())
    # Each permission once: of a partner every question is a statement.
    held = {needs: allowed(by, needs, referral) for needs in {each.needs for each in frame.tabs}}
    return render_template(
        template,
        referral=referral,
        service=services[referral.contract_area_id],
        tabs=sorted(
            (each for each in frame.tabs if held[each.needs]), key=lambda each: each.position
        ),
        alerts=[alert for tells in frame.alerts for alert in tells(referral, by)],
        delivers=allowed(by, ReferralPermission.RESPOND, referral),
        **values,
    )


def register(app: Flask) -> None:
    """Give the application its empty frame."""
    app.extensions["case_frame"] = CaseFrame()
