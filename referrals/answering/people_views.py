"""The people of a case: who works on it, who may see it, and changing either."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering import access, assigning
from referrals.answering.forms import AssignForm, NameForm
from referrals.answering.queries import partners_in, staff_for, working_on
from referrals.answering.steps import Answer, back_to, refused_page, step_page
from referrals.frame import render_case
from referrals.permissions import ReferralPermission, leads

blueprint = Blueprint("people_of_case", "referrals", template_folder="templates")
PAGE = "people_of_case.show"


@blueprint.get("/cases/<uuid:referral_id>/people")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def show(referral_id: UUID) -> str:
    """Who works on the case and who may see it; reading it is reading the case."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    whose = [each for each in (referral.owner_id, referral.deputy_id) if each is not None]
    return render_case(
        "referrals/answering/people.html",
        referral,
        by,
        working=working_on(referral_id),
        partners=partners_in(referral.contract_area_id),
        named=access.named_for(referral_id),
        names=names_of_people(whose),
        leads=leads(by, referral),
        own=by.organisation_name,
        may_assign=allowed(by, ReferralPermission.ASSIGN, referral) and not referral.ended_at,
        may_give_access=allowed(by, ReferralPermission.GIVE_ACCESS, referral),
        may_see_reads=allowed(by, ReferralPermission.SEE_READS, referral),
    )


@blueprint.route("/cases/<uuid:referral_id>/assign", methods=["GET", "POST"])
@requires(ReferralPermission.ASSIGN)
@sensitive
def assign(referral_id: UUID) -> Answer:
    """Have one or several people work on the case."""
    by = actor()
    referral = queries.case(referral_id, by)
    check(by, ReferralPermission.ASSIGN, referral)
    working = {each.id for each in working_on(referral_id)}
    form = AssignForm()
    form.offer(
        [each for each in staff_for(referral, by) if each.id not in working], by.organisation_name
    )
    return step_page(
        referral_id,
        form,
        lambda form, by: _assign_each(referral_id, form.people.data, by),
        _("Assign"),
        _("They now work on this case and have been told."),
        assigning.refuse_ended,
        PAGE,
    )


def _assign_each(referral_id: UUID, chosen: list[str], by: Acting) -> None:
    for each in sorted(chosen):
        assigning.assign(referral_id, UUID(each), by)


@blueprint.post("/cases/<uuid:referral_id>/unassign/<uuid:person_id>")
@requires(ReferralPermission.ASSIGN)
@sensitive
def unassign(referral_id: UUID, person_id: UUID) -> Response:
    """Have somebody no longer work on the case."""
    with write():
        assigning.unassign(referral_id, person_id, actor())
    return back_to(referral_id, _("They no longer work on this case and have been told."), PAGE)


@blueprint.post("/cases/<uuid:referral_id>/restrict")
@requires(ReferralPermission.GIVE_ACCESS)
@sensitive
def restrict(referral_id: UUID) -> Response | tuple[str, int]:
    """Have only those named see the case."""
    try:
        with write():
            access.restrict(referral_id, actor())
    except Refusal as refusal:
        return refused_page(referral_id, refusal)
    return back_to(referral_id, _("Only those named can see this case now."), PAGE)


@blueprint.post("/cases/<uuid:referral_id>/lift")
@requires(ReferralPermission.GIVE_ACCESS)
@sensitive
def lift(referral_id: UUID) -> Response | tuple[str, int]:
    """Have the team and the provider see the case again."""
    try:
        with write():
            access.lift(referral_id, actor())
    except Refusal as refusal:
        return refused_page(referral_id, refusal)
    return back_to(referral_id, _("Your team and the provider can see this case now."), PAGE)


@blueprint.route("/cases/<uuid:referral_id>/named", methods=["GET", "POST"])
@requires(ReferralPermission.GIVE_ACCESS)
@sensitive
def name(referral_id: UUID) -> Answer:
    """Let a colleague see the case too."""
    by = actor()
    check(by, ReferralPermission.GIVE_ACCESS, queries.case(referral_id, by))
    form = NameForm()
    form.by = by
    return step_page(
        referral_id,
        form,
        lambda form, by: access.name(referral_id, form.email.data, by),
        _("Let them see the case"),
        _("They can see this case now and have been told."),
        lambda referral: None,
        PAGE,
    )


@blueprint.post("/cases/<uuid:referral_id>/named/<uuid:person_id>/remove")
@requires(ReferralPermission.GIVE_ACCESS)
@sensitive
def take_off(referral_id: UUID, person_id: UUID) -> Response:
    """Have somebody named no longer see the case."""
    with write():
        access.take_off(referral_id, person_id, actor())
    return back_to(referral_id, _("They are no longer named for this case."), PAGE)
