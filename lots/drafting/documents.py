"""The documents that everybody may read with a lot."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from lots.drafting.actions import draft, wrote
from lots.models import Lot, LotDocument
from lots.vocabulary import DocumentKind
from marketplace import audit, files
from marketplace.acting import Acting
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours

MOST = 20


def add_document(
    lot_id: UUID, upload: files.Upload, title: str, kind: DocumentKind, by: Acting
) -> None:
    """Put one file more to the lot; raises Refusal where it has as many as it may."""
    lot = draft(lot_id, by)
    if len(lot.documents) >= MOST:
        raise Refusal(
            _(
                "This lot has %(most)s documents, which is the most it can. Remove one first, or "
                "put several documents into one file.",
                most=MOST,
            )
        )
    received = files.receive(upload, by)
    files.attach(received)
    position = max((each.position for each in lot.documents), default=0) + 1
    lot.documents.append(
        LotDocument(file_id=received.id, title=title, kind=kind, position=position)
    )
    wrote(lot, by)
    audit.record("lot:document_added", subject=lot, by=by, facts={"kind": kind.value})


def remove_document(lot_id: UUID, document_id: UUID, by: Acting) -> None:
    """Take a document out of a draft; its file goes a day later."""
    lot = draft(lot_id, by)
    document = document_of(lot, document_id)
    lot.documents.remove(document)
    files.let_go(document.file_id)
    wrote(lot, by)
    audit.record("lot:document_removed", subject=lot, by=by, facts={"kind": document.kind.value})


def document_of(lot: Lot, document_id: UUID) -> LotDocument:
    """The document of this lot; raises NotYours where there is none."""
    for document in lot.documents:
        if document.id == document_id:
            return document
    raise NotYours()
