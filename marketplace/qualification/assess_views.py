"""The framework team's pages: the queue, reading, deciding, and the numbers of the policy."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, check, public, requires
from marketplace.qualification import assessing, policies, queries, shown
from marketplace.qualification.forms import CorrectionForm, DecisionForm, PolicyForm
from marketplace.qualification.models import ApplicationState
from marketplace.qualification.outcomes import questions_for, result_of
from marketplace.qualification.permissions import QualificationPermission
from marketplace.web.acting import acting, actor

QUEUE_LABEL = _l("Applications")

Answer = str | Response


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the blueprint of qualification."""
    add = blueprint.add_url_rule
    one = "/applications/<uuid:application_id>"
    add("/queue", view_func=queue)
    add(f"{one}/assess", view_func=claim, methods=["POST"])
    add(f"{one}/decide", view_func=decide, methods=["GET", "POST"])
    add(f"{one}/ask-correction", view_func=ask_correction, methods=["GET", "POST"])
    add("/rules", view_func=rules)
    add("/rules/new", view_func=new_rules, methods=["GET", "POST"])


@requires(QualificationPermission.SEE_ALL)
def queue() -> str:
    """Applications to decide, the longest waiting first."""
    mine = request.args.get("show") == "mine"
    return render_template(
        "marketplace/qualification/queue.html",
        applications=queries.queue(actor().person_id if mine else None),
        mine=mine,
        may_assess=allowed(actor(), QualificationPermission.ASSESS),
        is_overdue=shown.is_overdue,
    )


@requires(QualificationPermission.ASSESS)
def claim(application_id: UUID) -> Response:
    """Take an application to assess it, or take it over."""
    with write():
        assessing.claim(application_id, actor())
    flash(_("You assess this application now."), "success")
    return redirect(url_for("qualification.decide", application_id=application_id), 303)


@requires(QualificationPermission.SEE_ALL)
def decide(application_id: UUID) -> Answer:
    """Read an application, and decide it where one assesses it oneself."""
    by = actor()
    if request.method == "POST":
        check(by, QualificationPermission.ASSESS)
    form = DecisionForm()
    if form.validate_on_submit():
        with write():
            assessing.decide_application(application_id, form.reasons_if_not_yet(), by)
        flash(_("The decision is recorded and the applicant is told."), "success")
        return redirect(url_for("qualification.queue"), 303)
    found = queries.application_for(application_id, by)
    questions = questions_for(found)
    in_hand = found.state is ApplicationState.IN_ASSESSMENT
    return render_template(
        "marketplace/qualification/decide.html",
        application=found,
        form=form,
        result=result_of(found, questions),
        rows=shown.answer_rows(found, questions),
        clock_sentence=shown.clock_sentence(found),
        overdue=shown.is_overdue(found),
        may_assess=allowed(by, QualificationPermission.ASSESS),
        mine=in_hand and found.assessor_id == by.person_id,
        may_claim=found.state in (ApplicationState.SUBMITTED, ApplicationState.RESUBMITTED),
        in_hand=in_hand,
    )


@requires(QualificationPermission.ASSESS)
def ask_correction(application_id: UUID) -> Answer:
    """Ask the applicant to answer some questions again."""
    by = actor()
    found = queries.application_for(application_id, by)
    form = CorrectionForm().offer(assessing.questions_asked(found))
    if form.validate_on_submit():
        with write():
            assessing.request_correction(application_id, form.chosen(), form.why.data or "", by)
        flash(_("The applicant is asked for a correction. The clock is paused."), "success")
        return redirect(url_for("qualification.decide", application_id=application_id), 303)
    return render_template(
        "marketplace/qualification/ask_correction.html",
        application=found,
        form=form,
        policy=policies.policy_now(),
    )


@public
def rules() -> str:
    """The numbers that everybody can hold the framework team to, with their version."""
    return render_template(
        "marketplace/qualification/rules.html",
        policy=policies.policy_now(),
        versions=policies.versions(),
        may_publish=allowed(acting(), QualificationPermission.PUBLISH_POLICY),
    )


@requires(QualificationPermission.PUBLISH_POLICY)
def new_rules() -> Answer:
    """Publish the next version of the numbers."""
    form = PolicyForm().start_from(policies.policy_now())
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                policies.publish_policy(
                    form.numbers(), form.valid_from.data or clock.today(), actor()
                )
            flash(_("The new version is published."), "success")
            return redirect(url_for("qualification.rules"), 303)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
    return render_template("marketplace/qualification/new_rules.html", form=form)
