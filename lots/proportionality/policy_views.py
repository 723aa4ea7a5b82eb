"""The market's rules, caps and windows on screen, for the framework team."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lots.proportionality import actions, queries
from lots.proportionality.comparing import compared
from lots.proportionality.forms import (
    CAP_ROWS,
    NUMBER_GROUPS,
    NewVersionForm,
    NumbersForm,
    PublishForm,
    SeenForm,
    caps_form,
    caps_given,
    fill_caps,
    levels_form,
    levels_given,
)
from lots.proportionality.models import MarketPolicy
from lots.proportionality.permissions import PolicyPermission
from lots.proportionality.vocabulary import RULES, PolicyState
from lots.vocabulary import LEVELS, ROUTES
from marketplace import once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import allowed, requires
from marketplace.registry import NavigationEntry, navigation
from marketplace.web.acting import actor

blueprint = Blueprint("policies", __name__)


@blueprint.get("/policies")
@requires(PolicyPermission.SEE)
def policies() -> str:
    """Every version of the market's policy."""
    found = queries.versions()
    return render_template(
        "lots/proportionality/policies.html",
        versions=found,
        in_force=queries.policy_today().version,
        draft=next((each for each in found if each.state is PolicyState.DRAFT), None),
        start=NewVersionForm(formdata=None),
        may_draft=allowed(actor(), PolicyPermission.DRAFT),
    )


@blueprint.get("/policies/<uuid:policy_id>")
@requires(PolicyPermission.SEE)
def policy(policy_id: UUID) -> str:
    """One version, and what it changes."""
    shown = queries.version(policy_id)
    before = queries.version_before(shown)
    return render_template(
        "lots/proportionality/policy.html",
        policy=shown,
        before=before,
        changes=compared(before, shown) if before else [],
        numbers=NumbersForm(data=actions.numbers_of(shown)),
        groups=NUMBER_GROUPS,
        season=_season_in_words(shown),
        rule_names=RULES,
        levels=LEVELS,
        routes=ROUTES,
        in_force=queries.policy_today().version,
        may_edit=shown.state is PolicyState.DRAFT and allowed(actor(), PolicyPermission.DRAFT),
    )


def _season_in_words(shown: MarketPolicy) -> str:
    # A leap year knows every day that a season can begin or end on.
    first = date(2000, shown.season_from_month, shown.season_from_day)
    last = date(2000, shown.season_to_month, shown.season_to_day)
    return _(
        "%(first)s to %(last)s",
        first=format_date(first, "d MMMM"),
        last=format_date(last, "d MMMM"),
    )


@blueprint.post("/policies/<uuid:policy_id>/copy")
@requires(PolicyPermission.DRAFT)
def start(policy_id: UUID) -> Response:
    """Begin the next version as a copy of this one."""
    form = NewVersionForm()
    if not form.validate_on_submit():
        return redirect(url_for("policies.policies"), 303)
    with write():
        once.use_up(form.once.data)
        draft_id = actions.start_version(policy_id, actor()).id
    return redirect(url_for("policies.policy", policy_id=draft_id), 303)


def _draft(policy_id: UUID) -> MarketPolicy:
    draft = queries.version(policy_id)
    if draft.state is not PolicyState.DRAFT:
        raise Refusal(_("This version has been published, so it never changes. Start a new one."))
    return draft


def _done(policy_id: UUID) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for("policies.policy", policy_id=policy_id), 303)


def _overtaken(form: SeenForm, policy_id: UUID, held: Any, overtaken: Overtaken) -> MarketPolicy:
    """Say so above the form, and let the next save replace what the other person saved."""
    form.form_errors.append(str(overtaken.text))
    draft = _draft(policy_id)
    form.seen.data = fingerprint(held(draft))
    return draft


@blueprint.route("/policies/<uuid:policy_id>/numbers", methods=["GET", "POST"])
@requires(PolicyPermission.DRAFT)
def numbers(policy_id: UUID) -> str | Response:
    """The windows, cut-offs, limits and the burden meter of a draft."""
    draft = _draft(policy_id)
    form = NumbersForm()
    if form.validate_on_submit():
        try:
            with write():
                actions.save_numbers(policy_id, form.values(), form.seen.data or "", actor())
            return _done(policy_id)
        except Overtaken as overtaken:
            draft = _overtaken(form, policy_id, actions.numbers_of, overtaken)
    elif not form.is_submitted():
        form = NumbersForm(data=actions.numbers_of(draft))
        form.seen.data = fingerprint(actions.numbers_of(draft))
    return render_template(
        "lots/proportionality/numbers.html",
        policy=draft,
        form=form,
        groups=NUMBER_GROUPS,
        held=NumbersForm(formdata=None, data=actions.numbers_of(draft)),
    )


@blueprint.route("/policies/<uuid:policy_id>/rules", methods=["GET", "POST"])
@requires(PolicyPermission.DRAFT)
def rules(policy_id: UUID) -> str | Response:
    """What each rule does in a draft."""
    draft = _draft(policy_id)
    form = levels_form(draft)()
    if form.validate_on_submit():
        try:
            with write():
                given = levels_given(form, draft)
                actions.save_levels(policy_id, given, form.seen.data or "", actor())
            return _done(policy_id)
        except Overtaken as overtaken:
            draft = _overtaken(form, policy_id, actions.levels_of, overtaken)
    elif not form.is_submitted():
        for code, level in actions.levels_of(draft).items():
            form[code].data = level.value
        form.seen.data = fingerprint(actions.levels_of(draft))
    return render_template(
        "lots/proportionality/rules.html", policy=draft, form=form, levels=LEVELS
    )


@blueprint.route("/policies/<uuid:policy_id>/caps", methods=["GET", "POST"])
@requires(PolicyPermission.DRAFT)
def caps(policy_id: UUID) -> str | Response:
    """The caps on questions and words of a draft."""
    draft = _draft(policy_id)
    form = caps_form()()
    if form.validate_on_submit():
        try:
            with write():
                actions.save_caps(policy_id, caps_given(form), form.seen.data or "", actor())
            return _done(policy_id)
        except Overtaken as overtaken:
            draft = _overtaken(form, policy_id, actions.caps_of, overtaken)
    elif not form.is_submitted():
        fill_caps(form, actions.caps_of(draft))
        form.seen.data = fingerprint(actions.caps_of(draft))
    return render_template(
        "lots/proportionality/caps.html",
        policy=draft,
        form=form,
        rows=range(1, CAP_ROWS + 1),
        held=draft.caps,
        routes=ROUTES,
    )


@blueprint.route("/policies/<uuid:policy_id>/publish", methods=["GET", "POST"])
@requires(PolicyPermission.PUBLISH)
def publish(policy_id: UUID) -> str | Response:
    """Have a draft hold from a day on."""
    draft = _draft(policy_id)
    form = PublishForm()
    if form.validate_on_submit() and form.valid_from.data:
        try:
            with write():
                actions.publish_version(policy_id, form.valid_from.data, actor())
            flash(_("This version is published. It never changes from now on."), "success")
            return redirect(url_for("policies.policy", policy_id=policy_id), 303)
        except Refusal as refusal:
            draft = _draft(policy_id)
            form.form_errors.append(str(refusal.text))
    before = queries.version_before(draft)
    return render_template(
        "lots/proportionality/publish.html",
        policy=draft,
        form=form,
        changes=compared(before, draft) if before else [],
    )


@blueprint.post("/policies/<uuid:policy_id>/discard")
@requires(PolicyPermission.DRAFT)
def discard(policy_id: UUID) -> Response:
    """Throw a draft away."""
    with write():
        actions.discard_version(policy_id, actor())
    flash(_("The draft has been discarded."), "success")
    return redirect(url_for("policies.policies"), 303)


def register(app: Flask) -> None:
    """Serve the pages, with their menu entry."""
    app.register_blueprint(blueprint)
    entry = NavigationEntry(_l("Market policy"), "policies.policies", PolicyPermission.SEE, 60)
    navigation(app).append(entry)
