"""The pages of the partner finder; no address here carries or leads to a lot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids.finder import actions, queries, telling
from bids.finder import permissions as finder_permissions
from bids.finder.forms import USUAL_DAYS, EntryForm, MessageForm
from bids.finder.lifecycle import END, ENTRY, TAKE_DOWN, THREAD
from bids.finder.models import SIDES, ThreadState
from bids.finder.permissions import FinderPermission
from marketplace import clock, once, registry
from marketplace.areas.queries import area_names
from marketplace.categories.queries import category_names
from marketplace.database import write
from marketplace.lifecycle import Refusal, lifecycles
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "finder", __name__, template_folder="../templates", url_prefix="/find-partners"
)


def _names() -> dict[str, Any]:
    return {
        "area_names": area_names(),
        "category_names": category_names(),
        "sides": SIDES,
        "today": clock.today(),
        "may_write": allowed(actor(), FinderPermission.WRITE),
    }


@blueprint.get("")
@requires(FinderPermission.LOOK)
def index() -> str:
    """What other organisations look for."""
    choices = queries.choices()
    wanted = queries.asked(request.args, choices)
    return render_template(
        "bids/finder/index.html",
        page=queries.entries(wanted, actor()),
        wanted=wanted,
        choices=choices,
        **_names(),
    )


@blueprint.get("/own")
@requires(FinderPermission.WRITE)
def own() -> str:
    """The organisation's own entries."""
    return render_template("bids/finder/own.html", page=queries.own_entries(actor()), **_names())


@blueprint.route("/new", methods=["GET", "POST"])
@requires(FinderPermission.WRITE)
def new() -> Any:
    """Say whom the organisation looks for."""
    form = EntryForm()
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                actions.post_entry(form.sought(), actor())
            flash(_("Others can find your entry now."), "success")
            return redirect(url_for("finder.own"), 303)
        except once.AlreadySent:
            return redirect(url_for("finder.own"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    elif not form.is_submitted():
        form.areas.data = queries.areas_covered(actor())
        form.ends_on.data = clock.today() + timedelta(days=USUAL_DAYS)
    return render_template("bids/finder/entry.html", form=form, entry=None)


@blueprint.route("/<uuid:entry_id>/change", methods=["GET", "POST"])
@requires(FinderPermission.WRITE)
def change(entry_id: UUID) -> Any:
    """Change an own entry, or have it found for longer."""
    entry = queries.own_entry(entry_id, actor())
    ENTRY.expect(TAKE_DOWN, entry)
    form = EntryForm()
    if form.validate_on_submit():
        try:
            with write():
                actions.change_entry(entry_id, form.sought(), form.seen.data or "", actor())
            flash(_("Your entry is changed."), "success")
            return redirect(url_for("finder.own"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
            entry = queries.own_entry(entry_id, actor())
            if isinstance(refusal, Overtaken):
                form.seen.data = fingerprint(actions.held(entry))
    elif not form.is_submitted():
        form.fill(entry)
        form.seen.data = fingerprint(actions.held(entry))
    return render_template("bids/finder/entry.html", form=form, entry=entry, **_names())


@blueprint.post("/<uuid:entry_id>/take-down")
@requires(FinderPermission.WRITE)
def take_down(entry_id: UUID) -> Any:
    """Take an own entry down."""
    with write():
        actions.take_down(entry_id, actor())
    flash(_("Your entry is taken down. Nobody finds it any more."), "success")
    return redirect(url_for("finder.own"), 303)


@blueprint.route("/<uuid:entry_id>/write", methods=["GET", "POST"])
@requires(FinderPermission.WRITE)
def first(entry_id: UUID) -> Any:
    """Write to the organisation behind an entry, or go on with what was begun."""
    entry = queries.others_entry(entry_id, actor())
    begun = queries.thread_about(entry_id, actor())
    form = MessageForm()
    if begun is not None and not form.is_submitted():
        return redirect(url_for("finder.thread", thread_id=begun.id))
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                thread_id = actions.write_first(entry_id, form.text.data or "", actor()).id
            flash(_("Your message is sent. You read the answer here."), "success")
            return redirect(url_for("finder.thread", thread_id=thread_id), 303)
        except once.AlreadySent:
            return redirect(url_for("finder.first", entry_id=entry_id), 303)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            entry = queries.others_entry(entry_id, actor())
    return render_template("bids/finder/write.html", form=form, entry=entry, **_names())


@blueprint.get("/messages")
@requires(FinderPermission.WRITE)
def threads() -> str:
    """The organisation's conversations."""
    return render_template(
        "bids/finder/threads.html",
        page=queries.own_threads(actor()),
        own_id=actor().organisation_id,
        **_names(),
    )


@blueprint.route("/messages/<uuid:thread_id>", methods=["GET", "POST"])
@requires(FinderPermission.TALK)
def thread(thread_id: UUID) -> Any:
    """One conversation: read and answer."""
    shown = queries.own_thread(thread_id, actor())
    form = MessageForm()
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                actions.write_message(thread_id, form.text.data or "", actor())
            flash(_("Your message is sent."), "success")
            return redirect(url_for("finder.thread", thread_id=thread_id), 303)
        except once.AlreadySent:
            return redirect(url_for("finder.thread", thread_id=thread_id), 303)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            shown = queries.own_thread(thread_id, actor())
    return render_template(
        "bids/finder/thread.html",
        form=form,
        thread=shown,
        other=shown.other_than(actor().organisation_id),
        own_id=actor().organisation_id,
        page=queries.messages(shown),
        is_open=shown.state == ThreadState.OPEN,
        **_names(),
    )


@blueprint.route("/messages/<uuid:thread_id>/end", methods=["GET", "POST"])
@requires(FinderPermission.TALK)
def end(thread_id: UUID) -> Any:
    """End a conversation for good."""
    shown = queries.own_thread(thread_id, actor())
    if request.method == "POST":
        with write():
            actions.end_thread(thread_id, actor())
        flash(_("The conversation is ended."), "success")
        return redirect(url_for("finder.threads"), 303)
    THREAD.expect(END, shown)
    other = shown.other_than(actor().organisation_id)
    return render_template("bids/finder/end.html", thread=shown, other=other)


def register(app: Flask) -> None:
    """Add pages, rules, steps and what waits."""
    finder_permissions.register(app)
    lifecycles(app).extend([ENTRY, THREAD])
    registry.waiting(app).append(telling.waiting_for)
    app.register_blueprint(blueprint)
