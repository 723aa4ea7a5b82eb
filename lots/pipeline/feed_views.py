"""Feeds without an account: Atom, calendar file, JSON with a stable cursor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.pipeline import atom, feeds
from lots.pipeline.calendars import calendar_file
from lots.shown import names
from lots.wanted import Wanted, asked, choices, unknown
from marketplace.permissions import public
from marketplace.web.kept import kept

blueprint = Blueprint("feeds", __name__, template_folder="../templates")
TITLE = _l("Opportunities of the Dynamic Framework")


@blueprint.get("/opportunities.atom")
@public
def atom_feed() -> Any:
    """The lots that changed last, for feed readers."""
    offered = choices()
    if strange := _strange(offered):
        return Response(strange, 400, mimetype="text/plain")
    wanted = asked(request.args, offered, otherwise=None)
    listings = feeds.latest(wanted)
    arguments = _arguments(wanted)
    body = atom.feed(
        listings,
        names(),
        title=str(TITLE),
        author=_("Dynamic Framework marketplace"),
        own_address=_address("feeds.atom_feed", **arguments),
        page_address=_address("opportunities.opportunities", **arguments),
        address_of=_address_of,
    )
    return kept(Response(body, mimetype="application/atom+xml"))


@blueprint.get("/opportunities.ics")
@public
def calendar() -> Any:
    """The dates of open and planned lots, for calendars."""
    offered = choices()
    if strange := _strange(offered):
        return Response(strange, 400, mimetype="text/plain")
    listings = feeds.dated(feeds.biddable(asked(request.args, offered)))
    return _calendar(listings)


@blueprint.get("/opportunities/<uuid:lot_id>.ics")
@public
def lot_calendar(lot_id: UUID) -> Any:
    """The dates of one lot, for calendars."""
    return _calendar([feeds.one(lot_id)])


@blueprint.get("/opportunities.json")
@public
def listing() -> Any:
    """Every public lot in the order of its last change, a page at a time."""
    offered = choices()
    if strange := _strange(offered):
        return jsonify(error={"status": 400, "title": _("Unknown choice"), "detail": strange}), 400
    wanted = asked(request.args, offered, otherwise=None)
    try:
        piece = feeds.piece(wanted, request.args.get("cursor", ""))
    except feeds.BadCursor:
        detail = _(
            "Give “cursor” the value of “next_cursor” of an earlier answer, or leave it out."
        )
        error = {"status": 400, "title": _("The cursor cannot be read"), "detail": detail}
        return jsonify(error=error), 400
    named = names()
    response = jsonify(
        lots=[feeds.record(each, named, _address_of(each.lot_id)) for each in piece.listings],
        next_cursor=piece.next_cursor,
        more=piece.more,
    )
    return kept(response)


def _strange(offered: dict[str, list[tuple[str, Any]]]) -> str:
    """A program that asks for what there is not must not take everything for its answer."""
    strange = unknown(request.args, offered)
    return _("We do not know %(what)s. Change it or leave it out.", what=strange) if strange else ""


def _arguments(wanted: Wanted) -> dict[str, str]:
    show = {"show": wanted.show.value} if wanted.show else {}
    return {**show, **wanted.arguments()}


def _calendar(listings: Any) -> Any:
    host = urlsplit(current_app.extensions["settings"].address).hostname or "localhost"
    body = calendar_file(listings, str(TITLE), host, _address_of)
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="opportunities.ics"'
    return kept(response)


def _address(endpoint: str, **values: Any) -> str:
    return current_app.extensions["settings"].address.rstrip("/") + url_for(endpoint, **values)


def _address_of(lot_id: UUID) -> str:
    return _address("opportunities.opportunity", lot_id=lot_id)


def register(app: Any) -> None:
    """Serve the feeds."""
    app.register_blueprint(blueprint)
