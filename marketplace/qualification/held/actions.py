"""What happens to a qualification once it is held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.calendar import day_of
from marketplace.database import db, new_id, writing
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from marketplace.qualification import mails
from marketplace.qualification.clocks import months_after, working_days_after
from marketplace.qualification.held.lifecycle import (
    ANSWER,
    DROP,
    END_SUSPENSION,
    HELD,
    NOTICE,
    QUALIFICATION,
    RECONFIRM,
    RECONFIRM_SUSPENDED,
    REGAIN,
    REMOVE,
    SUSPEND,
    UPHOLD,
)
from marketplace.qualification.held.models import NoticeState, RemovalNotice
from marketplace.qualification.models import (
    Application,
    Ground,
    Qualification,
    QualificationState,
)
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.policies import policy_on
from marketplace.questions.models import Question
from marketplace.questions.passing import outcome
from marketplace.questions.queries import set_in_force
from marketplace.questions.vocabulary import QUALIFICATION as PURPOSE
from marketplace.web.filters import shown_date


def dates_after(day: date) -> dict[str, date]:
    """When what is confirmed on `day` must be confirmed again, and the last day it then counts."""
    policy = policy_on(day)
    reconfirm_by = months_after(day, policy.reconfirmation_months)
    return {
        "reconfirm_by": reconfirm_by,
        "lapses_on": date.fromordinal(reconfirm_by.toordinal() + policy.grace_days),
    }


def grant(application: Application) -> Qualification:
    """Write that the applicant is qualified; one lapsed or removed before is regained."""
    today = clock.today()
    facts = {"application_id": application.id, "since": clock.now(), **dates_after(today)}
    facts |= {"reminded_days": None, "reconfirmed_at": None, "reconfirmed_by_id": None}
    held = db.session.scalars(
        select(Qualification)
        .where(
            Qualification.organisation_id == application.organisation_id,
            Qualification.category_code == application.category_code,
        )
        .with_for_update()
    ).one_or_none()
    if held is not None and held.state in HELD:
        return held  # reconfirmed while the application was assessed
    if held is not None:
        QUALIFICATION.take(REGAIN, held, None, facts)
        return held
    held = Qualification(
        id=new_id(),
        organisation_id=application.organisation_id,
        category_code=application.category_code,
        **facts,
    )
    db.session.add(held)
    db.session.flush()
    return held


def legal_questions() -> list[Question]:
    """The legal confirmations of the questions in force: given afresh at every reconfirmation."""
    return [each for each in set_in_force(PURPOSE, clock.today()).questions if each.legal]


def reconfirm(
    qualification_ids: Collection[UUID], confirmed: Mapping[UUID, str], by: Acting
) -> int:
    """Confirm that nothing has changed, for a further year; returns for how many categories.

    `confirmed` are the legal confirmations by question, each given just now. A lapsed one is
    restored. Raises Refusal where one is missing, or says that something must be looked at.
    """
    check(by, QualificationPermission.RECONFIRM)
    found = outcome(legal_questions(), confirmed)
    plain = {each.question.id for each in found.missing if not each.question.only_if_concept}
    if plain:
        raise Refusal(_("Answer each statement: it is never filled in for you."))
    if not found.automatic:
        raise Refusal(
            _(
                "Something has changed, so it cannot be confirmed here. Write to the national "
                "framework team: they look at it with you before your qualification ends."
            )
        )
    today = clock.today()
    facts = {
        **dates_after(today),
        "reconfirmed_at": clock.now(),
        "reconfirmed_by_id": by.person_id,
        "reminded_days": None,
    }
    held = db.session.scalars(
        select(Qualification)
        .where(
            Qualification.id.in_(qualification_ids),
            Qualification.organisation_id == by.organisation_id,
            Qualification.state != QualificationState.REMOVED,
        )
        .order_by(Qualification.id)
        .with_for_update()
    ).all()
    for each in held:
        suspended = each.state is QualificationState.SUSPENDED
        QUALIFICATION.take(RECONFIRM_SUSPENDED if suspended else RECONFIRM, each, by, facts)
    return len(held)


def suspend(
    qualification_id: UUID, ground: Ground, text: str, until: date, by: Acting
) -> Qualification:
    """Let a qualification not count until the day `until`, on which it returns by itself.

    Raises Refusal where that day is not in the future.
    """
    held = _locked(qualification_id)
    if until <= clock.today():
        raise Refusal(_("The day on which it returns must be in the future."))
    facts = {
        "suspended_at": clock.now(),
        "suspended_until": until,
        "suspension_ground": ground,
        "suspension_text": text,
    }
    QUALIFICATION.take(SUSPEND, held, by, facts, reason=ground)
    _tell(held, "suspended", until=shown_date(until))
    return held


def end_suspension(qualification_id: UUID, by: Acting | None) -> Qualification:
    """Let it count again: by the framework team before its day, or by the system on it."""
    held = _locked(qualification_id)
    due = held.suspended_until is not None and held.suspended_until <= day_of(clock.judged_now())
    QUALIFICATION.expect(END_SUSPENSION, held)
    if by is None and not due:
        raise Refusal(_("The suspension has not ended yet."))
    facts = dict.fromkeys(
        ("suspended_at", "suspended_until", "suspension_ground", "suspension_text")
    )
    QUALIFICATION.take(END_SUSPENSION, held, by, facts)
    _tell(held, "suspension_ended")
    return held


def serve_notice(qualification_id: UUID, ground: Ground, reasons: str, by: Acting) -> RemovalNotice:
    """Tell the organisation that a qualification is to be removed, and why; it may answer first.

    Raises Refusal where a notice is open already.
    """
    held = _locked(qualification_id)
    check(by, QualificationPermission.SUPERVISE, held)
    QUALIFICATION.expect(REMOVE, held)
    if open_notice(held.id) is not None:
        raise Refusal(_("A notice has been served already and is not decided yet."))
    today = clock.today()
    notice = RemovalNotice(
        id=new_id(),
        qualification_id=held.id,
        state=NoticeState.SERVED,
        ground=ground,
        reasons=reasons,
        served_at=clock.now(),
        served_by_id=by.person_id,
        answer_by=working_days_after(today, policy_on(today).answer_days),
    )
    db.session.add(notice)
    audit.record("removal_notice:serve", subject=notice, by=by, facts={"reason": ground})
    _tell(held, "removal_notice", answer_by=shown_date(notice.answer_by))
    return notice


def answer_notice(notice_id: UUID, text: str, by: Acting) -> RemovalNotice:
    """The organisation answers, once, before its time ends."""
    notice = _locked_notice(notice_id)
    if notice.organisation_id != by.organisation_id:
        raise NotYours(notice_id)
    notice.answer = text
    facts = {"answered_at": clock.now(), "answered_by_id": by.person_id}
    NOTICE.take(ANSWER, notice, by, facts)
    mails.tell_framework_team(
        "removal_answered", notice.id, qualification_id=str(notice.qualification_id)
    )
    return notice


def decide_removal(notice_id: UUID, remove: bool, text: str, by: Acting) -> RemovalNotice:
    """Remove the qualification or leave it, with the reasons, after the right to answer."""
    notice = _locked_notice(notice_id)
    notice.decision = text
    facts = {"decided_at": clock.now(), "decided_by_id": by.person_id}
    NOTICE.take(UPHOLD if remove else DROP, notice, by, facts)
    if remove:
        QUALIFICATION.take(REMOVE, notice.qualification, by, reason=notice.ground)
    _tell(notice.qualification, "removal_decided", removed=remove)
    return notice


def open_notice(qualification_id: UUID) -> RemovalNotice | None:
    """The notice that is not decided yet."""
    undecided = (NoticeState.SERVED, NoticeState.ANSWERED)
    return db.session.scalars(
        select(RemovalNotice).where(
            RemovalNotice.qualification_id == qualification_id, RemovalNotice.state.in_(undecided)
        )
    ).one_or_none()


def must_be_read(application: Application) -> bool:
    """Whether a person decides on it even where every check passes.

    In a write it locks the qualification. What was taken away, or is about to be, does not come
    back by the checks alone.
    """
    same = select(Qualification).where(
        Qualification.organisation_id == application.organisation_id,
        Qualification.category_code == application.category_code,
    )
    held = db.session.scalars(same.with_for_update() if writing() else same).one_or_none()
    if held is None:
        return False
    taken = held.state in (QualificationState.REMOVED, QualificationState.SUSPENDED)
    return taken or open_notice(held.id) is not None


def _tell(held: Qualification, template: str, **facts: object) -> None:
    mails.tell_applicants(
        held.organisation_id, template, held.id, qualification_id=str(held.id), **facts
    )


def _locked(qualification_id: UUID) -> Qualification:
    found = db.session.get(Qualification, qualification_id, with_for_update=True)
    if found is None:
        raise NotYours(qualification_id)
    return found


def _locked_notice(notice_id: UUID) -> RemovalNotice:
    """The notice, its qualification locked first as everywhere else."""
    found = db.session.get(RemovalNotice, notice_id)
    if found is None:
        raise NotYours(notice_id)
    _locked(found.qualification_id)
    return db.session.get_one(
        RemovalNotice, notice_id, with_for_update=True, populate_existing=True
    )
