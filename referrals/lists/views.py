"""The pages of the lists of both sides, and finding a case again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.acting import Acting
from marketplace.database import write
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from marketplace.web.tables import csv_file
from referrals.drafts.queries import drafts_of
from referrals.lists import asking, queries, saving, searching
from referrals.lists.asking import asked
from referrals.lists.folding import whole
from referrals.lists.forms import LookUpForm, SaveForm, filters
from referrals.lists.overdue import tables as overdue_tables
from referrals.lists.rows import CaseRow
from referrals.lists.saving import SaveReason
from referrals.lists.scopes import sight
from referrals.lists.tabs import TABS, tabs_for
from referrals.permissions import ReferralPermission
from referrals.services.directory import directory_now
from referrals.teams import actions as teams
from referrals.teams.actions import unit_names

my_cases = Blueprint("my_cases", "referrals", template_folder="templates")
incoming = Blueprint("incoming", "referrals", template_folder="templates")
blueprint = Blueprint("lists", "referrals", template_folder="templates")


@my_cases.get("/my-cases")
@requires(ReferralPermission.MY_CASES)
@sensitive
def index() -> str:
    """The practitioner's own and their team's cases."""
    return _list("my_cases.index")


@incoming.get("/referrals", endpoint="index")
@requires(ReferralPermission.INCOMING)
@sensitive
def incoming_index() -> str:
    """The referrals of the provider acted for."""
    return _list("incoming.index")


def _list(endpoint: str) -> str:
    by = actor()
    tabs = tabs_for(by)
    wanted = asked(request.args, tabs)
    seen = sight(by)
    services = asking.service_choices(by, seen)
    of_provider = endpoint == "incoming.index"
    team = teams.team_of(by) if endpoint == "my_cases.index" else None
    return render_template(
        "referrals/lists/list.html",
        endpoint=endpoint,
        tabs=[(each, TABS[each]) for each in tabs],
        asked=wanted,
        label=TABS[wanted.tab],
        page=queries.page(by, wanted, seen),
        most=queries.MOST_COUNTED,
        filter=filters(wanted, services, asking.person_choices(by), of_provider=of_provider),
        waiting=queries.waiting_for(services) if of_provider else [],
        may_see_figures=allowed(by, ReferralPermission.SEE_OVERDUE),
        may_save=allowed(by, ReferralPermission.SAVE_LIST),
        form=LookUpForm(formdata=None),
        team=team,
        unit=unit_names().get(team.delivery_unit_code) if team else None,
        may_refer=allowed(by, ReferralPermission.REFER),
        has_team=by.region_code is not None and endpoint == "my_cases.index",
    )


@my_cases.get("/my-cases/drafts")
@requires(ReferralPermission.REFER)
@sensitive
def drafts() -> str:
    """The drafts of this person, which nobody else sees."""
    directory = directory_now()
    return render_template(
        "referrals/my_cases/drafts.html", drafts=drafts_of(actor()), services=directory.services
    )


@blueprint.post("/cases/look-up")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def look_up() -> str | Response:
    """Find cases one may see; one found by its whole CRN or reference opens at once.

    Fewer letters open nothing: who was looked at by chance would stand in the record of reads.

    Posted, so that nothing about a person stands in an address or a log.
    """
    by = actor()
    form = LookUpForm()
    found = searching.search(form.what.data, by) if form.validate() else None
    if found and len(found.rows) == 1 and is_whole(form.what.data, found.rows[0]):
        return redirect(url_for("cases.show", referral_id=found.rows[0].id), 303)
    return render_template("referrals/lists/look_up.html", form=form, found=found)


def is_whole(typed: str, row: CaseRow) -> bool:
    """Whether all of this case's CRN or reference was typed."""
    return whole(typed) in (whole(row.crn), whole(row.reference))


@blueprint.get("/cases/overdue")
@requires(ReferralPermission.SEE_OVERDUE)
@sensitive
def overdue() -> str:
    """How many cases are overdue, by caseworker, team, provider and contract."""
    by = actor()
    return render_template(
        "referrals/lists/overdue.html", tables=overdue_tables(by), endpoint=_endpoint(by)
    )


@blueprint.route("/cases/save", methods=["GET", "POST"])
@requires(ReferralPermission.SAVE_LIST)
@sensitive
def save() -> str | Response:
    """Save a part of a list as a table, once it is said why."""
    by = actor()
    wanted = asked(request.args, tabs_for(by))
    form = SaveForm()
    if request.method == "POST" and form.validate():
        with write():
            part = saving.save(wanted, SaveReason(form.reason.data), form.names.data, by)
        return csv_file(f"cases-{wanted.tab}.csv", part.header, part.rows)
    size, after = saving.size_of_part(wanted, by)
    return render_template(
        "referrals/lists/save.html",
        form=form if size else None,
        asked=wanted,
        here=request.args.get("after") if wanted.cursor else None,
        label=TABS[wanted.tab],
        size=size,
        after=after,
        may_name=allowed(by, ReferralPermission.SAVE_NAMES),
        endpoint=_endpoint(by),
    )


def _endpoint(by: Acting) -> str | None:
    if allowed(by, ReferralPermission.INCOMING):
        return "incoming.index"
    return "my_cases.index" if allowed(by, ReferralPermission.MY_CASES) else None
