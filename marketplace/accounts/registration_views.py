"""The public page on which a provider registers itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace.accounts.forms import LONGEST_EMAIL
from marketplace.accounts.registration import register_provider
from marketplace.accounts.throttles import LOOK_UPS, REGISTRATIONS, count_try
from marketplace.database import write
from marketplace.organisations import looking_up
from marketplace.organisations.actions import NumberTaken
from marketplace.organisations.forms import AboutForm
from marketplace.permissions import public
from marketplace.web.acting import acting
from marketplace.web.addresses import remember_way_on
from marketplace.web.fields import CheckboxField, EmailField, Required, TextField

blueprint = Blueprint("registration", __name__)


class RegisterForm(AboutForm):
    """The organisation and its first person, whose password is set once the address is proven."""

    person_name = TextField(_l("Your full name"), [Required(_l("Enter your full name"))])
    email = EmailField(
        _l("Your email address"), [Required(_l("Enter your email address"))], longest=LONGEST_EMAIL
    )
    is_public = CheckboxField(_l("The public may write to the organisation at this address"))

    def about(self) -> dict[str, Any]:
        """The organisation's columns as filled in."""
        return super().about() | ({"contact_email": self.email.data} if self.is_public.data else {})


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> str | Response:
    """Register an organisation; the answer is the same for an address already known."""
    remember_way_on()
    form = RegisterForm()
    looked = looking_up.handle(form)
    if looked is None and form.validate_on_submit():
        count_try(REGISTRATIONS, request.remote_addr or "unknown")
        try:
            with write():
                register_provider(form.about(), form.person_name.data, form.email.data)
        except NumberTaken as taken:
            form.say_taken(taken)
        else:
            return redirect(url_for("registration.registered"), 303)
    return render_template(
        "marketplace/accounts/register.html",
        form=form,
        looked=looked,
        may_look_up=looking_up.offered(),
    )


def _count_look_up() -> None:
    by = acting()
    key = f"organisation:{by.organisation_id}" if by else request.remote_addr or "unknown"
    count_try(LOOK_UPS, key)


def register_limits(app: Flask) -> None:
    """Limit how often visitors and organisations have a register asked."""
    looking_up.before_asking(app).append(_count_look_up)


@blueprint.get("/register/sent")
@public
def registered() -> str:
    """What to do now that a mail is on its way."""
    return render_template("marketplace/accounts/registered.html")
