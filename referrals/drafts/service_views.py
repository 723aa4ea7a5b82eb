"""Which services a draft goes to, and a draft made of a case that ended."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.areas.queries import area_choices
from marketplace.categories.queries import category_names
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form, OnceForm, SelectChoice, SelectField
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.drafts import actions, choosing
from referrals.drafts import queries as drafts
from referrals.drafts.copying import area_of, copy_to_draft, settle
from referrals.eligibility import regions_by_area, subject_of
from referrals.permissions import ReferralPermission

blueprint = Blueprint("draft_services", "referrals", template_folder="templates")


class AreaSearchForm(Form):
    """Where the person is to be supported."""

    class Meta(Form.Meta):
        csrf = False

    area = SelectField(_l("Police area"))


@blueprint.get("/referral-drafts/<uuid:draft_id>/services")
@requires(ReferralPermission.REFER)
@sensitive
def index(draft_id: UUID) -> str:
    """The services the draft goes to, and those that can be added."""
    draft = drafts.draft_of(draft_id, actor())
    area = draft.answers.get("area", {}).get("area") or draft.offer.area_code
    chosen = [each.id for each in draft.services]
    regions = regions_by_area(clock.today())
    return render_template(
        "referrals/drafts/services.html",
        draft=draft,
        choices=choosing.choices(subject_of(draft.answers, regions), area, chosen, clock.today()),
        has_area=area is not None,
        most=actions.MOST_SERVICES,
    )


@blueprint.post("/referral-drafts/<uuid:draft_id>/services/<uuid:contract_area_id>/add")
@requires(ReferralPermission.REFER)
def add(draft_id: UUID, contract_area_id: UUID) -> Response:
    """Have the draft go to one more service."""
    with write():
        actions.add_service(draft_id, contract_area_id, actor())
    flash(_("The service is added. It has questions of its own."), "success")
    return redirect(url_for("draft_services.index", draft_id=draft_id), 303)


@blueprint.post("/referral-drafts/<uuid:draft_id>/services/<uuid:contract_area_id>/drop")
@requires(ReferralPermission.REFER)
def drop(draft_id: UUID, contract_area_id: UUID) -> Response:
    """Take a service out of the draft."""
    with write():
        actions.drop_service(draft_id, contract_area_id, actor())
    flash(_("The service is taken out of the draft."), "success")
    return redirect(url_for("draft_services.index", draft_id=draft_id), 303)


@blueprint.get("/cases/<uuid:referral_id>/refer-again")
@requires(ReferralPermission.REFER)
@sensitive
def again(referral_id: UUID) -> str:
    """Which other service a referral that ended should go to."""
    by = actor()
    referral = queries.case(referral_id, by)
    check(by, ReferralPermission.END, referral)
    observe_read("referral", referral_id, by)
    form = AreaSearchForm(request.args)
    areas = [SelectChoice(code, name) for code, name in area_choices()]
    form.area.choices = [SelectChoice("", _("Choose an area")), *areas]
    area = form.area.data if "area" in request.args and form.validate() else area_of(referral)
    form.area.data = area or ""
    return render_template(
        "referrals/drafts/again.html",
        referral=referral,
        form=form,
        area=area,
        needs=choosing.needs_of(referral_id, category_names()),
        choices=choosing.choices(
            choosing.subject_of_case(referral),
            area or None,
            [referral.contract_area_id],
            clock.today(),
        ),
        once=OnceForm(formdata=None).once.data,
    )


@blueprint.post("/cases/<uuid:referral_id>/refer-again/<uuid:contract_area_id>")
@requires(ReferralPermission.REFER)
def copy(referral_id: UUID, contract_area_id: UUID) -> Response:
    """Begin a draft for this service with everything the referral says."""
    by = actor()
    check(by, ReferralPermission.END, queries.case(referral_id, by))
    with write():
        once.use_up(request.form.get("once"))
        draft = copy_to_draft(referral_id, contract_area_id, by)
        draft_id = draft.id
    flash(_("Everything you had typed is in this new draft. Check what is still to answer."))
    return redirect(url_for("drafts.show", draft_id=draft_id), 303)


@blueprint.post("/cases/<uuid:referral_id>/nothing-more")
@requires(ReferralPermission.END)
def nothing_more(referral_id: UUID) -> Response:
    """Take a declined referral off the list of those to send elsewhere."""
    with write():
        settle(referral_id, actor())
    flash(_("The referral is off the list of those to send elsewhere."), "success")
    return redirect(url_for("cases.show", referral_id=referral_id), 303)
