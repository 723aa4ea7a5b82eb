"""The notices of a lot on its buyer's page, and recording what was done outside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from lots import queries
from lots.models import Lot
from lots.notices import posting
from lots.notices.carriers import carrier
from lots.notices.forms import SentForm
from lots.notices.lifecycle import NOTICE, SEND
from lots.notices.models import Notice
from lots.notices.permissions import NoticePermission
from lots.notices.vocabulary import NOTICE_KINDS, notice_name
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.permissions import NotYours, check, requires
from marketplace.registry import panels
from marketplace.web.acting import actor

blueprint = Blueprint("notices", __name__, template_folder="templates")


def _notice(notice_id: UUID) -> Notice:
    notice = db.session.get(Notice, notice_id)
    if notice is None:
        raise NotYours()
    queries.own_lot(notice.lot_id, actor())
    check(actor(), NoticePermission.RECORD, notice)
    return notice


@blueprint.route("/lots/notices/<uuid:notice_id>/sent", methods=["GET", "POST"])
@requires(NoticePermission.RECORD)
def sent(notice_id: UUID) -> str | Response:
    """Record a notice as sent outside, under the platform's reference."""
    notice = _notice(notice_id)
    NOTICE.expect(SEND, notice)
    form = SentForm()
    if form.validate_on_submit():
        reference = form.reference.data or ""
        return _recorded(notice, lambda: posting.record_sent(notice_id, reference, actor()))
    name = notice_name(notice.kind, notice.regime, notice.lot.route)
    return render_template("lots/notices/sent.html", notice=notice, form=form, name=name)


@blueprint.post("/lots/notices/<uuid:notice_id>/accepted")
@requires(NoticePermission.RECORD)
def accepted(notice_id: UUID) -> Response:
    """Record that the platform published a notice."""
    notice = _notice(notice_id)
    return _recorded(notice, lambda: posting.record_accepted(notice_id, actor()))


@blueprint.post("/lots/notices/<uuid:notice_id>/rejected")
@requires(NoticePermission.RECORD)
def rejected(notice_id: UUID) -> Response:
    """Record that the platform refused a notice."""
    notice = _notice(notice_id)
    return _recorded(notice, lambda: posting.record_rejected(notice_id, actor()))


def _recorded(notice: Notice, record: Any) -> Response:
    lot_id = notice.lot_id
    with write():
        record()
    flash(_("The notice is recorded."), "success")
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)


def panel(lot: Lot, by: Acting | None) -> Markup | str:
    """Every notice of the lot, with what can be recorded of it."""
    notices = posting.notices_of(lot.id)
    if not notices:
        return ""
    outside = carrier_is_missing()
    rows = [(each, notice_name(each.kind, each.regime, lot.route)) for each in notices]
    offers = {each.id: by is not None and NOTICE.offers(each, by) for each in notices}
    return Markup(
        render_template(
            "lots/notices/panel.html", rows=rows, kinds=NOTICE_KINDS, offers=offers, outside=outside
        )
    )


def carrier_is_missing() -> bool:
    """Whether notices are sent outside, by hand."""
    return carrier(current_app.extensions["settings"]) is None


def register(app: Flask) -> None:
    """Serve the pages, and the panel on the buyer's page of a lot."""
    app.register_blueprint(blueprint)
    panels(app).setdefault("lot", []).append(panel)
