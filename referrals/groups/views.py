"""The pages of groups, for those who deliver."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.answering.steps import say_above
from referrals.delivery.session_queries import region_of
from referrals.delivery.venues import where
from referrals.groups import actions, queries
from referrals.groups.forms import AttendanceForm, GroupForm, MeetingsForm, PeopleForm
from referrals.groups.permissions import GroupPermission

blueprint = Blueprint("groups", "referrals", template_folder="templates", url_prefix="/groups")


def _back(group_id: UUID, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("groups.show", group_id=group_id), 303)


def _page(template: str, group_id: UUID, **values) -> str:
    group = queries.group_of(group_id, actor())
    services = queries.services_of(actor())
    return render_template(
        f"referrals/groups/{template}.html",
        group=group,
        service=services.get(group.contract_area_id, ""),
        where=where,
        **values,
    )


@blueprint.get("")
@requires(GroupPermission.RUN)
@sensitive
def index() -> str:
    """The organisation's groups."""
    found = queries.groups_of(actor())
    return render_template(
        "referrals/groups/index.html", found=found, services=queries.services_of(actor())
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(GroupPermission.RUN)
@sensitive
def make() -> str | Response:
    """Make a group."""
    services = queries.services_of(actor())
    first = next(iter(services), None)
    form = GroupForm(region_code=region_of(first) if first else None)
    form.offer(services)
    if request.method == "POST" and form.validate():
        try:
            with write():
                once.use_up(form.once.data)
                made = actions.make_group(
                    UUID(form.service.data),
                    form.name.data,
                    form.capacity.data or 0,
                    form.venue,
                    actor(),
                ).id
            return _back(made, _("The group is made. Add its dates and its people."))
        except Refusal as refusal:
            say_above(form, refusal)
    return render_template("referrals/groups/make.html", form=form, services=services)


@blueprint.get("/<uuid:group_id>")
@requires(GroupPermission.RUN)
@sensitive
def show(group_id: UUID) -> str:
    """One group: its people, its timetable, what is to be recorded."""
    queries.group_of(group_id, actor())
    people, total = queries.members(group_id, actor())
    meetings = queries.meetings_of(group_id)
    return _page(
        "show",
        group_id,
        people=people,
        total=total,
        meetings=meetings,
        unrecorded=queries.to_record([each.id for each in meetings]),
        now=clock.now(),
    )


@blueprint.route("/<uuid:group_id>/people", methods=["GET", "POST"])
@requires(GroupPermission.RUN)
@sensitive
def add_people(group_id: UUID) -> str | Response:
    """Add people of cases of the group's service."""
    group = queries.group_of(group_id, actor())
    form = PeopleForm()
    form.offer(queries.could_join(group, actor()))
    if request.method == "POST" and form.validate():
        try:
            with write():
                check(actor(), GroupPermission.RUN, queries.group_of(group_id, actor()))
                once.use_up(form.once.data)
                added = actions.add_people(group_id, form.chosen, actor())
            done = ngettext("%(num)s person joined.", "%(num)s people joined.", added)
            return _back(group_id, done)
        except Refusal as refusal:
            say_above(form, refusal)
    _people, total = queries.members(group_id, actor())
    group = queries.group_of(group_id, actor())
    return _page("people", group_id, form=form, free=group.capacity - total)


@blueprint.post("/<uuid:group_id>/people/<uuid:referral_id>/out")
@requires(GroupPermission.RUN)
@sensitive
def take_out(group_id: UUID, referral_id: UUID) -> Response:
    """Take somebody out of the group."""
    with write():
        actions.take_out(group_id, referral_id, actor())
    return _back(group_id, _("They are no longer in the group. Its meetings ahead are called off."))


@blueprint.route("/<uuid:group_id>/meetings", methods=["GET", "POST"])
@requires(GroupPermission.RUN)
@sensitive
def add_meetings(group_id: UUID) -> str | Response:
    """Add dates to the timetable."""
    queries.group_of(group_id, actor())
    form = MeetingsForm()
    if request.method == "POST" and form.validate():
        try:
            with write():
                check(actor(), GroupPermission.RUN, queries.group_of(group_id, actor()))
                once.use_up(form.once.data)
                weeks = form.weeks.data or 1
                added = actions.add_meetings(group_id, form.first, weeks, actor())
            done = ngettext("%(num)s meeting is added.", "%(num)s meetings are added.", added)
            return _back(group_id, done)
        except Refusal as refusal:
            say_above(form, refusal)
    return _page("meetings", group_id, form=form)


@blueprint.post("/<uuid:group_id>/meetings/<uuid:meeting_id>/off")
@requires(GroupPermission.RUN)
@sensitive
def call_off(group_id: UUID, meeting_id: UUID) -> Response:
    """Call one meeting off."""
    with write():
        actions.call_off_meeting(group_id, meeting_id, actor())
    return _back(group_id, _("The meeting is called off for everybody."))


@blueprint.route("/<uuid:group_id>/meetings/<uuid:meeting_id>", methods=["GET", "POST"])
@requires(GroupPermission.RUN)
@sensitive
def record(group_id: UUID, meeting_id: UUID) -> str | Response:
    """Attendance for everybody on one screen."""
    by = actor()
    meeting = actions.meeting_of(queries.group_of(group_id, by), meeting_id)
    rows = queries.expected_at(meeting_id, by)
    unrecorded = [(session, case) for session, case in rows if session.is_ahead]
    form = AttendanceForm.for_people(unrecorded)()
    if request.method == "POST" and form.validate():
        try:
            said = form.answers([session for session, _case in unrecorded])
            with write():
                recorded = actions.record_meeting(group_id, meeting_id, said, by)
            done = ngettext(
                "Recorded for %(num)s person.", "Recorded for %(num)s people.", recorded
            )
            return _back(group_id, done)
        except Refusal as refusal:
            say_above(form, refusal)
            meeting = actions.meeting_of(queries.group_of(group_id, by), meeting_id)
            rows = queries.expected_at(meeting_id, by)
    return _page(
        "record",
        group_id,
        meeting=meeting,
        rows=rows,
        form=form,
        is_early=meeting.starts_at > clock.now(),
    )


@blueprint.post("/<uuid:group_id>/end")
@requires(GroupPermission.RUN)
@sensitive
def end(group_id: UUID) -> Response:
    """End the group."""
    with write():
        actions.end_group(group_id, actor())
    flash(_("The group has ended. Its meetings ahead are called off."), "success")
    return redirect(url_for("groups.index"), 303)
