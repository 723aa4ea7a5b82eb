"""Releases and records for machines, without an account: pages, one process, bulk, feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request, stream_with_context, url_for
from flask_babel import gettext as _

from lots.pipeline.feeds import BadCursor, number_of
from lots.releases import atom, queries
from lots.releases.packages import address, record_package, release_package
from marketplace.permissions import public
from marketplace.web.kept import kept

blueprint = Blueprint("releases", __name__)


@blueprint.get("/open-data/ocds/releases.json")
@public
def releases() -> Any:
    """Releases in the order in which they became public, a hundred at a time."""
    return _page("releases.releases", queries.releases, release_package)


@blueprint.get("/open-data/ocds/records.json")
@public
def records() -> Any:
    """Records in the order of their last release, a hundred at a time."""
    return _page("releases.records", queries.records, record_package)


def _page(endpoint: str, read: Any, package: Any) -> Any:
    try:
        after = number_of(request.args.get("after", ""))
    except BadCursor:
        detail = _("Give “after” the number in “links.next” of an earlier answer, or leave it out.")
        error = {"status": 400, "title": _("The cursor cannot be read"), "detail": detail}
        return _open(jsonify(error=error)), 400
    piece = read(after)
    if not piece.items:
        # The standard knows no package without contents.
        return _open(Response(status=204))
    path = url_for(endpoint, after=after or None)
    following = address(url_for(endpoint, after=piece.next))
    said = package(path, piece.at, piece.items)
    said["links"] = {"self": address(path), "next" if piece.more else "resume": following}
    return kept(jsonify(said))


@blueprint.get("/open-data/ocds/releases/<ocid>.json")
@public
def release(ocid: str) -> Any:
    """Every release of one contracting process."""
    found = queries.releases_of(ocid)
    return kept(jsonify(release_package(request.path, found.at, found.items)))


@blueprint.get("/open-data/ocds/records/<ocid>.json")
@public
def record(ocid: str) -> Any:
    """The record of one contracting process."""
    found = queries.record(ocid)
    return kept(jsonify(record_package(request.path, found.at, found.items)))


@blueprint.get("/open-data/ocds/releases.jsonl")
@public
def bulk() -> Any:
    """Every release, one a line; of one year where it is asked for."""
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    if typed and year is None:
        detail = _("Write the year with four digits, like 2026, or leave it out.")
        error = {"status": 400, "title": _("The year cannot be read"), "detail": detail}
        return _open(jsonify(error=error)), 400
    up_to = queries.newest_of(year)
    response = Response(stream_with_context(_lines(year, up_to)), mimetype="application/jsonl")
    response.set_etag(f"releases-{year or 'all'}-{up_to}")
    response.headers["Content-Disposition"] = 'attachment; filename="releases.jsonl"'
    return _open(response).make_conditional(request)


def _lines(year: int | None, up_to: int) -> Iterator[str]:
    for each in queries.streamed(year, up_to):
        yield json.dumps(each, ensure_ascii=False) + "\n"


@blueprint.get("/open-data/ocds/releases.atom")
@public
def feed() -> Any:
    """The releases published last, for feed readers."""
    return kept(Response(atom.feed(queries.latest()), mimetype="application/atom+xml"))


def _open(response: Response) -> Response:
    """Pages of other services may read it too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def register(app: Flask) -> None:
    """Serve the data."""
    app.register_blueprint(blueprint)
