"""One's own account: the authenticator, recovery codes, password, sessions, and switching."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts import actions, queries, second_factor
from marketplace.accounts.forms import CodeForm, NameForm, NewPasswordForm, SwitchForm
from marketplace.accounts.passwords import hash_password
from marketplace.accounts.permissions import AccountPermission
from marketplace.accounts.throttles import SECOND_FACTOR, count_try
from marketplace.database import write
from marketplace.keyring import keyring
from marketplace.organisations.permissions import OrganisationPermission
from marketplace.permissions import allowed, requires, signed_in
from marketplace.web.acting import actor
from marketplace.web.addresses import local_path
from marketplace.web.fields import SelectChoice
from marketplace.web.protection import is_fresh, step_up

blueprint = Blueprint("account", __name__, url_prefix="/account")

CANDIDATE = "authenticator_candidate"

Answer = str | Response


def _next() -> str | None:
    return local_path(request.args.get("next"))


@blueprint.get("")
@requires(AccountPermission.OWN_ACCOUNT)
def overview() -> str:
    """One's account: organisations, security, sessions."""
    by = actor()
    return render_template(
        "marketplace/accounts/overview.html",
        me=queries.person(by.person_id),
        seats=queries.seats_of(by.person_id),
        sessions=queries.open_sessions_of(by.person_id),
        codes_left=queries.recovery_codes_left(by.person_id),
        has_profile=allowed(by, OrganisationPermission.SEE_PROFILE),
        manages_people=allowed(by, AccountPermission.SEE_PEOPLE),
    )


@blueprint.route("/authenticator", methods=["GET", "POST"])
@signed_in
def set_up() -> Answer:
    """Set up an authenticator app; where one is set up already, only after a fresh confirmation."""
    by = actor()
    me = queries.person(by.person_id)
    if me.totp_secret is not None and not is_fresh(by):
        return step_up()
    secret, form = _candidate(), CodeForm()
    if form.validate_on_submit():
        count_try(SECOND_FACTOR, str(by.person_id))
        with write():
            codes = actions.enrol(by, secret, form.code.data)
        if codes:
            session.pop(CANDIDATE, None)
            return _show_codes(codes)
        form.code.errors = [_("The code is not right. Enter the one that the app shows now")]
    return render_template(
        "marketplace/accounts/set_up.html",
        form=form,
        spaced_secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=second_factor.enrolment_picture(secret, me.email),
        next=_next(),
        may_wait=by.second_factor_at is None and actions.only_for_providers(by.person_id),
    )


def _candidate() -> str:
    """The secret being set up; it stays the same while the page is shown again."""
    if CANDIDATE not in session:
        fresh = second_factor.new_secret()
        session[CANDIDATE] = keyring().encrypt(CANDIDATE, fresh.encode())
    return keyring().decrypt(CANDIDATE, session[CANDIDATE]).decode()


def _show_codes(codes: list[str]) -> str:
    return render_template("marketplace/accounts/codes.html", codes=codes, next=_next() or "/")


@blueprint.route("/recovery-codes", methods=["GET", "POST"])
@requires(AccountPermission.SECURE_OWN_ACCOUNT)
def recovery_codes() -> str:
    """Make ten new codes; they are shown once."""
    if request.method == "POST":
        with write():
            codes = actions.renew_recovery_codes(actor())
        return _show_codes(codes)
    left = queries.recovery_codes_left(actor().person_id)
    return render_template("marketplace/accounts/recovery_codes.html", left=left)


@blueprint.route("/password", methods=["GET", "POST"])
@requires(AccountPermission.SECURE_OWN_ACCOUNT)
def password() -> Answer:
    """Set a new password; a fresh second factor stands in for typing the old one."""
    me = queries.person(actor().person_id)
    form = NewPasswordForm(me.email, me.name)
    if form.validate_on_submit():
        hashed = hash_password(form.password.data)
        with write():
            actions.change_password(actor(), hashed)
        flash(_("Your password is changed. Your other sessions have ended."), "success")
        return redirect(url_for("account.overview"), 303)
    return render_template("marketplace/accounts/password.html", form=form)


@blueprint.route("/name", methods=["GET", "POST"])
@requires(AccountPermission.OWN_ACCOUNT)
def name() -> Answer:
    """Change the name that others see."""
    form = NameForm(name=actor().name)
    if form.validate_on_submit():
        with write():
            actions.change_name(actor(), form.name.data)
        flash(_("Your name is changed."), "success")
        return redirect(url_for("account.overview"), 303)
    return render_template("marketplace/accounts/name.html", form=form)


@blueprint.post("/sessions/<uuid:session_id>/end")
@requires(AccountPermission.OWN_ACCOUNT)
def end_session(session_id: UUID) -> Response:
    """End one of one's own sessions."""
    with write():
        actions.end_sessions(actor(), [session_id])
    flash(_("The session has ended."), "success")
    return redirect(url_for("account.overview"), 303)


@blueprint.post("/sessions/end")
@requires(AccountPermission.OWN_ACCOUNT)
def end_other_sessions() -> Response:
    """End all of one's sessions but this one."""
    by = actor()
    with write():
        open_ones = queries.open_sessions_of(by.person_id)
        actions.end_sessions(by, [each.id for each in open_ones if each.id != by.session_id])
    flash(_("All your other sessions have ended."), "success")
    return redirect(url_for("account.overview"), 303)


@blueprint.route("/switch", methods=["GET", "POST"])
@signed_in
def switch() -> Answer:
    """Choose which of one's organisations to act for."""
    by = actor()
    seats = queries.seats_of(by.person_id)
    form = SwitchForm(organisation=str(by.organisation_id))
    form.organisation.choices = [
        SelectChoice(str(seat.organisation.id), seat.organisation.name) for seat in seats
    ]
    form.organisation.hints = {str(seat.organisation.id): seat.role_names for seat in seats}
    if form.validate_on_submit():
        with write():
            actions.switch(by, UUID(form.organisation.data))
        return redirect("/", 303)
    return render_template("marketplace/accounts/switch.html", form=form)
