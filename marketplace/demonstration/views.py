"""The demonstration's clock and letter box; registered in demonstration mode only."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace import clock, jobs
from marketplace.demonstration import queries
from marketplace.demonstration.actions import move_clock
from marketplace.demonstration.forms import MoveClockForm
from marketplace.permissions import public
from marketplace.web.filters import shown_datetime

blueprint = Blueprint("demonstration", __name__, url_prefix="/demonstration")


@blueprint.get("/clock", endpoint="clock")
@public
def clock_page() -> str:
    return _clock_page(MoveClockForm(move="next"))


@blueprint.post("/clock")
@public
def move() -> str | Response:
    form = MoveClockForm()
    if not form.validate_on_submit():
        return _clock_page(form)
    target = form.target(clock.now())
    stops = move_clock(app_ctx.app, target)
    flash(
        ngettext(
            "It is now %(moment)s. Jobs ran at %(num)s moment.",
            "It is now %(moment)s. Jobs ran at %(num)s moments.",
            stops,
            moment=shown_datetime(target),
        ),
        "success",
    )
    return redirect(url_for("demonstration.clock"))


@blueprint.get("/mails")
@public
def mails() -> str:
    return render_template("marketplace/demonstration/mails.html", mails=queries.mails_sent())


def _clock_page(form: MoveClockForm) -> str:
    now = clock.now()
    return render_template(
        "marketplace/demonstration/clock.html", form=form, now=now, due=jobs.next_due(now)
    )
