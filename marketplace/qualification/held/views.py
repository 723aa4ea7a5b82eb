"""The pages of a qualification that is held: reconfirming, suspending, removing, answering."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, allowed, requires
from marketplace.qualification.held import actions, queries
from marketplace.qualification.held.forms import (
    AnswerForm,
    NoticeForm,
    RemovalDecisionForm,
    SuspendForm,
    reconfirm_form,
)
from marketplace.qualification.held.lifecycle import (
    QUALIFICATION,
    right_to_answer_used,
    still_in_time,
)
from marketplace.qualification.held.models import RemovalNotice
from marketplace.qualification.models import (
    GROUNDS,
    QUALIFICATION_STATES,
    QualificationState,
)
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.policies import policy_now
from marketplace.web.acting import actor

MEMBERS_LABEL = _l("Qualified organisations")

blueprint = Blueprint("held", __name__, url_prefix="/qualification/held")

Answer = str | Response


@blueprint.get("")
@requires(QualificationPermission.SUPERVISE)
def members() -> str:
    """Every qualification, by organisation, for the framework team."""
    asked = request.args.get("state", "")
    state = QualificationState(asked) if asked in set(QualificationState) else None
    name = request.args.get("name", "").strip()[:200]
    page = queries.members(state, name)
    return render_template(
        "marketplace/qualification/members.html",
        page=page,
        notices=queries.open_notices_of([each.id for each in page.items]),
        states=QUALIFICATION_STATES,
        state=state,
        name=name,
    )


@blueprint.get("/<uuid:qualification_id>")
@requires(QualificationPermission.SEE_OWN)
def own(qualification_id: UUID) -> str:
    """One qualification, for its organisation."""
    return _show(qualification_id)


@blueprint.get("/<uuid:qualification_id>/supervise")
@requires(QualificationPermission.SUPERVISE)
def supervise(qualification_id: UUID) -> str:
    """One qualification, for the framework team."""
    return _show(qualification_id)


def _show(qualification_id: UUID) -> str:
    by = actor()
    held = queries.qualification_for(qualification_id, by)
    notices = queries.notices_of(qualification_id)
    notice = actions.open_notice(qualification_id)
    return render_template(
        "marketplace/qualification/held.html",
        held=held,
        due=held.id in {each.id for each in queries.due_to_reconfirm(held.organisation_id)},
        counts=held.counts_on(clock.today()),
        notices=notices,
        notice=notice,
        grounds=GROUNDS,
        may_answer=notice is not None
        and notice.state.value == "served"
        and not still_in_time(notice)
        and allowed(by, QualificationPermission.SUBMIT, held),
        may_decide=notice is not None and not right_to_answer_used(notice),
        offers={step.name for step in QUALIFICATION.offers(held, by)},
        supervises=allowed(by, QualificationPermission.SUPERVISE),
    )


@blueprint.route("/reconfirm", methods=["GET", "POST"])
@requires(QualificationPermission.RECONFIRM)
def reconfirm() -> Answer:
    """Once a year: nothing has changed."""
    by = actor()
    due = queries.due_to_reconfirm(by.organisation_id)
    # What is asked only where something has changed is not asked here.
    legal = [each for each in actions.legal_questions() if not each.only_if_concept]
    form = reconfirm_form(legal).offer(due)
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                number = actions.reconfirm(form.chosen(), form.confirmed(), by)
            flash(_confirmed(number), "success")
            return redirect(url_for("qualification.overview"), 303)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
    return render_template("marketplace/qualification/reconfirm.html", form=form, due=due)


def _confirmed(number: int) -> str:
    return ngettext(
        "Thank you. %(num)s category is confirmed for another year.",
        "Thank you. %(num)s categories are confirmed for another year.",
        number,
    )


@blueprint.route("/<uuid:qualification_id>/suspend", methods=["GET", "POST"])
@requires(QualificationPermission.SUPERVISE)
def suspend(qualification_id: UUID) -> Answer:
    """Suspend until a day on which it returns by itself."""
    held = queries.qualification_for(qualification_id, actor())
    form = SuspendForm()
    if form.validate_on_submit():
        with write():
            actions.suspend(
                qualification_id,
                form.ground_chosen(),
                form.text.data or "",
                form.until.data or clock.today(),
                actor(),
            )
        flash(_("The qualification is suspended and the organisation is told."), "success")
        return redirect(url_for("held.supervise", qualification_id=qualification_id), 303)
    return render_template("marketplace/qualification/suspend.html", held=held, form=form)


@blueprint.post("/<uuid:qualification_id>/end-suspension")
@requires(QualificationPermission.SUPERVISE)
def end_suspension(qualification_id: UUID) -> Response:
    """Let it count again before its day."""
    with write():
        actions.end_suspension(qualification_id, actor())
    flash(_("The qualification counts again."), "success")
    return redirect(url_for("held.supervise", qualification_id=qualification_id), 303)


@blueprint.route("/<uuid:qualification_id>/notice", methods=["GET", "POST"])
@requires(QualificationPermission.SUPERVISE)
def notice(qualification_id: UUID) -> Answer:
    """Serve the notice that comes before a removal."""
    held = queries.qualification_for(qualification_id, actor())
    form = NoticeForm()
    if form.validate_on_submit():
        with write():
            actions.serve_notice(
                qualification_id, form.ground_chosen(), form.reasons.data or "", actor()
            )
        flash(_("The notice is served. The organisation can answer it first."), "success")
        return redirect(url_for("held.supervise", qualification_id=qualification_id), 303)
    return render_template(
        "marketplace/qualification/notice.html", held=held, form=form, policy=policy_now()
    )


@blueprint.route("/<uuid:qualification_id>/decide", methods=["GET", "POST"])
@requires(QualificationPermission.SUPERVISE)
def decide(qualification_id: UUID) -> Answer:
    """Decide on a removal, once the organisation has answered or its time has ended."""
    held = queries.qualification_for(qualification_id, actor())
    served = _served(qualification_id)
    form = RemovalDecisionForm()
    if form.validate_on_submit():
        with write():
            actions.decide_removal(
                served.id, form.decision.data == "remove", form.text.data or "", actor()
            )
        flash(_("The decision is recorded and the organisation is told."), "success")
        return redirect(url_for("held.supervise", qualification_id=qualification_id), 303)
    return render_template(
        "marketplace/qualification/decide_removal.html",
        held=held,
        notice=served,
        form=form,
        grounds=GROUNDS,
    )


@blueprint.route("/<uuid:qualification_id>/answer", methods=["GET", "POST"])
@requires(QualificationPermission.SUBMIT)
def answer(qualification_id: UUID) -> Answer:
    """Answer a notice before anything is decided."""
    held = queries.qualification_for(qualification_id, actor())
    served = _served(qualification_id)
    form = AnswerForm()
    if form.validate_on_submit():
        with write():
            actions.answer_notice(served.id, form.text.data or "", actor())
        flash(_("Your answer is with the framework team."), "success")
        return redirect(url_for("held.own", qualification_id=qualification_id), 303)
    return render_template(
        "marketplace/qualification/answer_notice.html",
        held=held,
        notice=served,
        form=form,
        grounds=GROUNDS,
    )


def _served(qualification_id: UUID) -> RemovalNotice:
    served = actions.open_notice(qualification_id)
    if served is None:
        raise NotYours(qualification_id)
    return served
