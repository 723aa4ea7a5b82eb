"""Writing to evaluators who have not finished: two working days ahead of the day, on the day after
it, and whenever an officer presses the button, though to nobody twice within a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, func, select

from bids.evaluation import panel
from bids.evaluation.actions import run_by, while_scoring
from bids.evaluation.models import Evaluation, EvaluationState, PanelMember, PanelReminder
from bids.evaluation.vocabulary import Mark
from marketplace import audit, calendar, clock, jobs, outbox
from marketplace.acting import Acting
from marketplace.database import db, insert_into, new_id, write
from marketplace.lifecycle import Refusal

# Working days ahead of the day by which scores are expected (policy).
AHEAD_WORKING_DAYS = 2
AGAIN = timedelta(days=1)
MORNING = time(9, 0)
BATCH = 100
MAIL = "bids/evaluation/mail/reminder.txt"
_OWES = (
    Evaluation.state == EvaluationState.SCORING,
    PanelMember.state.in_(panel.UNFINISHED),
)


def due_now(evaluation: Evaluation) -> list[PanelMember]:
    """The evaluators who owe something and were not written to within a day."""
    owing = [member for member in evaluation.panel if member.state in panel.UNFINISHED]
    last, now = panel.reminded_at(owing), clock.now()
    return [each for each in owing if each.id not in last or now - last[each.id] >= AGAIN]


def remind_all(evaluation_id: UUID, by: Acting) -> int:
    """Write to every evaluator who still owes something; returns to how many.

    Raises Refusal where nobody owes anything, or all who do were written to within a day.
    """
    evaluation = run_by(evaluation_id, by)
    while_scoring(evaluation)
    if not any(member.state in panel.UNFINISHED for member in evaluation.panel):
        raise Refusal(_("Nobody has to be reminded: all evaluators have finished."))
    due = due_now(evaluation)
    if not due:
        raise Refusal(_("Everybody who has not finished was written to within the last day."))
    for member in due:
        _put_down(member.id, Mark.BUTTON, evaluation.scores_due_on, by.person_id)
        _post(member)
    audit.record("evaluation:remind", subject=evaluation, by=by, facts={"evaluators": len(due)})
    return len(due)


def remind_due(now: datetime) -> int:
    """The job: write once for each mark to each seat that owes something, each in a write."""
    done = 0
    for mark, condition in _marks(now).items():
        found = select(PanelMember.id, Evaluation.scores_due_on).join(Evaluation)
        told = exists().where(
            PanelReminder.member_id == PanelMember.id,
            PanelReminder.mark == mark,
            PanelReminder.due_on == Evaluation.scores_due_on,
        )
        owing = found.where(*_OWES, condition, ~told).order_by(PanelMember.id).limit(BATCH)
        rows = db.session.execute(owing).all()
        done += sum(_remind(member_id, mark, due) for member_id, due in rows if due)
    return done


def _remind(member_id: UUID, mark: Mark, due: date) -> bool:
    with write():
        member = db.session.get(
            PanelMember, member_id, with_for_update=True, populate_existing=True
        )
        if not _still_owes(member_id) or member is None:
            return False
        if member.evaluation.scores_due_on != due or not _put_down(member_id, mark, due, None):
            return False
        _post(member)
    return True


def _put_down(member_id: UUID, mark: Mark, due: date | None, by_id: UUID | None) -> bool:
    row = {
        "id": new_id(),
        "member_id": member_id,
        "mark": mark,
        "due_on": due,
        "sent_at": clock.now(),
        "sent_by_id": by_id,
    }
    put = insert_into(PanelReminder).values(row).on_conflict_do_nothing()
    return db.session.scalar(put.returning(PanelReminder.id)) is not None


def _post(member: PanelMember) -> None:
    left = panel.progress_of([member])[member.id].left
    facts = {
        "evaluation_id": str(member.evaluation_id),
        "left": left,
        "declared": member.declared_at is not None,
        "late": member.evaluation.is_late,
    }
    outbox.post(MAIL, to=member.person.email, subject_id=member.id, facts=facts)


def _still_owes(member_id: UUID | None) -> bool:
    owes = select(PanelMember.id).join(Evaluation).where(PanelMember.id == member_id, *_OWES)
    return db.session.scalar(owes) is not None


def _day_begun(now: datetime) -> date:
    """The last day whose morning has come."""
    local = now.astimezone(clock.LONDON)
    return local.date() if local.time() >= MORNING else local.date() - calendar.ONE_DAY


def _marks(now: datetime) -> dict[Mark, ColumnElement[bool]]:
    """Which due days each mark is about now."""
    day = _day_begun(now)
    ahead = calendar.add_working_days(day, AHEAD_WORKING_DAYS)
    due = Evaluation.scores_due_on
    return {Mark.AHEAD: due.between(day, ahead), Mark.LATE: due < day}


def next_due(after: datetime) -> datetime | None:
    """The next moment at which somebody may have to be written to."""
    day = _day_begun(after)
    ahead = calendar.add_working_days(day, AHEAD_WORKING_DAYS)
    owing = select(func.min(Evaluation.scores_due_on)).join(
        PanelMember, PanelMember.evaluation_id == Evaluation.id
    )
    first_ahead = db.session.scalar(owing.where(*_OWES, Evaluation.scores_due_on > ahead))
    first_late = db.session.scalar(owing.where(*_OWES, Evaluation.scores_due_on >= day))
    days = []
    if first_ahead:
        days.append(calendar.add_working_days(first_ahead, -AHEAD_WORKING_DAYS))
    if first_late:
        days.append(first_late + calendar.ONE_DAY)
    moments = (datetime.combine(each, MORNING, clock.LONDON) for each in days)
    return min((moment.astimezone(UTC) for moment in moments), default=None)


def register(app: Flask) -> None:
    """Remind with every round of jobs; a mail to whoever has finished since is not sent."""
    outbox.still_wanted(app, MAIL, _still_owes)
    jobs.register(app, "remind evaluators", remind_due, next_due)
