"""The question bank's own pages: its sets, one of them, its preview, what changed, publishing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, requires
from marketplace.questions import actions, queries
from marketplace.questions.asking import answers_form, answers_in
from marketplace.questions.comparison import CHANGE_KINDS, compare
from marketplace.questions.drafts import fingerprint_of
from marketplace.questions.forms import PublishForm, PurposeForm, SeenForm
from marketplace.questions.lifecycle import complete
from marketplace.questions.models import SetState
from marketplace.questions.passing import outcome
from marketplace.questions.permissions import QuestionPermission
from marketplace.questions.shown import cards, uses
from marketplace.questions.summary import (
    required_answers,
    rows,
    words_to_read,
    words_to_write,
)
from marketplace.web.acting import actor

BANK_LABEL = _l("Question bank")

blueprint = Blueprint("questions", __name__, url_prefix="/question-bank")


@blueprint.get("")
@requires(QuestionPermission.SEE)
def index() -> str:
    """Every set with its versions."""
    page = queries.all_sets()
    return render_template(
        "marketplace/questions/index.html",
        page=page,
        in_force=queries.in_force_today(),
        uses=uses([each.id for each in page.items]),
        purpose_label=queries.purpose_label,
        may_write=allowed(actor(), QuestionPermission.WRITE),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(QuestionPermission.WRITE)
def new() -> str | Response:
    """Begin the next version of a set."""
    form = PurposeForm().offer(queries.purposes_offered())
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                set_id = actions.start_draft(form.purpose.data, actor()).id
            return redirect(url_for("questions.show", set_id=set_id), 303)
        except Refusal as refusal:
            form.purpose.errors = [str(refusal.text)]
    return render_template("marketplace/questions/new.html", form=form)


@blueprint.get("/<uuid:set_id>")
@requires(QuestionPermission.SEE)
def show(set_id: UUID) -> str:
    """One version: its questions, and for a draft what is still to do."""
    shown = queries.one_set(set_id)
    is_draft = shown.state is SetState.DRAFT
    return render_template(
        "marketplace/questions/show.html",
        set=shown,
        purpose=queries.purpose_label(shown.purpose),
        cards=cards(shown),
        before=queries.version_before(shown),
        in_force=shown.id in queries.in_force_today(),
        uses=uses([shown.id]).get(shown.id, 0),
        is_draft=is_draft,
        left=complete(shown) if is_draft else None,
        may_write=is_draft and allowed(actor(), QuestionPermission.WRITE, shown),
        required=required_answers(shown.questions, {}),
        to_write=words_to_write(shown.questions, {}),
        to_read=words_to_read(shown.questions),
    )


@blueprint.route("/<uuid:set_id>/preview", methods=["GET", "POST"])
@requires(QuestionPermission.SEE)
def preview(set_id: UUID) -> str:
    """The questions as an applicant sees them; they can be tried, and nothing is kept."""
    shown = queries.one_set(set_id)
    form = answers_form(shown.questions)()
    tried, answers = None, {}
    if form.validate_on_submit():
        answers = answers_in(form, shown.questions)
        tried = outcome(shown.questions, answers)
    return render_template(
        "marketplace/questions/preview.html",
        set=shown,
        form=form,
        tried=tried,
        rows=rows(shown.questions, answers),
        cards=cards(shown),
    )


@blueprint.get("/<uuid:set_id>/compare")
@requires(QuestionPermission.SEE)
def comparison(set_id: UUID) -> str:
    """What changed since the version before."""
    shown = queries.one_set(set_id)
    before = queries.version_before(shown)
    return render_template(
        "marketplace/questions/comparison.html",
        set=shown,
        before=before,
        changes=compare(before.questions if before else [], shown.questions),
        kinds=CHANGE_KINDS,
    )


@blueprint.route("/<uuid:set_id>/publish", methods=["GET", "POST"])
@requires(QuestionPermission.PUBLISH)
def publish(set_id: UUID) -> str | Response:
    """Publish a draft for ever, in force from a day on."""
    shown = queries.one_set(set_id)
    form = PublishForm(valid_from=clock.today(), seen=fingerprint_of(shown))
    if form.validate_on_submit() and form.valid_from.data:
        try:
            with write():
                actions.publish_set(set_id, form.valid_from.data, form.seen.data or "", actor())
            flash(_("The version is published. Nobody can change it any more."), "success")
            return redirect(url_for("questions.show", set_id=set_id), 303)
        except Refusal as refusal:
            shown = queries.one_set(set_id)
            form.form_errors.append(str(refusal.text))
            form.seen.data = fingerprint_of(shown)
    return render_template(
        "marketplace/questions/publish.html",
        set=shown,
        form=form,
        left=complete(shown),
        warned=[card for card in cards(shown) if card.unlawful],
        is_draft=shown.state is SetState.DRAFT,
    )


@blueprint.route("/<uuid:set_id>/discard", methods=["GET", "POST"])
@requires(QuestionPermission.WRITE)
def discard(set_id: UUID) -> str | Response:
    """Give a draft up."""
    shown = queries.draft(set_id)
    form = SeenForm(seen=fingerprint_of(shown))
    if form.validate_on_submit():
        with write():
            actions.discard_draft(set_id, form.seen.data or "", actor())
        flash(_("The draft is gone. The published versions stand as they were."), "success")
        return redirect(url_for("questions.index"), 303)
    return render_template("marketplace/questions/discard.html", set=shown, form=form)
