"""The pages of what was recorded in error: what counts, putting it right, taking that back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _

from marketplace import once
from marketplace.database import write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries as cases
from referrals.answering.steps import Answer, back_to, refused_page, say_above
from referrals.corrections import actions, queries
from referrals.corrections.forms import MeetingForm, ResultForm
from referrals.corrections.permissions import CorrectionPermission
from referrals.corrections.queries import Record, RecordKind
from referrals.frame import render_case
from referrals.models import Referral
from referrals.permissions import ReferralPermission

blueprint = Blueprint("put_right", "referrals", template_folder="templates")
PAGE = "put_right.index"


@blueprint.get("/cases/<uuid:referral_id>/corrections")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def index(referral_id: UUID) -> str:
    """What of the record counts, and what was put right; for both sides."""
    by = actor()
    referral = cases.case(referral_id, by)
    observe_read("referral", referral_id, by)
    may = allowed(by, CorrectionPermission.PUT_RIGHT, referral) and queries.is_in_time(referral)
    return render_case(
        "referrals/corrections/index.html",
        referral,
        by,
        records=queries.records_of(referral),
        last_day=queries.last_day(referral),
        may_put_right=may,
    )


@blueprint.route(
    "/cases/<uuid:referral_id>/corrections/<any(assessment, session, outcome):kind>"
    "/<uuid:record_id>",
    methods=["GET", "POST"],
)
@requires(CorrectionPermission.PUT_RIGHT)
@sensitive
def record(referral_id: UUID, kind: str, record_id: UUID) -> Answer:
    """Say what is wrong with one record, and what is right."""
    by = actor()
    referral = cases.case(referral_id, by)
    check(by, CorrectionPermission.PUT_RIGHT, referral)
    record = _record(referral, RecordKind(kind), record_id)
    form = MeetingForm() if record.is_meeting else ResultForm()
    try:
        if request.method == "POST" and form.validate():
            with write():
                once.use_up(form.once.data)
                actions.put_right(referral_id, record.kind, record_id, form.said, by)
            return back_to(referral_id, _("It is put right. The practitioner is told."), PAGE)
        actions.refuse_correction(referral, record)
    except AlreadyChanged as refusal:
        return refused_page(referral_id, refusal, form)
    except Refusal as refusal:
        say_above(form, refusal)
        referral = cases.case(referral_id, by)
        record = _record(referral, RecordKind(kind), record_id)
        return _page(referral, record, form), 409
    return _page(referral, record, form)


def _record(referral: Referral, kind: RecordKind, record_id: UUID) -> Record:
    record = queries.record_of(referral, kind, record_id)
    if record is None:
        raise NotYours()
    return record


def _page(referral: Referral, record: Record, form: MeetingForm | ResultForm) -> str:
    by = actor()
    observe_read("referral", referral.id, by)
    return render_case(
        "referrals/corrections/put_right.html", referral, by, form=form, record=record
    )


@blueprint.post("/cases/<uuid:referral_id>/corrections/<uuid:correction_id>/take-back")
@requires(CorrectionPermission.TAKE_BACK)
@sensitive
def take_back(referral_id: UUID, correction_id: UUID) -> Answer:
    """Let the record count again as it was made."""
    try:
        with write():
            actions.take_back(referral_id, correction_id, actor())
    except Refusal as refusal:
        return refused_page(referral_id, refusal)
    return back_to(referral_id, _("It counts again as it was recorded."), PAGE)
