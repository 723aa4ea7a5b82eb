"""The people of an organisation: inviting them, their roles, closing accounts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.accounts import memberships, queries
from marketplace.accounts.forms import GrantForm, InviteForm
from marketplace.accounts.models import PERSON_STATES
from marketplace.accounts.permissions import AccountPermission
from marketplace.accounts.throttles import INVITATIONS, count_try
from marketplace.acting import ROLES_OF_KIND, Role
from marketplace.database import write
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor

blueprint = Blueprint("people", __name__)

Answer = str | Response


@blueprint.get("/people")
@requires(AccountPermission.SEE_PEOPLE)
def own() -> str:
    """The people of the organisation acted for."""
    return people(actor().organisation_id)


@blueprint.get("/organisations/<uuid:organisation_id>/people")
@requires(AccountPermission.SEE_PEOPLE)
def people(organisation_id: UUID) -> str:
    """The people of an organisation and who is invited."""
    return render_template(
        "marketplace/accounts/people.html",
        organisation=queries.organisation_managed_by(actor(), organisation_id),
        colleagues=queries.people_of(organisation_id),
        invitations=queries.open_invitations_of(organisation_id),
        person_states=PERSON_STATES,
    )


@blueprint.route("/organisations/<uuid:organisation_id>/people/invite", methods=["GET", "POST"])
@requires(AccountPermission.MANAGE_PEOPLE)
def invite(organisation_id: UUID) -> Answer:
    """Invite somebody by mail."""
    organisation = queries.organisation_managed_by(actor(), organisation_id)
    form = InviteForm(ROLES_OF_KIND[organisation.kind])
    if form.validate_on_submit():
        count_try(INVITATIONS, str(actor().person_id))
        with write():
            once.use_up(form.once.data)
            organisation = queries.organisation_managed_by(actor(), organisation_id)
            memberships.invite(organisation, Role(form.role.data), form.email.data, actor())
        flash(_("The invitation is on its way."), "success")
        return _back(organisation_id)
    return render_template("marketplace/accounts/invite.html", form=form, organisation=organisation)


def _back(organisation_id: UUID) -> Response:
    return redirect(url_for("people.people", organisation_id=organisation_id), 303)


@blueprint.post("/invitations/<uuid:invitation_id>/withdraw")
@requires(AccountPermission.MANAGE_PEOPLE)
def withdraw_invitation(invitation_id: UUID) -> Response:
    """Make an invitation unusable."""
    with write():
        invitation = memberships.withdraw_invitation(invitation_id, actor())
    flash(_("The invitation is withdrawn."), "success")
    return _back(invitation.organisation_id)


@blueprint.route(
    "/organisations/<uuid:organisation_id>/people/<uuid:person_id>", methods=["GET", "POST"]
)
@requires(AccountPermission.MANAGE_PEOPLE)
def roles(organisation_id: UUID, person_id: UUID) -> Answer:
    """One person's roles here: give a further one, or take one away."""
    organisation = queries.organisation_managed_by(actor(), organisation_id)
    colleague = queries.colleague(organisation_id, person_id)
    open_roles = [
        role
        for role in ROLES_OF_KIND[organisation.kind]
        if role not in colleague.roles and person_id != actor().person_id
    ]
    form = GrantForm(tuple(open_roles))
    if form.validate_on_submit():
        with write():
            memberships.grant_role(person_id, organisation_id, Role(form.role.data), actor())
        flash(_("The role is given. The person must sign in again."), "success")
        return _back(organisation_id)
    return render_template(
        "marketplace/accounts/roles.html",
        form=form,
        organisation=organisation,
        colleague=colleague,
        open_roles=open_roles,
        may_close=allowed(actor(), AccountPermission.CLOSE_ACCOUNT),
        person_states=PERSON_STATES,
    )


@blueprint.post("/roles/<uuid:membership_id>/withdraw")
@requires(AccountPermission.MANAGE_PEOPLE)
def withdraw_role(membership_id: UUID) -> Response:
    """Take a role away at once."""
    with write():
        membership = memberships.withdraw_role(membership_id, actor())
    flash(_("The role is taken away. The person's sessions have ended."), "success")
    return _back(membership.organisation_id)


@blueprint.post("/accounts/<uuid:person_id>/close")
@requires(AccountPermission.CLOSE_ACCOUNT)
def close_account(person_id: UUID) -> Response:
    """Close an account; its sessions end at once."""
    with write():
        memberships.close_account(person_id, actor())
    flash(_("The account is closed and its sessions have ended."), "success")
    return redirect(url_for("organisations.all"), 303)


@blueprint.post("/accounts/<uuid:person_id>/reopen")
@requires(AccountPermission.CLOSE_ACCOUNT)
def reopen_account(person_id: UUID) -> Response:
    """Let a closed account be used again."""
    with write():
        memberships.reopen_account(person_id, actor())
    flash(_("The account can be used again."), "success")
    return redirect(url_for("organisations.all"), 303)


@blueprint.post("/accounts/<uuid:person_id>/reset-authenticator")
@requires(AccountPermission.CLOSE_ACCOUNT)
def reset_second_factor(person_id: UUID) -> Response:
    """Forget a lost authenticator; the next sign-in sets up a new one."""
    with write():
        memberships.reset_second_factor(person_id, actor())
    flash(_("The authenticator is reset. The next sign-in sets up a new one."), "success")
    return redirect(url_for("organisations.all"), 303)
