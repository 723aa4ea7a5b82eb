"""Using what is bought: the directory, referrals, the waiting list, and the work with people."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lots.contracts.changes.lifecycle import IN_FORCE
from lots.contracts.delivery.vocabulary import MEASURE as INDICATORS
from lots.contracts.lifecycle import END, RUN_OFF
from lots.contracts.places import PLACES_FREED
from marketplace import events, jobs
from marketplace.lifecycle import lifecycles
from marketplace.registry import NavigationEntry, measures, navigation
from referrals import (
    counts,
    demonstration,
    escalating,
    frame,
    indicators,
    permissions,
    results,
    waiting,
    words,
)
from referrals.amending import room as amending
from referrals.answering import people_views
from referrals.answering import views as answering_views
from referrals.answering.assigning import partners_changed
from referrals.bulletins import room as bulletins
from referrals.case_system import room as case_system
from referrals.cases import progress
from referrals.cases import views as case_views
from referrals.continuity import room as continuity
from referrals.corrections import room as corrections
from referrals.delivery import room as delivery
from referrals.drafts import room as drafts
from referrals.earlier import room as earlier
from referrals.early_ends import room as early_ends
from referrals.ending import room as ending
from referrals.equality import room as equality
from referrals.frame import CaseTab, case_frame
from referrals.groups import room as groups
from referrals.handing import room as handing
from referrals.lifecycle import REFERRAL
from referrals.lists import room as lists
from referrals.notes import room as notes
from referrals.outcomes import views as outcome_views
from referrals.permissions import ReferralPermission
from referrals.plans import room as plans
from referrals.reads import views as read_views
from referrals.reminders import room as reminders
from referrals.sending import views as send_views
from referrals.services import room as services
from referrals.teams import views as team_views
from referrals.write_back import room as write_back

TABS = (
    CaseTab(_l("Progress"), "cases.show", 10),
    CaseTab(_l("The referral"), "cases.details", 20),
    CaseTab(_l("People"), "people_of_case.show", 70),
)


def register(app: Flask) -> None:
    """Pages, permissions, lifecycle, handlers, jobs, measures, navigation and waiting items."""
    permissions.register(app)
    frame.register(app)
    case_frame(app).tabs.extend(TABS)
    case_frame(app).actions.append(progress.offers)
    case_frame(app).milestones.append(progress.milestones)
    words.register(app)
    lifecycles(app).append(REFERRAL)
    for blueprint in (
        case_views.blueprint,
        answering_views.blueprint,
        people_views.blueprint,
        read_views.blueprint,
        team_views.blueprint,
        send_views.blueprint,
    ):
        app.register_blueprint(blueprint)
    events.when(app, PLACES_FREED, waiting.places_freed)
    events.when(app, IN_FORCE, partners_changed)
    events.when(app, RUN_OFF, waiting.end_waiting)
    events.when(app, END, waiting.end_waiting)
    jobs.register(app, "tell of clocks that ran out", escalating.escalate, escalating.next_expiry)
    jobs.register(app, "place people who wait", waiting.place_when_due, waiting.next_due)
    services.register(app)
    jobs.register(app, "count results of services", results.count, results.next_count)
    case_system.register(app)
    drafts.register(app)
    outcome_views.register(app)
    plans.register(app)
    ending.register(app)
    delivery.register(app)
    corrections.register(app)
    groups.register(app)
    reminders.register(app)
    continuity.register(app)
    lists.register(app)
    earlier.register(app)
    write_back.register(app)
    early_ends.register(app)
    notes.register(app)
    amending.register(app)
    handing.register(app)
    equality.register(app)
    bulletins.register(app)
    measures(app)["delivered"] = counts.delivered
    measures(app)[INDICATORS] = indicators.indicators
    demonstration.register(app)
    navigation(app).append(NavigationEntry(_l("Services"), "services.index", position=20))
    navigation(app).append(
        NavigationEntry(_l("My cases"), "my_cases.index", ReferralPermission.MY_CASES, 30)
    )
    navigation(app).append(
        NavigationEntry(_l("Referrals"), "incoming.index", ReferralPermission.INCOMING, 30)
    )
    navigation(app).append(
        NavigationEntry(_l("Sessions"), "diary.index", ReferralPermission.INCOMING, 32)
    )
    navigation(app).append(
        NavigationEntry(_l("Overdue cases"), "lists.overdue", ReferralPermission.SEE_OVERDUE, 75)
    )
    navigation(app).append(
        NavigationEntry(_l("Reads of cases"), "reads.index", ReferralPermission.AUDIT_READS, 80)
    )
