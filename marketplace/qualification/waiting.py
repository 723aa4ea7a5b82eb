"""What waits for somebody in qualification, on the first page after signing in."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import allowed
from marketplace.qualification.held.models import NoticeState, RemovalNotice
from marketplace.qualification.held.queries import due_to_reconfirm, notices_to_answer
from marketplace.qualification.models import WITH_ASSESSORS, Application, ApplicationState
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.queries import running_applications
from marketplace.registry import WaitingItem


def waiting_for(by: Acting) -> list[WaitingItem]:
    """What waits in qualification: to decide, to correct, to sign off, to reconfirm."""
    if allowed(by, QualificationPermission.ASSESS):
        return _to_decide()
    if allowed(by, QualificationPermission.APPLY):
        return _for_applicants(by)
    return []


def _to_decide() -> list[WaitingItem]:
    count = db.session.scalar(
        select(func.count()).select_from(Application).where(Application.state.in_(WITH_ASSESSORS))
    )
    answered = db.session.scalar(
        select(func.count()).where(RemovalNotice.state == NoticeState.ANSWERED)
    )
    return [
        WaitingItem(text, url_for(endpoint), number)
        for text, endpoint, number in (
            (_("Applications to qualify"), "qualification.queue", count),
            (_("Answers to notices of removal"), "held.members", answered),
        )
        if number
    ]


def _for_applicants(by: Acting) -> list[WaitingItem]:
    running = running_applications(by.organisation_id)
    to_correct = sum(each.state is ApplicationState.CORRECTION_REQUESTED for each in running)
    items = [
        (
            _("Corrections asked for in applications to qualify"),
            "qualification.overview",
            to_correct,
        )
    ]
    if allowed(by, QualificationPermission.SIGN_OFF):
        to_sign = sum(bool(each.sign_off_asked_at and not each.signed_off_at) for each in running)
        items.append((_("Applications for you to sign off"), "qualification.overview", to_sign))
    items += [
        (
            _("Qualifications to reconfirm"),
            "held.reconfirm",
            len(due_to_reconfirm(by.organisation_id)),
        ),
        (
            _("Notices of removal to answer"),
            "qualification.overview",
            len(notices_to_answer(by.organisation_id)),
        ),
    ]
    return [WaitingItem(text, url_for(endpoint), count) for text, endpoint, count in items if count]
