"""What everybody takes away from a lot's page without an account."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from lots import queries
from lots.competition import papers
from lots.models import Lot
from lots.shown import names
from marketplace import files
from marketplace.permissions import NotYours, public

blueprint = Blueprint("lot_papers", __name__, url_prefix="/opportunities")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/<uuid:lot_id>/lot.txt")
@public
def as_text(lot_id: UUID) -> Response:
    """The lot as text."""
    lot = queries.opportunity(lot_id)
    return _saved(papers.as_text(lot, names()), "text/plain", lot, "txt")


@blueprint.get("/<uuid:lot_id>/lot.docx")
@public
def as_docx(lot_id: UUID) -> Response:
    """The lot as a document to write in."""
    lot = queries.opportunity(lot_id)
    return _saved(papers.as_docx(lot, names()), WORD, lot, "docx")


@blueprint.get("/<uuid:lot_id>/lot.json")
@public
def as_json(lot_id: UUID) -> Response:
    """The lot as data."""
    lot = queries.opportunity(lot_id)
    return _saved(papers.as_json(lot), "application/json", lot, "json")


@blueprint.get("/<uuid:lot_id>/everything.zip")
@public
def as_zip(lot_id: UUID) -> Response:
    """The lot and all its documents."""
    lot = queries.opportunity(lot_id)
    return _saved(papers.as_zip(lot, names()), "application/zip", lot, "zip")


@blueprint.get("/<uuid:lot_id>/documents/<uuid:document_id>")
@public
def document(lot_id: UUID, document_id: UUID) -> Response:
    """One document of a lot that the public sees; refused while it is being checked."""
    lot = queries.opportunity(lot_id)
    found = next((each for each in lot.documents if each.id == document_id), None)
    if found is None:
        raise NotYours(document_id)
    return files.send(found.file)


def _saved(content: str | bytes, mimetype: str, lot: Lot, ending: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{lot.reference}.{ending}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
