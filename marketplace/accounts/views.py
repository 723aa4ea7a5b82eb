"""Signing in and out: both factors, mailed links, invitations, and the step-up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts import actions, memberships, queries, sessions
from marketplace.accounts.forms import (
    AcceptForm,
    CodeForm,
    ConfirmForm,
    ForgottenPasswordForm,
    LinkForm,
    PressForm,
    RecoveryCodeForm,
    SignInForm,
)
from marketplace.accounts.models import PersonState
from marketplace.accounts.passwords import hash_password
from marketplace.accounts.throttles import SECOND_FACTOR, count_try
from marketplace.database import write
from marketplace.permissions import public, signed_in
from marketplace.web.acting import acting, actor
from marketplace.web.addresses import local_path, remember_way_on, take_way_on

blueprint = Blueprint("accounts", __name__)

Answer = str | Response | tuple[str, int]


def _address() -> str:
    return request.remote_addr or "unknown"


def _next() -> str | None:
    return local_path(request.args.get("next"))


def _on() -> Response:
    return redirect(_next() or "/", 303)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    """Address and password; the answer never tells who has an account."""
    form = SignInForm()
    if form.validate_on_submit():
        holder = actions.holder_of_password(form.email.data, form.password.data, _address())
        if holder is not None:
            with write():
                token = actions.start_session(holder, "password")
            sessions.carry(token)
            return redirect(url_for("accounts.second_factor", next=_next()), 303)
        form.email.errors = [
            _("The email address or password is not right, or the account is not in use")
        ]
    invented = current_app.extensions["settings"].demonstration
    return render_template(
        "marketplace/accounts/sign_in.html",
        form=form,
        next=_next(),
        demonstration_accounts=queries.demonstration_accounts() if invented else {},
    )


@blueprint.post("/sign-in/demonstration")
@public
def demonstration_sign_in() -> Response:
    """One click gives both factors of an invented person."""
    try:
        ids = [UUID(request.form.get(name, "")) for name in ("person", "organisation")]
    except ValueError:
        abort(400)
    with write():
        token = actions.demonstration_sign_in(*ids)
    sessions.carry(token)
    return _on()


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session."""
    with write():
        actions.sign_out(actor())
    sessions.let_go()
    flash(_("You have signed out."))
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
@signed_in
def second_factor() -> Answer:
    """The authenticator's code; set up first where there is none."""
    if actions.may_confirm_by_button(actor()):
        return redirect(url_for("accounts.confirm", next=_next()), 303)
    if queries.person(actor().person_id).totp_secret is None:
        return redirect(url_for("account.set_up", next=_next()), 303)
    form = CodeForm()
    if form.validate_on_submit():
        count_try(SECOND_FACTOR, str(actor().person_id))
        with write():
            proven = actions.prove_totp(actor(), form.code.data)
        if proven:
            return _on()
        form.code.errors = [_wrong_code()]
    return render_template("marketplace/accounts/second_factor.html", form=form, next=_next())


def _wrong_code() -> str:
    return _("The code is not right or has been used. Wait for the next one and enter that")


@blueprint.route("/sign-in/recovery-code", methods=["GET", "POST"])
@signed_in
def recovery_code() -> Answer:
    """A recovery code in place of the authenticator."""
    form = RecoveryCodeForm()
    if form.validate_on_submit():
        count_try(SECOND_FACTOR, str(actor().person_id))
        with write():
            proven = actions.prove_recovery_code(actor(), form.code.data)
        if proven:
            left = queries.recovery_codes_left(actor().person_id)
            flash(_("Recovery codes left: %(left)s. You can make new ones here.", left=left))
            return redirect(_next() or url_for("account.overview"), 303)
        form.code.errors = [_("The recovery code is not right or has been used")]
    return render_template("marketplace/accounts/recovery_code.html", form=form, next=_next())


@blueprint.route("/confirm", methods=["GET", "POST"])
@signed_in
def confirm() -> Answer:
    """Confirm that it is you: the second factor once more, then back to what was being done."""
    by = actor()
    by_button = actions.may_confirm_by_button(by)
    if not by_button and queries.person(by.person_id).totp_secret is None:
        return redirect(url_for("account.set_up", next=_next()), 303)
    form = PressForm() if by_button else CodeForm()
    if form.validate_on_submit():
        if _confirmed(form, by_button):
            return _on()
        form.code.errors = [_wrong_code()]
    return render_template(
        "marketplace/accounts/confirm.html", form=form, by_button=by_button, next=_next()
    )


def _confirmed(form: Any, by_button: bool) -> bool:
    if not by_button:
        count_try(SECOND_FACTOR, str(actor().person_id))
    with write():
        if by_button:
            actions.confirm_by_button(actor())
            return True
        return actions.prove_totp(actor(), form.code.data)


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
@public
def link() -> Answer:
    """Ask for a one-time link by mail; the same answer for every address."""
    remember_way_on()
    form = LinkForm()
    if form.validate_on_submit():
        actions.count_link_request(form.email.data, _address())
        with write():
            actions.request_link(form.email.data)
        return redirect(url_for("accounts.link_sent"), 303)
    return render_template("marketplace/accounts/link.html", form=form)


@blueprint.get("/sign-in/link/sent")
@public
def link_sent() -> str:
    """What to do now that a mail is on its way."""
    return render_template("marketplace/accounts/link_sent.html")


@blueprint.route("/sign-in/with/<token>", methods=["GET", "POST"])
@public
def use_link(token: str) -> Answer:
    """The page a mailed link opens; only its button uses the link.

    On the way to an account that registered itself, the reader of the mail chooses its password.
    """
    opened = queries.open_link(token)
    if opened is None or opened.person_id is None:
        return render_template("marketplace/accounts/link_over.html"), 410
    me, seats = queries.person(opened.person_id), queries.seats_of(opened.person_id)
    confirms = bool(seats) and me.state == PersonState.UNCONFIRMED
    form = ConfirmForm(me.email, me.name) if confirms else PressForm()
    if form.validate_on_submit():
        hashed = hash_password(form.password.data) if confirms else None
        with write():
            session_token = actions.use_link(token, hashed)
        on = take_way_on()
        sessions.carry(session_token)
        set_up = url_for("account.set_up", next=on)
        return redirect(set_up if me.totp_secret is None else on or "/", 303)
    return render_template(
        "marketplace/accounts/use_link.html",
        form=form,
        link_token=token,
        email=me.email,
        registered=seats[0].organisation.name if confirms else None,
    )


@blueprint.route("/new-password/<token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> Answer:
    """Set a new password from a mailed link, with the authenticator's code."""
    opened = queries.open_link(token, for_password=True)
    if opened is None or opened.person_id is None:
        return render_template("marketplace/accounts/link_over.html"), 410
    me = queries.person(opened.person_id)
    form = ForgottenPasswordForm(me.email, me.name)
    if form.validate_on_submit():
        count_try(SECOND_FACTOR, str(me.id))
        hashed = hash_password(form.password.data)
        with write():
            done = actions.set_new_password(token, form.code.data or "", hashed)
        if done:
            flash(_("Your password is changed. Sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"), 303)
        form.code.errors = [_wrong_code()]
    return render_template(
        "marketplace/accounts/new_password.html",
        form=form,
        link_token=token,
        asks_code=me.totp_secret is not None,
    )


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Answer:
    """Take up an invitation: with a new account, or as a further role of one's own."""
    invited = queries.open_invitation(token)
    if invited is None:
        return render_template("marketplace/accounts/invitation_over.html"), 410
    known = queries.known_account(invited.email)
    form = PressForm() if known else AcceptForm(invited.email)
    if form.validate_on_submit():
        return _accept(token, form, known)
    return render_template(
        "marketplace/accounts/invitation.html",
        form=form,
        invitation=invited,
        invitation_token=token,
        known=known,
    )


def _accept(token: str, form: Any, known: bool) -> Response:
    hashed = None if known else hash_password(form.password.data)
    with write():
        name = "" if known else form.name.data
        person = memberships.accept_invitation(token, name, hashed)
        is_new = hashed is not None and person.password_hash == hashed
        session_token = actions.start_session(person.id, "invitation") if is_new else None
    if session_token is None:
        if acting() is not None:
            sessions.let_go()
        flash(_("The role is yours. Sign in to use it."), "success")
        return redirect(url_for("accounts.sign_in"), 303)
    sessions.carry(session_token)
    return redirect(url_for("account.set_up"), 303)
