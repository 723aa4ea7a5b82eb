"""The pages of a draft: its task list, one page for each question, checking and sending."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.acting import Acting
from marketplace.categories.queries import category_names, outcome_names
from marketplace.database import new_id, write
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.drafts import actions
from referrals.drafts import queries as drafts
from referrals.drafts.base import QuestionForm
from referrals.drafts.content import stale_date
from referrals.drafts.questions import SECTIONS, Question, unanswered
from referrals.drafts.referral_forms import SendForm
from referrals.drafts.shown import stored_into, summary
from referrals.permissions import ReferralPermission

blueprint = Blueprint("drafts", "referrals", template_folder="templates")


@blueprint.post("/services/<uuid:contract_area_id>/refer")
@requires(ReferralPermission.REFER)
def begin(contract_area_id: UUID) -> Response:
    """Begin a referral to this service; pressed twice, it makes one draft."""
    with write():
        once.use_up(request.form.get("once"))
        draft = actions.begin_draft(contract_area_id, actor())
        draft_id = draft.id
    return redirect(url_for("drafts.show", draft_id=draft_id), 303)


@blueprint.get("/referral-drafts/<uuid:draft_id>")
@requires(ReferralPermission.REFER)
@sensitive
def show(draft_id: UUID) -> str:
    """The task list."""
    by = actor()
    draft = drafts.draft_of(draft_id, by)
    return render_template(
        "referrals/drafts/show.html",
        draft=draft,
        sections=_task_sections(draft),
        ready=not unanswered(draft.answers, draft.needs),
        misfit=drafts.misfit_of(draft),
        duplicates=drafts.duplicates_of(draft, by),
    )


def _task_sections(draft: drafts.Draft) -> list[tuple[Any, list[dict[str, Any]]]]:
    names = category_names()
    tasks: dict[Any, list[dict[str, Any]]] = {section: [] for section in SECTIONS}
    for each in draft.questions:
        tasks[each.section].append(
            {
                "label": _label(each, names),
                "href": url_for("drafts.question", draft_id=draft.id, slug=each.slug),
                "done": each.slug in draft.answers,
            }
        )
    return [(SECTIONS[section], found) for section, found in tasks.items() if found]


def _label(question: Question, names: dict[str, str]) -> str:
    if question.need is None:
        return str(question.label)
    need = names.get(question.need, question.need)
    return _("%(what)s: %(need)s", what=question.label, need=need)


@blueprint.route("/referral-drafts/<uuid:draft_id>/<slug>", methods=["GET", "POST"])
@requires(ReferralPermission.REFER)
@sensitive
def question(draft_id: UUID, slug: str) -> str | Response:
    """One question."""
    by = actor()
    draft = drafts.draft_of(draft_id, by)
    asked = draft.question(slug)
    form = _form(draft, asked, by)
    if request.method == "POST" and form.validate():
        with write():
            actions.save_answer(draft_id, asked, form.answer(), by)
        return redirect(_next_page(draft_id, slug, by), 303)
    names = category_names() if asked.need else {}
    return render_template(
        "referrals/drafts/question.html",
        draft=draft,
        form=form,
        slug=slug,
        label=_label(asked, names),
        need=names.get(asked.need or ""),
    )


def _form(draft: drafts.Draft, asked: Question, by: Acting) -> QuestionForm:
    stored = draft.answers.get(asked.slug)
    known = stored if stored is not None else drafts.prefill(asked, by)
    form = asked.form(data=stored_into(asked.form, known))
    form.prepare(drafts.context_of(draft, asked, by))
    return form


def _next_page(draft_id: UUID, slug: str, by: Acting) -> str:
    if request.args.get("then") == "check":
        return url_for("drafts.check", draft_id=draft_id)
    following = drafts.draft_of(draft_id, by).next_after(slug)
    if following is None:
        return url_for("drafts.check", draft_id=draft_id)
    return url_for("drafts.question", draft_id=draft_id, slug=following.slug)


@blueprint.get("/referral-drafts/<uuid:draft_id>/check")
@requires(ReferralPermission.REFER)
@sensitive
def check(draft_id: UUID) -> str | Response:
    """Every answer with a link to change it, what stands against sending, and the button."""
    by = actor()
    draft = drafts.draft_of(draft_id, by)
    if unanswered(draft.answers, draft.needs):
        flash(_("Answer every question first."))
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)
    form = SendForm(formdata=None)
    form.key.data = str(new_id())
    form.contract_area_id.data = str(draft.offer.contract_area_id)
    return render_template(
        "referrals/drafts/check.html",
        draft=draft,
        form=form,
        sections=summary(draft, category_names(), outcome_names()),
        misfit=drafts.misfit_of(draft) or stale_date(draft.answers, clock.today()),
        duplicates=drafts.duplicates_of(draft, by),
        rar_days=drafts.rar_days_in_use(draft),
    )


@blueprint.post("/referral-drafts/<uuid:draft_id>/delete")
@requires(ReferralPermission.REFER)
def delete(draft_id: UUID) -> Response:
    """Delete a draft."""
    with write():
        actions.delete_draft(draft_id, actor())
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("my_cases.drafts"), 303)
