"""What the room of lists registers: its pages, its job, and what waits on the front page."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import ngettext

from marketplace import jobs
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem
from marketplace.registry import waiting as waiting_items
from referrals.lists import diary_views, indexing, queries, views
from referrals.lists.scopes import sight
from referrals.lists.tabs import Tab, in_tab
from referrals.permissions import PROVIDERS, ReferralPermission
from referrals.teams import actions as teams


def register(app: Flask) -> None:
    """Pages, the job that makes the keys of the search, and waiting items."""
    for blueprint in (views.my_cases, views.incoming, views.blueprint, diary_views.blueprint):
        app.register_blueprint(blueprint)
    jobs.register(app, "index cases for search", indexing.index_cases)
    waiting_items(app).append(waits_for)


def waits_for(by: Acting) -> list[WaitingItem]:
    """Referrals or questions to answer, concerns, what is overdue, colleagues to confirm."""
    is_provider = by.has(*PROVIDERS) and allowed(by, ReferralPermission.INCOMING)
    if not is_provider and not allowed(by, ReferralPermission.MY_CASES):
        return []
    endpoint = "incoming.index" if is_provider else "my_cases.index"
    tabs = (
        (Tab.NEW, Tab.UNASSIGNED, Tab.OVERDUE)
        if is_provider
        else (Tab.CONCERNS, Tab.QUESTIONS, Tab.DECLINED, Tab.OVERDUE)
    )
    seen = sight(by)
    found = []
    for tab in tabs:
        number = queries.count(seen, in_tab(tab, by))
        if number:
            found.append(WaitingItem(_words(tab, number), url_for(endpoint, show=tab), number))
    to_confirm = teams.requests_count(by)
    if to_confirm:
        text = ngettext("%(num)s colleague to confirm", "%(num)s colleagues to confirm", to_confirm)
        found.append(WaitingItem(text, url_for("teams.requests"), to_confirm))
    return found


def _words(tab: Tab, number: int) -> str:
    words = {
        Tab.NEW: ngettext("%(num)s referral to answer", "%(num)s referrals to answer", number),
        Tab.UNASSIGNED: ngettext(
            "%(num)s case without a caseworker", "%(num)s cases without a caseworker", number
        ),
        Tab.CONCERNS: ngettext("%(num)s concern to read", "%(num)s concerns to read", number),
        Tab.QUESTIONS: ngettext(
            "%(num)s question from a provider", "%(num)s questions from providers", number
        ),
        Tab.DECLINED: ngettext(
            "%(num)s declined referral to send elsewhere",
            "%(num)s declined referrals to send elsewhere",
            number,
        ),
        Tab.OVERDUE: ngettext("%(num)s overdue case", "%(num)s overdue cases", number),
    }
    return words[tab]
