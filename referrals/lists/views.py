"""The pages of sent referrals: the lists of both sides, one case, and what is done with it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.paging import page_asked
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.drafts.queries import drafts_of
from referrals.lists import queries
from referrals.lists.forms import LookUpForm
from referrals.lists.queries import PRACTITIONER_TABS, PROVIDER_TABS, TABS, Tab
from referrals.permissions import ReferralPermission
from referrals.services.directory import Directory
from referrals.teams import actions as teams
from referrals.teams.views import unit_names

my_cases = Blueprint("my_cases", "referrals", template_folder="templates")
incoming = Blueprint("incoming", "referrals", template_folder="templates")
blueprint = Blueprint("lists", "referrals", template_folder="templates")


@my_cases.get("/my-cases")
@requires(ReferralPermission.MY_CASES)
@sensitive
def index() -> str:
    """The practitioner's own and their team's cases."""
    return _list("my_cases.index", PRACTITIONER_TABS, LookUpForm(formdata=None))


@incoming.get("/referrals", endpoint="index")
@requires(ReferralPermission.INCOMING)
@sensitive
def incoming_index() -> str:
    """The referrals of the provider acted for."""
    return _list("incoming.index", PROVIDER_TABS, LookUpForm(formdata=None))


def _list(endpoint: str, tabs: tuple[Tab, ...], form: LookUpForm) -> str:
    by = actor()
    asked = request.args.get("show", "")
    tab = Tab(asked) if asked in tabs else tabs[0]
    own_only = request.args.get("whose") == "own"
    team = teams.team_of(by) if endpoint == "my_cases.index" else None
    return render_template(
        "referrals/cases/list.html",
        endpoint=endpoint,
        tabs=[(each, TABS[each]) for each in tabs],
        tab=tab,
        tab_label=TABS[tab],
        own_only=own_only,
        page=queries.cases(by, tab, page_asked(), own_only=own_only),
        form=form,
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
    directory = Directory()
    return render_template(
        "referrals/my_cases/drafts.html", drafts=drafts_of(actor()), services=directory.services
    )


@blueprint.post("/cases/look-up")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def look_up() -> str | Response:
    """Exact look-up among the cases one may see; a single hit opens it."""
    by = actor()
    form = LookUpForm()
    found = queries.look_up(form.what.data, by) if form.validate() else []
    if len(found) == 1:
        return redirect(url_for("cases.show", referral_id=found[0].id), 303)
    return render_template("referrals/cases/look_up.html", form=form, rows=found)
