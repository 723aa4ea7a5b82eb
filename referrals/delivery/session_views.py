"""The sessions of a case: arranged, moved, recorded, added to; concerns read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering.steps import back_to, say_above
from referrals.codes import IN_HAND
from referrals.delivery import concerns, feedback, sessions
from referrals.delivery.models import AskedBy, CaseSession, ConcernKind, Method
from referrals.delivery.session_forms import (
    AdditionForm,
    ConcernForm,
    FeedbackForm,
    HeldForm,
    MoveForm,
    SessionForm,
)
from referrals.delivery.session_queries import clashes, region_of, session_of, sessions_of
from referrals.delivery.venues import where
from referrals.frame import render_case
from referrals.models import Referral
from referrals.permissions import ReferralPermission

blueprint = Blueprint(
    "sessions", "referrals", template_folder="templates", url_prefix="/cases/<uuid:referral_id>"
)
PAGE = "sessions.index"


def _page(template: str, referral_id: UUID, **values) -> str:
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    return render_case(f"referrals/sessions/{template}.html", referral, by, where=where, **values)


@blueprint.get("/sessions")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def index(referral_id: UUID) -> str:
    """Every session of the case, what came of it, and the concerns; reading it is recorded."""
    by = actor()
    referral = queries.case(referral_id, by)
    delivers = allowed(by, ReferralPermission.DELIVER, referral)
    return _page(
        "index",
        referral_id,
        found=sessions_of(referral_id),
        may_arrange=delivers and referral.state in IN_HAND,
        may_record=delivers,
        may_acknowledge=allowed(by, ReferralPermission.ACKNOWLEDGE, referral),
    )


@blueprint.route("/sessions/new", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def arrange(referral_id: UUID) -> str | Response:
    """Arrange a session; one of an earlier day goes on to what came of it."""
    referral = queries.case_to_deliver(referral_id, actor())
    region_code = region_of(referral.contract_area_id)
    is_held = bool(request.form.get("held"))
    form = (HeldForm if is_held else SessionForm)(region_code=region_code)
    warned: list[str] = []
    if request.method == "POST" and form.validate():
        if not is_held and sessions.is_of_earlier_day(form.starts_at):
            return _held_page(referral_id, HeldForm(region_code=region_code))
        warned = _clashes(referral, form)
        if not warned:
            try:
                _arrange(referral_id, form)
                return back_to(referral_id, _("The session is arranged."), PAGE)
            except Refusal as refusal:
                say_above(form, refusal)
    if is_held:
        return _held_page(referral_id, form)
    return _page("arrange", referral_id, form=form, warned=warned)


def _arrange(referral_id: UUID, form: SessionForm) -> None:
    with write():
        queries.case_to_deliver(referral_id, actor())
        once.use_up(form.once.data)
        said = form.said if isinstance(form, HeldForm) else None
        sessions.arrange_session(referral_id, form.starts_at, form.venue, actor(), said)


def _held_page(referral_id: UUID, form: HeldForm) -> str:
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name.partition("-")[0] in SESSION_FIELDS
    ]
    return _page("held", referral_id, form=form, kept=kept)


SESSION_FIELDS = (
    *("once", "day", "time", "minutes", "method", "office"),
    *("line_1", "line_2", "town", "postcode"),
)


def _clashes(
    referral: Referral, form: SessionForm, besides: CaseSession | None = None
) -> list[str]:
    """What stands against this time, until it has been seen; the form then carries that on."""
    if form.despite.data == form.moment or isinstance(form, HeldForm):
        return []
    found = clashes(
        referral, form.starts_at, form.venue.minutes, actor(), besides.id if besides else None
    )
    if found:
        form.despite.data = form.moment
    return found


@blueprint.route("/sessions/<uuid:session_id>", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def record(referral_id: UUID, session_id: UUID) -> str | Response:
    """Record what came of a session."""
    queries.case_to_deliver(referral_id, actor())
    session = session_of(referral_id, session_id)
    form = FeedbackForm()
    if request.method == "POST" and form.validate():
        try:
            with write():
                feedback.record_session(referral_id, session_id, form.said, actor())
            return back_to(referral_id, _recorded(form), PAGE)
        except Refusal as refusal:
            say_above(form, refusal)
            session = session_of(referral_id, session_id)
    return _page(
        "record", referral_id, form=form, session=session, is_early=session.starts_at > clock.now()
    )


def _recorded(form: FeedbackForm) -> str:
    if form.told:
        return _("The session is recorded. The practitioner is being told now.")
    return _("The session is recorded.")


@blueprint.route("/sessions/<uuid:session_id>/move", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def move(referral_id: UUID, session_id: UUID) -> str | Response:
    """Give a session another time."""
    referral = queries.case_to_deliver(referral_id, actor())
    session = session_of(referral_id, session_id)
    form = MoveForm(region_code=region_of(referral.contract_area_id))
    warned: list[str] = []
    if request.method == "GET":
        _fill_venue(form, session)
    elif form.validate():
        warned = _clashes(referral, form, session)
        if not warned:
            try:
                _move(referral_id, session_id, form)
                done = _("The session has another time. Both sides see why.")
                return back_to(referral_id, done, PAGE)
            except Refusal as refusal:
                say_above(form, refusal)
                session = session_of(referral_id, session_id)
    return _page("move", referral_id, form=form, session=session, warned=warned)


def _move(referral_id: UUID, session_id: UUID, form: MoveForm) -> None:
    with write():
        queries.case_to_deliver(referral_id, actor())
        once.use_up(form.once.data)
        sessions.move_session(
            referral_id,
            session_id,
            form.starts_at,
            form.venue,
            AskedBy(form.asked_by.data),
            form.reason.data,
            actor(),
        )


def _fill_venue(form: MoveForm, session: CaseSession) -> None:
    form.minutes.data, form.method.data = session.minutes, session.method.value
    form.office.data = session.office_code
    if session.method == Method.IN_PERSON_OTHER and session.address:
        lines = session.address.split("\n")
        form.line_1.data, form.postcode.data = lines[0], lines[-1]
        form.town.data = lines[-2] if len(lines) > 2 else ""
        form.line_2.data = lines[1] if len(lines) > 3 else ""


@blueprint.route("/sessions/<uuid:session_id>/add", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def add(referral_id: UUID, session_id: UUID) -> str | Response:
    """Add to what was recorded; nothing is overwritten."""
    queries.case_to_deliver(referral_id, actor())
    session = session_of(referral_id, session_id)
    form = AdditionForm()
    if request.method == "POST" and form.validate():
        try:
            with write():
                queries.case_to_deliver(referral_id, actor())
                once.use_up(form.once.data)
                feedback.add_to_session(referral_id, session_id, form.text.data, form.told, actor())
            done = _("It is added. What was recorded before stays.")
            return back_to(referral_id, done, PAGE)
        except Refusal as refusal:
            say_above(form, refusal)
            session = session_of(referral_id, session_id)
    return _page("add", referral_id, form=form, session=session)


@blueprint.route("/concerns/new", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def concern(referral_id: UUID) -> str | Response:
    """Tell the practitioner something now, outside of any session."""
    queries.case_to_deliver(referral_id, actor())
    form = ConcernForm()
    if request.method == "POST" and form.validate():
        try:
            with write():
                queries.case_to_deliver(referral_id, actor())
                once.use_up(form.once.data)
                told = {ConcernKind(form.kind.data): form.text.data}
                concerns.raise_concern(referral_id, told, actor())
            return back_to(referral_id, _("The practitioner is being told now."), PAGE)
        except Refusal as refusal:
            say_above(form, refusal)
    return _page("concern", referral_id, form=form)


@blueprint.post("/concerns/<uuid:concern_id>/read")
@requires(ReferralPermission.ACKNOWLEDGE)
@sensitive
def acknowledge(referral_id: UUID, concern_id: UUID) -> Response:
    """Say that a concern was read."""
    with write():
        concerns.acknowledge(referral_id, concern_id, actor())
    return back_to(referral_id, _("You have acknowledged the concern."), PAGE)
