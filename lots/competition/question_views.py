"""Asking about an open lot, and answering: the bidder's page, the buyer's, and the auditor's."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots import queries as lots
from lots.competition import clarifications, queries
from lots.competition.forms import AnswerForm, AskForm
from lots.competition.models import Clarification
from lots.competition.permissions import CompetitionPermission
from lots.competition.vocabulary import ClarificationState
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock, once
from marketplace.accounts.models import Person
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.organisations.models import Organisation
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor

blueprint = Blueprint("questions_to_buyers", __name__, template_folder="templates")
ASKER = "clarification.asker"


def asking_open(lot: Lot) -> bool:
    """Whether a question about this lot would still be taken."""
    until = lot.questions_until
    return lot.state == LotState.OPEN and until is not None and clock.now() < until


@blueprint.route("/opportunities/<uuid:lot_id>/ask", methods=["GET", "POST"])
@requires(CompetitionPermission.ASK)
def ask(lot_id: UUID) -> str | Response:
    """Ask the buyer something; what was typed is kept, also where it is too late."""
    by = actor()
    lot = lots.opportunity(lot_id)
    form = AskForm()
    # Past the cut-off nothing is judged: the page gives back what was typed.
    if asking_open(lot) and form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                clarifications.ask(lot_id, form.question.data or "", by)
        except Refusal as refusal:
            form.question.errors = [refusal.text]
        else:
            flash(_("Your question is with the buyer. Nobody there sees who asked it."), "success")
            return redirect(url_for("questions_to_buyers.ask", lot_id=lot_id), 303)
    return render_template(
        "lots/competition/ask.html",
        lot=lot,
        form=form,
        taken=asking_open(lot) or form.question.errors,
        own=queries.own_questions(lot_id, by),
    )


@blueprint.get("/lots/<uuid:lot_id>/questions-asked")
@requires(CompetitionPermission.SEE_QUESTIONS)
def questions(lot_id: UUID) -> str:
    """Every question about a lot, for its buyer: without whoever asked it."""
    by = actor()
    lot = lots.own_lot(lot_id, by)
    return render_template(
        "lots/competition/questions.html",
        lot=lot,
        page=queries.questions_to(lot, by),
        answers=allowed(by, CompetitionPermission.ANSWER),
        audits=allowed(by, CompetitionPermission.SEE_ASKER),
    )


@blueprint.route("/lots/questions-asked/<uuid:clarification_id>", methods=["GET", "POST"])
@requires(CompetitionPermission.ANSWER)
def answer(clarification_id: UUID) -> str | Response:
    """Write an answer, keep it, publish it."""
    asked = queries.question(clarification_id, CompetitionPermission.ANSWER, actor())
    if asked.state == ClarificationState.ANSWERED:
        flash(_("This question has its answer, and everybody can read it."))
        return redirect(url_for("questions_to_buyers.questions", lot_id=asked.lot_id), 303)
    form = AnswerForm(
        wording=asked.wording, answer=asked.answer, seen=clarifications.edition(asked)
    )
    if form.validate_on_submit():
        return _written(asked, form)
    return _answer_page(asked, form)


def _answer_page(
    asked: Clarification, form: AnswerForm, clash: clarifications.WrittenMeanwhile | None = None
) -> str:
    return render_template(
        "lots/competition/answer.html", asked=asked, lot=asked.lot, form=form, clash=clash
    )


def _written(asked: Clarification, form: AnswerForm) -> str | Response:
    by, lot_id = actor(), asked.lot_id
    publish = request.form.get("then") == "publish"
    if publish and not (form.answer.data or "").strip():
        form.answer.errors = [_("Write the answer")]
        return _answer_page(asked, form)
    wording, text = form.wording.data or "", form.answer.data or ""
    try:
        with write():
            clarifications.save_answer(asked.id, wording, text, form.seen.data or "", by)
            if publish:
                clarifications.publish_answer(asked.id, by)
    except clarifications.WrittenMeanwhile as clash:
        form.seen.data = clash.edition
        return _answer_page(
            queries.question(asked.id, CompetitionPermission.ANSWER, by), form, clash
        )
    said = _("Question and answer are published.") if publish else _("Your answer is kept.")
    flash(said, "success")
    return redirect(url_for("questions_to_buyers.questions", lot_id=lot_id), 303)


@blueprint.get("/lots/questions-asked/<uuid:clarification_id>/asker")
@requires(CompetitionPermission.SEE_ASKER)
def asker(clarification_id: UUID) -> str:
    """Who asked: for the national auditor, whose reading of it is recorded first."""
    by = actor()
    asked = queries.question(clarification_id, CompetitionPermission.SEE_ASKER, by)
    observe_read(ASKER, asked.id, by)
    who = clarifications.asker_of(asked)
    return render_template(
        "lots/competition/asker.html",
        asked=asked,
        lot=asked.lot,
        organisation=db.session.get(Organisation, UUID(who["organisation"])),
        person=db.session.get(Person, UUID(who["person"])),
    )
