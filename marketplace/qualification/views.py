"""The applicant's pages: overview, choosing, answering, checking, submitting, correcting."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting, Role
from marketplace.categories.queries import categories
from marketplace.database import write
from marketplace.organisations.queries import organisation
from marketplace.overtaken import fingerprint
from marketplace.permissions import allowed, requires
from marketplace.qualification import actions, assess_views, pages, queries, shown
from marketplace.qualification.answering import drafts_of, on_page
from marketplace.qualification.forms import CategoriesForm, SignOffForm
from marketplace.qualification.held.actions import must_be_read
from marketplace.qualification.held.queries import due_to_reconfirm, notices_to_answer
from marketplace.qualification.models import DECIDED, ApplicationState
from marketplace.qualification.outcomes import (
    PARTS,
    Part,
    questions_for,
    result_of,
)
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.policies import policy_now
from marketplace.registry import panels
from marketplace.web.acting import actor

OVERVIEW_LABEL = _l("Qualification")

blueprint = Blueprint("qualification", __name__, url_prefix="/qualification")
assess_views.add_to(blueprint)

Answer = str | Response


@blueprint.get("")
@requires(QualificationPermission.SEE_OWN)
def overview() -> str:
    """What the organisation is qualified for and has applied for."""
    by = actor()
    applications = queries.own_applications(by)
    return render_template(
        "marketplace/qualification/overview.html",
        held=queries.held_by(by.organisation_id),
        running=[each for each in applications if each.state not in DECIDED],
        decided=[each for each in applications if each.state in DECIDED],
        to_reconfirm=due_to_reconfirm(by.organisation_id),
        notices=notices_to_answer(by.organisation_id),
        may_apply=allowed(by, QualificationPermission.APPLY),
        is_trustee=by.has(Role.TRUSTEE),
        own=organisation(by.organisation_id),
        today=clock.today(),
        is_overdue=shown.is_overdue,
        panels=_panels(by),
    )


def _panels(by: Acting) -> list:
    """What a floor above has to say to an applicant."""
    return [panel(by) for panel in panels().get("qualification", ())]


@blueprint.route("/apply", methods=["GET", "POST"])
@requires(QualificationPermission.APPLY)
def apply() -> Answer:
    """Choose one or several categories; each becomes an application of its own."""
    by = actor()
    taken = queries.held_codes(by.organisation_id) | {
        each.category_code for each in queries.running_applications(by.organisation_id)
    }
    # One that a colleague began a moment ago may still be pressed here: it is shown as it stands.
    offered = categories() if request.method == "POST" else _left(taken)
    form = CategoriesForm(categories=request.args.getlist("category")).offer(offered)
    if not form.validate_on_submit():
        form.offer(_left(taken))
        return render_template("marketplace/qualification/apply.html", form=form)
    with write():
        begun = [each.id for each in actions.begin_applications(form.categories.data, by)]
    if len(begun) > 1:
        return redirect(url_for("qualification.overview"), 303)
    return redirect(url_for("qualification.application", application_id=begun[0]), 303)


def _left(taken: set[str]) -> list:
    return [each for each in categories() if each.code not in taken]


@blueprint.get("/applications/<uuid:application_id>")
@requires(QualificationPermission.SEE_OWN)
def application(application_id: UUID) -> str:
    """The task list of a draft; what was sent, and how it stands, after that."""
    by = actor()
    found = queries.application_for(application_id, by)
    questions = questions_for(found)
    result = result_of(found, questions)
    people = names_of_people([found.edited_by_id, found.signed_off_by_id, found.submitted_by_id])
    page = "draft" if found.state is ApplicationState.DRAFT else "application"
    may_sign = allowed(by, QualificationPermission.SIGN_OFF, found)
    return render_template(
        f"marketplace/qualification/{page}.html",
        application=found,
        result=result,
        tasks=shown.task_list(found, result, may_sign),
        rows=shown.answer_rows(found, questions),
        people=people,
        clock_sentence=shown.clock_sentence(found),
        may_apply=allowed(by, QualificationPermission.APPLY, found),
        panels=_panels(by),
    )


@blueprint.route(
    "/applications/<uuid:application_id>/<any(common, category):part>", methods=["GET", "POST"]
)
@requires(QualificationPermission.APPLY)
def answers(application_id: UUID, part: str) -> Answer:
    """One page of questions of a draft; half an answer may be saved."""
    by = actor()
    found = queries.application_for(application_id, by)
    here = url_for("qualification.application", application_id=application_id)
    if found.state is not ApplicationState.DRAFT:
        return redirect(here, 303)
    page = Part(part)
    # On to what comes next: the other page of questions, then checking.
    after = url_for("qualification.check", application_id=application_id)
    if page is Part.COMMON:
        after = url_for(
            "qualification.answers", application_id=application_id, part=Part.CATEGORY.value
        )
    shared = [each for each in drafts_of(by.organisation_id) if each.id != found.id]
    return pages.ask(
        found,
        questions_for(found)[page],
        lambda given, seen: actions.save_answers(application_id, page, given, seen, by),
        after,
        title=PARTS[page],
        part=page,
        shared=shared if page is Part.COMMON else [],
        action=url_for("qualification.answers", application_id=application_id, part=part),
        back=here,
    )


@blueprint.get("/applications/<uuid:application_id>/check")
@requires(QualificationPermission.SEE_OWN)
def check(application_id: UUID) -> Answer:
    """Check your answers: the result before anybody has looked, and the way to submit."""
    by = actor()
    found = queries.application_for(application_id, by)
    if found.state is not ApplicationState.DRAFT:
        return redirect(url_for("qualification.application", application_id=application_id), 303)
    questions = questions_for(found)
    result = result_of(found, questions)
    return render_template(
        "marketplace/qualification/check.html",
        application=found,
        result=result,
        read_by_a_person=must_be_read(found),
        ways={lack: shown.way_to(found, lack) for lack in result.lacks},
        rows=shown.answer_rows(
            found, questions, changeable=allowed(by, QualificationPermission.APPLY, found)
        ),
        policy=policy_now(),
        may_apply=allowed(by, QualificationPermission.APPLY, found),
        may_sign=allowed(by, QualificationPermission.SIGN_OFF, found),
        people=names_of_people([found.signed_off_by_id]),
    )


@blueprint.post("/applications/<uuid:application_id>/submit")
@requires(QualificationPermission.SUBMIT)
def submit(application_id: UUID) -> Response:
    """Hand the application in."""
    with write():
        state = actions.submit_application(application_id, actor()).state
    if state is ApplicationState.QUALIFIED:
        flash(_("Every check passes. You are qualified."), "success")
    else:
        flash(_("Your application is in. You will be told of the decision by mail."), "success")
    return redirect(url_for("qualification.application", application_id=application_id), 303)


@blueprint.post("/applications/<uuid:application_id>/discard")
@requires(QualificationPermission.APPLY)
def discard(application_id: UUID) -> Response:
    """Take a draft away."""
    with write():
        actions.discard(application_id, actor())
    flash(_("The draft has been removed."), "success")
    return redirect(url_for("qualification.overview"), 303)


@blueprint.post("/applications/<uuid:application_id>/ask-sign-off")
@requires(QualificationPermission.APPLY)
def ask_sign_off(application_id: UUID) -> Response:
    """Tell the trustees that it is ready for them."""
    with write():
        actions.ask_sign_off(application_id, actor())
    flash(_("Your trustees have been told."), "success")
    return redirect(url_for("qualification.check", application_id=application_id), 303)


@blueprint.route("/applications/<uuid:application_id>/sign-off", methods=["GET", "POST"])
@requires(QualificationPermission.SIGN_OFF)
def sign_off(application_id: UUID) -> Answer:
    """A trustee reads everything and approves, or sends it back."""
    by = actor()
    found = queries.application_for(application_id, by)
    if found.state is not ApplicationState.DRAFT:
        return redirect(url_for("qualification.application", application_id=application_id), 303)
    form = SignOffForm()
    if form.validate_on_submit():
        with write():
            if form.decision.data == "approve":
                actions.sign_off(application_id, request.form.get("seen", ""), by)
            else:
                actions.send_back(application_id, form.comment.data or "", by)
        flash(_("Your decision is recorded, and your colleagues are told."), "success")
        return redirect(url_for("qualification.application", application_id=application_id), 303)
    questions = questions_for(found)
    return render_template(
        "marketplace/qualification/sign_off.html",
        application=found,
        form=form,
        rows=shown.answer_rows(found, questions),
        seen=fingerprint(on_page(found, [each for part in Part for each in questions[part]])),
    )


@blueprint.post("/sign-off-setting")
@requires(QualificationPermission.SIGN_OFF)
def sign_off_setting() -> Response:
    """A trustee turns the sign-off on or off."""
    wanted = request.form.get("wanted") == "yes"
    with write():
        actions.set_sign_off(wanted, actor())
    flash(
        _("From now on a trustee signs every application off before it is submitted.")
        if wanted
        else _("Applications can be submitted without a trustee’s sign-off."),
        "success",
    )
    return redirect(url_for("qualification.overview"), 303)


@blueprint.route("/applications/<uuid:application_id>/correct", methods=["GET", "POST"])
@requires(QualificationPermission.APPLY)
def correct(application_id: UUID) -> Answer:
    """Answer again what the assessor asked about, and nothing else."""
    by = actor()
    found = queries.application_for(application_id, by)
    here = url_for("qualification.application", application_id=application_id)
    correction = found.open_correction
    if correction is None:
        return redirect(here, 303)
    both, asked = questions_for(found), set(correction.question_ids)
    return pages.ask(
        found,
        [each for part in Part for each in both[part] if str(each.id) in asked],
        lambda given, seen: actions.save_correction(application_id, given, seen, by),
        here,
        title=_("Correct your application"),
        correction=correction,
        shared=[],
        action=url_for("qualification.correct", application_id=application_id),
        back=here,
    )


@blueprint.post("/applications/<uuid:application_id>/resubmit")
@requires(QualificationPermission.SUBMIT)
def resubmit(application_id: UUID) -> Response:
    """Hand the correction in."""
    with write():
        actions.resubmit(application_id, actor())
    flash(_("Your correction is in, and the assessor is told."), "success")
    return redirect(url_for("qualification.application", application_id=application_id), 303)
