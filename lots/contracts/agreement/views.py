"""The agreement to take away, by both sides."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, Response

from lots.contracts import queries
from lots.contracts.agreement.papers import as_docx, attached
from lots.contracts.permissions import ContractPermission
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor

blueprint = Blueprint("agreements", __name__, url_prefix="/contracts")


@blueprint.get("/<uuid:contract_id>/agreement.<any(txt, docx):ending>")
@requires(ContractPermission.SEE)
def agreement(contract_id: UUID, ending: str) -> Response:
    """The text that was drawn up: byte for byte what is signed, or as a document."""
    contract = queries.contract(contract_id, actor())
    if not contract.text:
        raise NotYours(contract_id)
    content = contract.text if ending == "txt" else as_docx(contract.text, contract.text_hash)
    return attached(content, f"{contract.reference}.{ending}")


def register(app: Flask) -> None:
    """Serve the downloads."""
    app.register_blueprint(blueprint)
