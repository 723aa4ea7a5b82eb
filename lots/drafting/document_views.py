"""The documents of a draft: seen, added, removed, and saved by the buyer's own people."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots import queries
from lots.drafting import documents
from lots.drafting.document_forms import DocumentForm
from lots.drafting.pages import blueprint, the_draft
from lots.permissions import LotPermission
from lots.vocabulary import DOCUMENT_KINDS, Task
from marketplace import files, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.uploads import takes_files


@blueprint.get("/lots/<uuid:lot_id>/documents", endpoint="documents")
@requires(LotPermission.DRAFT)
def index(lot_id: UUID) -> str:
    """What bidders can read with the lot."""
    return render_template(
        "lots/drafting/documents.html",
        lot=the_draft(lot_id),
        page=Task.DOCUMENTS,
        kinds=DOCUMENT_KINDS,
    )


@blueprint.route("/lots/<uuid:lot_id>/documents/add", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
@takes_files
def add_document(lot_id: UUID) -> str | Response:
    """Add one document."""
    lot = the_draft(lot_id)
    form = DocumentForm()
    if form.validate_on_submit() and form.file.upload is not None:
        try:
            with write():
                once.use_up(form.once.data)
                documents.add_document(lot_id, form.file.upload, form.called, form.chosen, actor())
            flash(_("The document has been added."), "success")
            return redirect(url_for("drafting.documents", lot_id=lot_id), 303)
        except once.AlreadySent:
            raise
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
    elif not form.is_submitted() and request.args.get("kind") in form.offered:
        form.kind.data = request.args["kind"]
    return render_template("lots/drafting/document.html", lot=lot, form=form)


@blueprint.post("/lots/<uuid:lot_id>/documents/<uuid:document_id>/remove")
@requires(LotPermission.DRAFT)
def remove_document(lot_id: UUID, document_id: UUID) -> Response:
    """Take a document out."""
    the_draft(lot_id)
    with write():
        documents.remove_document(lot_id, document_id, actor())
    flash(_("The document has been removed."), "success")
    return redirect(url_for("drafting.documents", lot_id=lot_id), 303)


@blueprint.get("/lots/<uuid:lot_id>/documents/<uuid:document_id>")
@requires(LotPermission.SEE_PIPELINE)
def document(lot_id: UUID, document_id: UUID) -> Response:
    """Save a document, for the buyer's own people."""
    lot = queries.own_lot(lot_id, actor())
    return files.send(documents.document_of(lot, document_id).file)
