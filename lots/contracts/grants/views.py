"""The pages of a grant in life: the one-page report, and its acceptance."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts.delivery.vocabulary import INDICATORS
from lots.contracts.grants import queries, reporting
from lots.contracts.grants.forms import BackForm, ReportForm
from lots.contracts.grants.lifecycle import ACCEPT, REPORT, SEND, SEND_BACK
from lots.contracts.grants.models import GrantReport, ReportState
from lots.contracts.grants.permissions import GrantPermission
from marketplace import clock
from marketplace.database import write
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("grants", "lots", template_folder="templates")


@blueprint.get("/grants/reports/<uuid:report_id>")
@requires(GrantPermission.SEE_REPORT)
def report(report_id: UUID) -> str:
    """The one page, for both sides."""
    by = actor()
    found = queries.report(report_id, by)
    offers = REPORT.offers(found, by)
    return render_template(
        "lots/contracts/grants/report.html",
        report=found,
        contract=found.contract,
        numbers=_numbers(found),
        indicators=INDICATORS,
        today=clock.today(),
        may_write=SEND in offers,
        may_judge=ACCEPT in offers,
        may_record_return=_return_open(found) and allowed(by, GrantPermission.RECORD_RETURN, found),
    )


def _numbers(report: GrantReport) -> dict:
    """As they were sent; as they stand while the report is being written."""
    if report.state == ReportState.WANTED:
        return reporting.numbers_of(report.contract)
    return report.numbers


def _return_open(report: GrantReport) -> bool:
    accepted = report.state == ReportState.ACCEPTED and report.unspent_pence > 0
    return accepted and report.returned_at is None


@blueprint.route("/grants/reports/<uuid:report_id>/write", methods=["GET", "POST"])
@requires(GrantPermission.WRITE_REPORT)
def write_report(report_id: UUID) -> str | Response:
    """Write the one page and send it."""
    by = actor()
    found = queries.report(report_id, by)
    check(by, GrantPermission.WRITE_REPORT, found)
    form = ReportForm(reporting.paid_pence(found.contract_id))
    if not form.is_submitted() and found.sent_back_because:
        form.text.data, form.unspent.data = found.text, found.unspent_pence
    if form.validate_on_submit():
        with write():
            reporting.send(report_id, form.text.data or "", form.unspent.data or 0, by)
        flash(_("The report is sent. Thank you."), "success")
        return redirect(url_for("grants.report", report_id=report_id), 303)
    REPORT.expect(SEND, found)
    return render_template(
        "lots/contracts/grants/write.html",
        report=found,
        contract=found.contract,
        form=form,
        numbers=reporting.numbers_of(found.contract),
        indicators=INDICATORS,
    )


@blueprint.post("/grants/reports/<uuid:report_id>/accept")
@requires(GrantPermission.JUDGE_REPORT)
def accept(report_id: UUID) -> Response:
    """Accept the report."""
    queries.report(report_id, actor())
    with write():
        reporting.accept(report_id, actor())
    flash(_("The report is accepted."), "success")
    return redirect(url_for("grants.report", report_id=report_id), 303)


@blueprint.route("/grants/reports/<uuid:report_id>/back", methods=["GET", "POST"])
@requires(GrantPermission.JUDGE_REPORT)
def send_back(report_id: UUID) -> str | Response:
    """Send the report back with what should be put right."""
    by = actor()
    found = queries.report(report_id, by)
    check(by, GrantPermission.JUDGE_REPORT, found)
    form = BackForm()
    if form.validate_on_submit():
        with write():
            reporting.send_back(report_id, form.because.data or "", by)
        flash(_("The report is sent back. The provider has been told."), "success")
        return redirect(url_for("grants.report", report_id=report_id), 303)
    REPORT.expect(SEND_BACK, found)
    return render_template(
        "lots/contracts/grants/send_back.html", report=found, contract=found.contract, form=form
    )


@blueprint.post("/grants/reports/<uuid:report_id>/returned")
@requires(GrantPermission.RECORD_RETURN)
def record_return(report_id: UUID) -> Response:
    """Record that what was unspent has come back."""
    queries.report(report_id, actor())
    with write():
        reporting.record_return(report_id, actor())
    flash(_("Recorded: what was unspent has come back."), "success")
    return redirect(url_for("grants.report", report_id=report_id), 303)
