"""Alerts on screen: asked for with or without an account, confirmed, changed, stopped."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.pipeline import alerts
from lots.pipeline.forms import AlertForm
from lots.pipeline.readers import address_hash
from lots.shown import names
from lots.wanted import asked, choices
from marketplace.accounts.throttles import count_try
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.permissions import public
from marketplace.web.acting import acting

blueprint = Blueprint("alerts", __name__, template_folder="../templates")

Answer = str | Response


@blueprint.route("/alerts", methods=["GET", "POST"])
@public
def index() -> Answer:
    """Ask for an alert; the answer is the same whoever the address belongs to."""
    by, offered = acting(), choices()
    form = AlertForm(obj=asked(request.args, offered))
    form.offer(offered)
    if by is not None:
        del form.email
    if form.validate_on_submit():
        return _ask(form, by)
    held, stop = alerts.own_alerts(by) if by else ([], None)
    return render_template(
        "lots/pipeline/alerts.html", form=form, alerts=held, stop=stop, names=names()
    )


def _ask(form: AlertForm, by: Acting | None) -> Response:
    if by is not None:
        with write():
            alerts.add_own(form.wanted(), by)
        flash(_("You will get a mail on the morning after such a lot comes up."), "success")
        return redirect(url_for("alerts.index"), 303)
    email = form.email.data
    count_try(alerts.FROM_ADDRESS, request.remote_addr or "unknown")
    count_try(alerts.FOR_ADDRESS, address_hash(email).hex())
    with write():
        alerts.ask_for(email, form.wanted())
    return redirect(url_for("alerts.sent"), 303)


@blueprint.get("/alerts/sent")
@public
def sent() -> str:
    """What to do now that a mail is on its way."""
    return render_template("lots/pipeline/alert_sent.html", days=alerts.CONFIRM_WITHIN.days)


@blueprint.route("/alerts/confirm/<uuid:alert_id>/<key>", methods=["GET", "POST"])
@public
def confirm(alert_id: UUID, key: str) -> Answer:
    """Confirm the address by a button; opening the page confirms nothing."""
    alert = alerts.unconfirmed(alert_id, key)
    if request.method == "POST":
        with write():
            alerts.confirm(alert_id, key)
        flash(
            _("Confirmed. You will get a mail on the morning after such a lot comes up."), "success"
        )
        return redirect(url_for("opportunities.opportunities"), 303)
    return render_template("lots/pipeline/alert_confirm.html", alert=alert, names=names())


@blueprint.get("/alerts/manage/<uuid:reader_id>/<key>")
@public
def manage(reader_id: UUID, key: str) -> str:
    """All alerts of an address, from the link in its mails, without signing in."""
    reader = alerts.reader_behind(reader_id, key)
    held = [alert for alert in reader.alerts if alert.confirmed]
    stop = {"reader_id": reader_id, "key": key}
    return render_template("lots/pipeline/alert_manage.html", alerts=held, stop=stop, names=names())


@blueprint.post("/alerts/manage/<uuid:reader_id>/<key>/remove/<uuid:alert_id>")
@public
def remove(reader_id: UUID, key: str, alert_id: UUID) -> Response:
    """Stop one alert."""
    with write():
        alerts.remove(reader_id, key, alert_id)
    flash(_("That alert has stopped."), "success")
    if acting() is not None:
        return redirect(url_for("alerts.index"), 303)
    return redirect(url_for("alerts.stopped"), 303)


@blueprint.post("/alerts/manage/<uuid:reader_id>/<key>/stop")
@public
def stop(reader_id: UUID, key: str) -> Response:
    """Stop all mail about lots to this address."""
    with write():
        alerts.stop(reader_id, key)
    return redirect(url_for("alerts.stopped"), 303)


@blueprint.get("/alerts/stopped")
@public
def stopped() -> str:
    """Nothing more will come."""
    return render_template("lots/pipeline/alert_stopped.html")


def register(app: Flask) -> None:
    """Serve the pages."""
    app.register_blueprint(blueprint)
