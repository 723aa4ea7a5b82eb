"""A buyer's notices: the list, each one with what it says, and recording what was done outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from lots.models import Lot
from lots.notices import posting, queries
from lots.notices.carriers import carrier
from lots.notices.due import DUE, WHEN, name_of
from lots.notices.forms import SentForm
from lots.notices.lifecycle import NOTICE, SEND
from lots.notices.models import Notice
from lots.notices.permissions import NoticePermission
from lots.notices.schemas import FIELDS
from lots.notices.showing import rows
from lots.notices.vocabulary import NOTICE_KINDS, NOTICE_STATES, REGIMES, NoticeKind, NoticeState
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.permissions import allowed, check, requires
from marketplace.registry import NavigationEntry, WaitingItem, navigation, panels, waiting
from marketplace.web.acting import actor

blueprint = Blueprint("notices", __name__, template_folder="templates")


@blueprint.get("/lots/notices")
@requires(NoticePermission.LIST)
def index() -> str:
    """The notices of the organisation acted for, and which notice is due when."""
    state = _one_of(NoticeState, "state")
    kind = _one_of(NoticeKind, "kind")
    return render_template(
        "lots/notices/index.html",
        page=queries.own_notices(actor(), state, kind),
        counts=queries.own_counts(actor()),
        state=state,
        kind=kind,
        states=NOTICE_STATES,
        kinds=NOTICE_KINDS,
        name=name_of,
        due=DUE,
        when=WHEN,
        regimes=REGIMES,
    )


def _one_of(kind: Any, argument: str) -> Any:
    asked = request.args.get(argument, "")
    return kind(asked) if asked in kind._value2member_map_ else None


@blueprint.get("/lots/notices/<uuid:notice_id>")
@requires(NoticePermission.LIST)
def notice(notice_id: UUID) -> str:
    """One notice: what it says, what is wrong with it, and what can be recorded."""
    found = queries.notice(notice_id, actor())
    return render_template(
        "lots/notices/notice.html",
        notice=found,
        name=name_of(found),
        kinds=NOTICE_KINDS,
        regimes=REGIMES,
        rows=rows(found),
        wrong=[FIELDS.get(name, name) for name in found.problems],
        offers={step.name: step for step in NOTICE.offers(found, actor())},
        outside=carrier_is_missing(),
        demonstration=current_app.extensions["settings"].demonstration,
    )


def _kept(notice_id: UUID) -> Notice:
    found = queries.notice(notice_id, actor())
    check(actor(), NoticePermission.RECORD, found)
    return found


@blueprint.route("/lots/notices/<uuid:notice_id>/sent", methods=["GET", "POST"])
@requires(NoticePermission.RECORD)
def sent(notice_id: UUID) -> str | Response:
    """Record a notice as sent outside, under the platform's reference."""
    found = _kept(notice_id)
    NOTICE.expect(SEND, found)
    form = SentForm()
    if form.validate_on_submit():
        reference, ocid = form.reference.data or "", form.ocid.data or ""
        return _recorded(found, lambda: posting.record_sent(notice_id, reference, actor(), ocid))
    return render_template("lots/notices/sent.html", notice=found, form=form, name=name_of(found))


@blueprint.post("/lots/notices/<uuid:notice_id>/accepted")
@requires(NoticePermission.RECORD)
def accepted(notice_id: UUID) -> Response:
    """Record that the platform published a notice."""
    return _recorded(_kept(notice_id), lambda: posting.record_accepted(notice_id, actor()))


@blueprint.post("/lots/notices/<uuid:notice_id>/rejected")
@requires(NoticePermission.RECORD)
def rejected(notice_id: UUID) -> Response:
    """Record that the platform refused a notice."""
    return _recorded(_kept(notice_id), lambda: posting.record_rejected(notice_id, actor()))


@blueprint.post("/lots/notices/<uuid:notice_id>/check")
@requires(NoticePermission.RECORD)
def mend(notice_id: UUID) -> Response:
    """Check an incomplete notice again, with what stands in its lot now."""
    return _recorded(_kept(notice_id), lambda: posting.mend(notice_id, actor()), stay=True)


@blueprint.post("/lots/notices/<uuid:notice_id>/platform-down")
@requires(NoticePermission.RECORD)
def platform_down(notice_id: UUID) -> Response:
    """Record that the platform cannot be reached."""
    found = _kept(notice_id)
    return _recorded(found, lambda: posting.record_platform_down(notice_id, actor()), stay=True)


@blueprint.post("/lots/notices/<uuid:notice_id>/reject-here")
@requires(NoticePermission.RECORD)
def ask_rejection(notice_id: UUID) -> Response:
    """Have the demonstration's platform reject a notice."""
    found = _kept(notice_id)
    return _recorded(found, lambda: posting.ask_rejection(notice_id, actor()), stay=True)


def _recorded(found: Notice, record: Callable[[], None], stay: bool = False) -> Response:
    notice_id, lot_id = found.id, found.lot_id
    with write():
        record()
    flash(_("The notice is recorded."), "success")
    if stay or lot_id is None:
        return redirect(url_for("notices.notice", notice_id=notice_id), 303)
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)


def panel(lot: Lot, by: Acting | None) -> Markup | str:
    """Every notice of the lot, with what can be recorded of it."""
    notices = posting.notices_of(lot.id)
    if not notices:
        return ""
    named = [(each, name_of(each)) for each in notices]
    offers = {each.id: by is not None and NOTICE.offers(each, by) for each in notices}
    return Markup(
        render_template(
            "lots/notices/panel.html",
            rows=named,
            kinds=NOTICE_KINDS,
            offers=offers,
            outside=carrier_is_missing(),
        )
    )


def carrier_is_missing() -> bool:
    """Whether notices are sent outside, by hand."""
    return carrier(current_app.extensions["settings"]) is None


def _waiting(by: Acting) -> list[WaitingItem]:
    if not allowed(by, NoticePermission.RECORD):
        return []
    count = queries.wanting(by)
    if not count:
        return []
    text = ngettext(
        "%(num)s notice is incomplete or was rejected",
        "%(num)s notices are incomplete or were rejected",
        count,
    )
    return [WaitingItem(text, url_for("notices.index"), count)]


def register(app: Flask) -> None:
    """Serve the pages, and the panel on the buyer's page of a lot."""
    app.register_blueprint(blueprint)
    panels(app).setdefault("lot", []).append(panel)
    waiting(app).append(_waiting)
    entry = NavigationEntry(_l("Notices"), "notices.index", NoticePermission.LIST, 60)
    navigation(app).append(entry)
