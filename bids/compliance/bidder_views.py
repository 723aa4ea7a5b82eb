"""The bidder's page of a correction: what is asked until when, files, words, and sending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from bids import queries as own
from bids.compliance import corrections, forms, queries
from bids.compliance.models import CORRECTION_ENDS, FAULTS
from bids.models import BidState
from bids.permissions import BidPermission
from marketplace import clock, files, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check, requires
from marketplace.web.acting import actor
from marketplace.web.uploads import takes_files

blueprint = Blueprint("corrections", __name__, template_folder="../templates", url_prefix="/bids")


@blueprint.route("/<uuid:bid_id>/correction", methods=["GET", "POST"])
@requires(BidPermission.SUBMIT)
def show(bid_id: UUID) -> Any:
    """Read what is asked, and send the correction once."""
    form = forms.AnswerForm()
    if form.validate_on_submit():
        try:
            with write():
                correction_id = _id(form.correction.data)
                corrections.answer(correction_id, bid_id, form.words.data or "", actor())
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            return _page(bid_id, answer_form=form), 409
        flash(_("Your correction has been sent to the buyer."), "success")
        return redirect(url_for("corrections.show", bid_id=bid_id), 303)
    return _page(bid_id, answer_form=form)


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise NotYours(text) from None


def _page(
    bid_id: UUID,
    *,
    answer_form: forms.AnswerForm | None = None,
    file_form: forms.CorrectionFileForm | None = None,
) -> str:
    bid = own.own_bid(bid_id, actor())
    check(actor(), BidPermission.SUBMIT, bid)
    asked = queries.corrections_of([bid_id]).get(bid_id, [])
    if not asked:
        raise NotYours(bid_id)
    current = next((each for each in asked if each.ended_at is None), None)
    if answer_form is None:
        answer_form = forms.AnswerForm(formdata=None)
    if current and not answer_form.correction.data:
        answer_form.correction.data = str(current.id)
    in_time = (
        current is not None and bid.state == BidState.CORRECTION and clock.now() < current.due_at
    )
    return render_template(
        "bids/compliance/correct.html",
        bid=bid,
        corrections=asked,
        current=current,
        in_time=in_time,
        form=(file_form or answer_form) if in_time else None,
        answer_form=answer_form,
        file_form=file_form or forms.CorrectionFileForm(formdata=None),
        most=corrections.MOST_FILES,
        faults=FAULTS,
        ends=CORRECTION_ENDS,
        last_day=corrections.last_day,
    )


@blueprint.post("/<uuid:bid_id>/correction/file")
@takes_files
@requires(BidPermission.SUBMIT)
def add_file(bid_id: UUID) -> Any:
    """Add a file to the correction."""
    own.own_bid(bid_id, actor())
    form = forms.CorrectionFileForm()
    if not form.validate_on_submit() or form.file.upload is None:
        return _page(bid_id, file_form=form)
    try:
        with write():
            once.use_up(form.once.data)
            corrections.add_file(bid_id, form.file.upload, actor())
    except once.AlreadySent:
        return redirect(url_for("corrections.show", bid_id=bid_id), 303)
    except Refusal as refusal:
        form.form_errors.append(str(refusal.text))
        return _page(bid_id, file_form=form), 409
    flash(_("The file is added. It counts once you send the correction."), "success")
    return redirect(url_for("corrections.show", bid_id=bid_id), 303)


@blueprint.post("/<uuid:bid_id>/correction/files/<uuid:sent_id>/remove")
@requires(BidPermission.SUBMIT)
def remove_file(bid_id: UUID, sent_id: UUID) -> Any:
    """Take a file out again."""
    own.own_bid(bid_id, actor())
    with write():
        corrections.remove_file(bid_id, sent_id, actor())
    return redirect(url_for("corrections.show", bid_id=bid_id), 303)


@blueprint.get("/<uuid:bid_id>/correction/files/<uuid:sent_id>")
@requires(BidPermission.SUBMIT)
def file(bid_id: UUID, sent_id: UUID) -> Any:
    """One's own file of a correction."""
    bid = own.own_bid(bid_id, actor())
    check(actor(), BidPermission.SUBMIT, bid)
    return files.send(queries.sent_file(bid_id, sent_id, answered=False).file)
