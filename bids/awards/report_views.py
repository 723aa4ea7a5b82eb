"""The recommendation report, for those who decide on it and those who co-sign."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template

from bids.awards import report, report_shown
from bids.awards.views import blueprint
from bids.downloads import as_file
from bids.permissions import BidPermission
from bids.writing.documents import MIMETYPE
from marketplace.observations import observe_read
from marketplace.permissions import requires
from marketplace.web.acting import actor


@blueprint.get("/evaluations/<uuid:evaluation_id>/report")
@requires(BidPermission.SEE_EVALUATION)
def report_page(evaluation_id: UUID) -> Any:
    """The report as it was recommended on."""
    evaluation, kept = report.readable(evaluation_id, actor())
    observe_read("recommendation_report", kept.id, actor())
    return render_template(
        "bids/awards/report.html",
        evaluation=evaluation,
        report=kept,
        sections=report_shown.sections(kept),
        leads=evaluation.lot.lead_buyer_id == actor().organisation_id,
    )


@blueprint.get("/evaluations/<uuid:evaluation_id>/report.docx")
@requires(BidPermission.SEE_EVALUATION)
def report_document(evaluation_id: UUID) -> Any:
    """The same as a document."""
    evaluation, kept = report.readable(evaluation_id, actor())
    observe_read("recommendation_report", kept.id, actor())
    name = f"{evaluation.lot.reference}-recommendation.docx"
    return as_file(report_shown.document(kept), MIMETYPE, name)
