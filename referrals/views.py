"""The pages of sent referrals: the lists of both sides, one case, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.paging import page_asked
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form, SelectChoice
from marketplace.web.headers import sensitive
from referrals import actions, case_page, queries, teams, waiting
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.delivery.models import POSITIONS
from referrals.drafts.queries import drafts_of
from referrals.find import Directory
from referrals.forms import (
    AssignForm,
    DeclineForm,
    EndEarlyForm,
    LookUpForm,
    QueryForm,
    ReplyForm,
    WithdrawForm,
)
from referrals.lifecycle import REFERRAL
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.queries import PRACTITIONER_TABS, PROVIDER_TABS, TABS, Tab
from referrals.team_views import unit_names

my_cases = Blueprint("my_cases", "referrals", template_folder="templates")
incoming = Blueprint("incoming", "referrals", template_folder="templates")
cases = Blueprint("cases", "referrals", template_folder="templates")


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


@cases.post("/cases/look-up")
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


@cases.get("/cases/<uuid:referral_id>")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def show(referral_id: UUID) -> str:
    """One case, for both sides; reading it is recorded."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    is_waiting = referral.state == ReferralState.WAITING
    is_late = is_waiting and waiting.date_has_passed(referral.complete_by, clock.today())
    return render_template(
        "referrals/cases/show.html",
        case=case_page.load(referral),
        offers={step.name for step in REFERRAL.offers(referral, by)},
        may_assign=allowed(by, ReferralPermission.ASSIGN, referral),
        may_deliver=allowed(by, ReferralPermission.DELIVER, referral),
        position=waiting.position(referral) if is_waiting else None,
        is_late=is_late,
        positions=POSITIONS,
    )


@cases.get("/cases/<uuid:referral_id>/risk")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def risk(referral_id: UUID) -> str:
    """The risk information, apart from the case; reading it is recorded on its own."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral_risk", referral_id, by)
    return render_template(
        "referrals/cases/risk.html", referral=referral, risk=case_page.risk_of(referral)
    )


@cases.get("/cases/<uuid:referral_id>/sent")
@requires(ReferralPermission.MY_CASES)
@sensitive
def sent(referral_id: UUID) -> str:
    """The confirmation after sending."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    is_waiting = referral.state == ReferralState.WAITING
    return render_template(
        "referrals/cases/sent.html",
        referral=referral,
        position=waiting.position(referral) if is_waiting else None,
    )


@cases.post("/cases/<uuid:referral_id>/accept")
@requires(ReferralPermission.RESPOND)
@sensitive
def accept(referral_id: UUID) -> Response:
    """Accept."""
    with write():
        actions.accept(referral_id, actor())
    return _back(referral_id, _("The referral is accepted. The practitioner has been told."))


@cases.route("/cases/<uuid:referral_id>/query", methods=["GET", "POST"])
@requires(ReferralPermission.RESPOND)
@sensitive
def query(referral_id: UUID) -> str | Response:
    """Ask the practitioner something."""
    return _step(
        referral_id,
        QueryForm(),
        lambda form, by: actions.query(referral_id, form.text.data, by),
        _("Send the question"),
        _("Your question has been sent. The clocks rest until the reply."),
    )


@cases.route("/cases/<uuid:referral_id>/reply", methods=["GET", "POST"])
@requires(ReferralPermission.REPLY)
@sensitive
def reply(referral_id: UUID) -> str | Response:
    """Reply to the provider's question."""
    return _step(
        referral_id,
        ReplyForm(),
        lambda form, by: actions.reply(referral_id, form.text.data, by),
        _("Send the reply"),
        _("Your reply has been sent to the provider."),
    )


@cases.route("/cases/<uuid:referral_id>/decline", methods=["GET", "POST"])
@requires(ReferralPermission.RESPOND)
@sensitive
def decline(referral_id: UUID) -> str | Response:
    """Decline with a coded reason."""
    return _step(
        referral_id,
        DeclineForm(),
        lambda form, by: actions.decline(referral_id, DeclineReason(form.reason.data), by),
        _("Decline the referral"),
        _("The referral is declined. The practitioner has been told."),
    )


@cases.route("/cases/<uuid:referral_id>/withdraw", methods=["GET", "POST"])
@requires(ReferralPermission.END)
@sensitive
def withdraw(referral_id: UUID) -> str | Response:
    """Take a referral back before the work has begun."""
    return _step(
        referral_id,
        WithdrawForm(),
        lambda form, by: actions.withdraw(
            referral_id, EndReason(form.reason.data), form.comment.data or "", by
        ),
        _("Withdraw the referral"),
        _("The referral is withdrawn."),
    )


@cases.route("/cases/<uuid:referral_id>/end-early", methods=["GET", "POST"])
@requires(ReferralPermission.END)
@sensitive
def end_early(referral_id: UUID) -> str | Response:
    """End the work before its end report."""
    return _step(
        referral_id,
        EndEarlyForm(),
        lambda form, by: actions.end_early(
            referral_id, EndReason(form.reason.data), form.comment.data or "", by
        ),
        _("End the work"),
        _("The work has ended. The provider has been told."),
    )


@cases.route("/cases/<uuid:referral_id>/assign", methods=["GET", "POST"])
@requires(ReferralPermission.ASSIGN)
@sensitive
def assign(referral_id: UUID) -> str | Response:
    """Have somebody work on the case."""
    form = AssignForm()
    staff = [SelectChoice(str(person_id), name) for person_id, name in queries.staff_of(actor())]
    form.person.choices = [SelectChoice("", _("Choose a person")), *staff]
    return _step(
        referral_id,
        form,
        lambda form, by: actions.assign(referral_id, UUID(form.person.data), by),
        _("Assign"),
        _("They now work on this case."),
    )


@cases.post("/cases/<uuid:referral_id>/unassign/<uuid:person_id>")
@requires(ReferralPermission.ASSIGN)
@sensitive
def unassign(referral_id: UUID, person_id: UUID) -> Response:
    """Have somebody no longer work on the case."""
    with write():
        actions.unassign(referral_id, person_id, actor())
    return _back(referral_id, _("They no longer work on this case."))


def _step(
    referral_id: UUID,
    form: Form,
    act: Callable[[Any, Acting], Referral],
    button: str,
    done: str,
) -> str | Response:
    by = actor()
    if request.method == "POST" and form.validate():
        with write():
            act(form, by)
        return _back(referral_id, done)
    queries.case(referral_id, by)
    return _form_page(form, button, url_for("cases.show", referral_id=referral_id))


def _form_page(form: Form, button: str, back: str) -> str:
    return render_template("referrals/form_page.html", form=form, button=button, back=back)


def _back(referral_id: UUID, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("cases.show", referral_id=referral_id), 303)
