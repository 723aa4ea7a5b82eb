"""Using what is bought: the directory, referrals, the waiting list, and the work with people."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lots.contracts.changes.lifecycle import IN_FORCE
from lots.contracts.delivery.vocabulary import MEASURE as INDICATORS
from lots.contracts.lifecycle import END, RUN_OFF
from lots.contracts.places import PLACES_FREED
from marketplace import clock, events, jobs
from marketplace.acting import Acting
from marketplace.lifecycle import lifecycles
from marketplace.permissions import allowed
from marketplace.registry import NavigationEntry, WaitingItem, measures, navigation
from marketplace.registry import waiting as waiting_items
from referrals import (
    counts,
    demonstration,
    frame,
    indicators,
    permissions,
    waiting,
    words,
)
from referrals.answering import people_views
from referrals.answering import views as answering_views
from referrals.answering.assigning import partners_changed
from referrals.cases import views as case_views
from referrals.continuity import room as continuity
from referrals.delivery import room as delivery
from referrals.drafts import actions as drafts
from referrals.drafts import views as draft_views
from referrals.early_ends import room as early_ends
from referrals.ending import views as ending_views
from referrals.frame import CaseTab, case_frame
from referrals.groups import room as groups
from referrals.lifecycle import REFERRAL
from referrals.lists import queries
from referrals.lists import views as list_views
from referrals.lists.queries import Tab
from referrals.outcomes import views as outcome_views
from referrals.permissions import PROVIDERS, ReferralPermission
from referrals.reminders import room as reminders
from referrals.reads import views as read_views
from referrals.sending import views as send_views
from referrals.services import views as service_views
from referrals.teams import actions as teams
from referrals.teams import views as team_views

TABS = (
    CaseTab(_l("Progress"), "cases.show", 10),
    CaseTab(_l("The referral"), "cases.details", 20),
    CaseTab(_l("People"), "people_of_case.show", 70),
)


def waits_for(by: Acting) -> list[WaitingItem]:
    """Referrals to answer, cases that are overdue, colleagues to confirm; three statements."""
    is_provider = by.has(*PROVIDERS) and allowed(by, ReferralPermission.INCOMING)
    if not is_provider and not allowed(by, ReferralPermission.MY_CASES):
        return []
    endpoint = "incoming.index" if is_provider else "my_cases.index"
    to_answer, overdue = queries.waiting_counts(by, clock.today())
    found = []
    if to_answer:
        text = (
            ngettext("%(num)s referral to answer", "%(num)s referrals to answer", to_answer)
            if is_provider
            else ngettext(
                "%(num)s question from a provider", "%(num)s questions from providers", to_answer
            )
        )
        tab = Tab.NEW if is_provider else Tab.QUESTIONS
        found.append(WaitingItem(text, url_for(endpoint, show=tab), to_answer))
    if overdue:
        text = ngettext("%(num)s overdue case", "%(num)s overdue cases", overdue)
        found.append(WaitingItem(text, url_for(endpoint, show=Tab.OVERDUE), overdue))
    to_confirm = teams.requests_count(by)
    if to_confirm:
        text = ngettext("%(num)s colleague to confirm", "%(num)s colleagues to confirm", to_confirm)
        found.append(WaitingItem(text, url_for("teams.requests"), to_confirm))
    return found


def register(app: Flask) -> None:
    """Pages, permissions, lifecycle, handlers, jobs, measures, navigation and waiting items."""
    permissions.register(app)
    frame.register(app)
    case_frame(app).tabs.extend(TABS)
    words.register(app)
    lifecycles(app).append(REFERRAL)
    for blueprint in (
        service_views.blueprint,
        list_views.my_cases,
        list_views.incoming,
        list_views.blueprint,
        case_views.blueprint,
        answering_views.blueprint,
        people_views.blueprint,
        read_views.blueprint,
        team_views.blueprint,
        draft_views.blueprint,
        send_views.blueprint,
    ):
        app.register_blueprint(blueprint)
    events.when(app, PLACES_FREED, waiting.places_freed)
    events.when(app, IN_FORCE, partners_changed)
    events.when(app, RUN_OFF, waiting.end_waiting)
    events.when(app, END, waiting.end_waiting)
    jobs.register(app, "place people after pauses", waiting.place_after_pauses, waiting.next_return)
    jobs.register(app, "delete expired drafts", drafts.delete_expired, drafts.next_expiry)
    outcome_views.register(app)
    ending_views.register(app)
    delivery.register(app)
    groups.register(app)
    reminders.register(app)
    continuity.register(app)
    early_ends.register(app)
    measures(app)["delivered"] = counts.delivered
    measures(app)[INDICATORS] = indicators.indicators
    demonstration.register(app)
    waiting_items(app).append(waits_for)
    navigation(app).append(NavigationEntry(_l("Services"), "services.index", position=20))
    navigation(app).append(
        NavigationEntry(_l("My cases"), "my_cases.index", ReferralPermission.MY_CASES, 30)
    )
    navigation(app).append(
        NavigationEntry(_l("Referrals"), "incoming.index", ReferralPermission.INCOMING, 30)
    )
    navigation(app).append(
        NavigationEntry(_l("Reads of cases"), "reads.index", ReferralPermission.AUDIT_READS, 80)
    )
