"""The pages of a draft: its task list, one page for each question, and checking."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.acting import Acting
from marketplace.categories.queries import category_names
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.case_system.interface import Person, look_up
from referrals.drafts import actions, known, offering, warnings
from referrals.drafts import queries as drafts
from referrals.drafts.base import QuestionForm
from referrals.drafts.content import stale_date
from referrals.drafts.questions import Question
from referrals.drafts.referral_forms import SendForm
from referrals.drafts.shown import label_of, stored_into, summary, tasks
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
        sections=tasks(draft),
        ready=not draft.unanswered,
        misfits=warnings.misfits_of(draft),
        duplicates=warnings.duplicates_of(draft, by),
    )


@blueprint.route("/referral-drafts/<uuid:draft_id>/<slug>", methods=["GET", "POST"])
@requires(ReferralPermission.REFER)
@sensitive
def question(draft_id: UUID, slug: str) -> str | Response:
    """One question."""
    by = actor()
    draft = drafts.draft_of(draft_id, by)
    asked = draft.question(slug)
    if asked is None:
        flash(_("This question is not asked any more, because of what you answered before."))
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)
    form = _form(draft, asked, by)
    if request.method == "POST" and form.validate():
        answers = {slug: form.answer()}
        if slug == "crn":
            answers |= known.looked_up(_look_up(form["crn"].data, draft, by), draft)
        with write():
            actions.save_answers(draft_id, answers, by)
        return redirect(_next_page(draft_id, slug, by), 303)
    names = category_names() if asked.need else {}
    return render_template(
        "referrals/drafts/question.html",
        draft=draft,
        form=form,
        slug=slug,
        label=label_of(asked, names),
        need=names.get(asked.need or ""),
        service=draft.service_of(asked) if "~" in slug or len(draft.services) > 1 else None,
        asked=asked,
        rar=warnings.rar_days_of(draft) if slug.startswith("rar-days") else None,
    )


def _look_up(crn: str, draft: drafts.Draft, by: Acting) -> Person | None:
    if not known.may_look_up(by):
        return None
    with write():
        known.note_look_up(crn, draft, by)
    return look_up(crn)


def _form(draft: drafts.Draft, asked: Question, by: Acting) -> QuestionForm:
    stored = draft.answers.get(asked.slug)
    told = stored if stored is not None else offering.prefill(draft, asked, by)
    form = asked.form(data=stored_into(asked.form, told))
    form.prepare(offering.context_of(draft, asked, by))
    return form


def _next_page(draft_id: UUID, slug: str, by: Acting) -> str:
    draft = drafts.draft_of(draft_id, by)
    if slug == "crn" and (known.found_in(draft) or warnings.duplicates_of(draft, by)):
        return url_for("drafts.person", draft_id=draft_id)
    if request.args.get("then") == "check":
        return url_for("drafts.check", draft_id=draft_id)
    following = draft.next_after(slug)
    if following is None:
        return url_for("drafts.check", draft_id=draft_id)
    return url_for("drafts.question", draft_id=draft_id, slug=following.slug)


@blueprint.route("/referral-drafts/<uuid:draft_id>/person", methods=["GET", "POST"])
@requires(ReferralPermission.REFER)
@sensitive
def person(draft_id: UUID) -> str | Response:
    """What is known of the person before anything is typed: details to confirm, open referrals."""
    by = actor()
    draft = drafts.draft_of(draft_id, by)
    form = known.ConfirmForm()
    if request.method == "POST" and form.validate():
        with write():
            actions.save_answers(draft_id, known.confirmed(draft, form.use_these.data), by)
        return redirect(_next_page(draft_id, "person", by), 303)
    found = known.rows_of(draft)
    return render_template(
        "referrals/drafts/person.html",
        draft=draft,
        form=form if found else None,
        found=found,
        duplicates=warnings.duplicates_of(draft, by),
        following=draft.next_after("crn"),
    )


@blueprint.get("/referral-drafts/<uuid:draft_id>/check")
@requires(ReferralPermission.REFER)
@sensitive
def check(draft_id: UUID) -> str | Response:
    """Every answer with a link to change it, what stands against sending, and the button."""
    by = actor()
    draft = drafts.draft_of(draft_id, by)
    if draft.unanswered:
        flash(_("Answer every question first."))
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)
    stale = stale_date(draft.answers, clock.today())
    return render_template(
        "referrals/drafts/check.html",
        draft=draft,
        form=SendForm(formdata=None, services=" ".join(str(each.id) for each in draft.services)),
        sections=summary(draft),
        misfits=warnings.misfits_of(draft) or ([stale] if stale else []),
        duplicates=warnings.duplicates_of(draft, by),
        rar=warnings.rar_days_of(draft),
    )


@blueprint.route("/referral-drafts/<uuid:draft_id>/delete", methods=["GET", "POST"])
@requires(ReferralPermission.REFER)
@sensitive
def delete(draft_id: UUID) -> str | Response:
    """Ask once more, then delete a draft."""
    by = actor()
    if request.method == "GET":
        draft = drafts.draft_of(draft_id, by)
        return render_template("referrals/drafts/delete.html", draft=draft)
    with write():
        actions.delete_draft(draft_id, by)
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("my_cases.drafts"), 303)
