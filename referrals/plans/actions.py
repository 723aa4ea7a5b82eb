"""Writing and sending a plan. Only its draft changes; each function is one verb of the provider's.

Whoever saves over what somebody else saved in between is refused with Overtaken: the view shows
both, so that neither's words are lost.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.overtaken import Overtaken
from marketplace.permissions import allowed, check
from referrals import clocks, notices
from referrals.codes import ReferralState
from referrals.delivery.models import Assessment
from referrals.models import ClockKind, Referral
from referrals.permissions import ReferralPermission
from referrals.plans import queries
from referrals.plans.kinds import OTHER, offered
from referrals.plans.lifecycle import PLAN, REPLACE, SEND
from referrals.plans.models import (
    MOST_SESSIONS,
    ActionPlan,
    PlanActivity,
    PlanComment,
    PlanState,
)
from referrals.plans.queries import Said, said_of, seen_of
from referrals.queries import locked

MOST_ACTIVITIES = 60
FARTHEST_MONTHS = 60


class Removed(Refusal):
    """Somebody else took the activity out while this person was changing it."""


def begin(referral_id: UUID, by: Acting) -> ActionPlan:
    """The version being written; begun now where none is, from the plan in force if there is one.

    Raises NotYours, Refused, Refusal before the assessment or after the sessions are finished.
    """
    referral = _planned(referral_id, by)
    found = queries.draft(referral_id)
    if found is not None:
        return found.plan
    newest = select(func.max(ActionPlan.version)).where(ActionPlan.referral_id == referral_id)
    before = queries.current(referral_id)
    plan = ActionPlan(
        id=new_id(),
        referral_id=referral.id,
        version=(db.session.scalar(newest) or 0) + 1,
        state=PlanState.DRAFT,
        sessions=before.plan.sessions if before else None,
        begun_by_id=by.person_id,
        begun_at=clock.now(),
    )
    db.session.add(plan)
    db.session.flush()
    for each in before.activities if before else ():
        _add(plan, said_of(each), each.position, each.origin_id)
    audit.record("referral_plan:begin", subject=plan, by=by, facts={"version": plan.version})
    return plan


def save_activity(
    referral_id: UUID, activity_id: UUID | None, said: Said, seen: str, by: Acting
) -> PlanActivity:
    """Add an activity to the draft, or change the one of this id as it was `seen`.

    Raises NotYours, Refused, Overtaken, Removed, and Refusal without a draft or for what is not
    offered.
    """
    _planned(referral_id, by)
    found = _draft(referral_id)
    if activity_id is None:
        _refuse_said(found, said, None)
        if len(found.activities) >= MOST_ACTIVITIES:
            raise Refusal(_("A plan can hold %(most)s activities.", most=MOST_ACTIVITIES))
        last = max((each.position for each in found.activities), default=0)
        activity = _add(found.plan, said, last + 1, None)
    else:
        activity = _found(found, activity_id)
        _refuse_said(found, said, activity)
        if said_of(activity) != said and seen_of(activity) != seen:
            raise Overtaken()
        for name, value in vars(said).items():
            setattr(activity, name, value)
    audit.record("referral_plan:activity", subject=found.plan, by=by, fields=sorted(vars(said)))
    return activity


def remove_activity(referral_id: UUID, activity_id: UUID, seen: str, by: Acting) -> None:
    """Take an activity out of the draft. Raises NotYours, Refused, Refusal, Overtaken, Removed."""
    _planned(referral_id, by)
    found = _draft(referral_id)
    activity = _found(found, activity_id)
    if seen_of(activity) != seen:
        raise Refusal(
            _("Somebody else has changed this activity since you opened the page. Read it again.")
        )
    db.session.delete(activity)
    audit.record("referral_plan:remove", subject=found.plan, by=by)


def set_sessions(referral_id: UUID, number: int, seen: str, by: Acting) -> None:
    """Say how many sessions there are to be in all; `seen` is the number that was shown.

    Raises NotYours, Refused, Overtaken, Refusal for fewer than were held already.
    """
    _planned(referral_id, by)
    found = _draft(referral_id)
    _refuse_sessions(referral_id, number)
    if found.plan.sessions != number and str(found.plan.sessions or "") != seen:
        raise Overtaken()
    found.plan.sessions = number
    audit.record("referral_plan:sessions", subject=found.plan, by=by, fields=["sessions"])


def send(referral_id: UUID, seen: str, by: Acting) -> ActionPlan:
    """Send the draft as it was `seen`: it is in force, and the practitioner is told.

    Raises NotYours, Refused, Refusal while something is missing or changed since it was read.
    """
    referral = _planned(referral_id, by)
    found = _draft(referral_id)
    missing = what_is_missing(found, referral_id)
    if missing:
        raise Refusal(" ".join(missing))
    _refuse_sessions(referral_id, found.plan.sessions or 0)
    if found.seen != seen:
        raise Refusal(_("Somebody has changed the plan since you opened it. Read it again."))
    before = queries.current(referral_id)
    if before is not None:
        PLAN.take(REPLACE, before.plan, by)
    PLAN.take(SEND, found.plan, by, facts={"sent_at": clock.now(), "sent_by_id": by.person_id})
    clocks.stop(referral.id, clock.today(), ClockKind.PLAN)
    notices.tell_practitioner("plan_sent", referral)
    return found.plan


def discard(referral_id: UUID, seen: str, by: Acting) -> None:
    """Drop the draft as it was `seen`; the plan in force stays.

    Raises NotYours, Refused, Refusal where it has changed since.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    found = _draft(referral_id)
    if found.seen != seen:
        raise Refusal(_("Somebody has changed the plan since you opened it. Read it again."))
    audit.record("referral_plan:discard", subject=found.plan, by=by)
    db.session.execute(delete(PlanActivity).where(PlanActivity.plan_id == found.plan.id))
    db.session.execute(delete(ActionPlan).where(ActionPlan.id == found.plan.id))
    db.session.expire_all()


def comment(referral_id: UUID, text: str, by: Acting) -> PlanComment:
    """Say something of the plan in force; the other side is told. Raises NotYours, Refusal."""
    referral = locked(referral_id, by)
    check(by, ReferralPermission.SEE_CASE, referral)
    found = queries.current(referral_id)
    if found is None:
        raise Refusal(_("There is no plan to comment on yet."))
    if referral.ended_at is not None:
        raise Refusal(_("This case has ended. Nothing more can be recorded."))
    said = PlanComment(
        id=new_id(), plan_id=found.plan.id, text=text, by_id=by.person_id, at=clock.now()
    )
    db.session.add(said)
    audit.record("referral_plan:comment", subject=found.plan, by=by)
    if allowed(by, ReferralPermission.DELIVER, referral):
        notices.tell_practitioner("plan_comment", referral)
    else:
        notices.tell_provider("plan_comment", referral)
    return said


def what_is_missing(found: queries.Plan, referral_id: UUID) -> list[str]:
    """What a draft still needs before it can be sent, in the user's words."""
    chosen = set(queries.chosen_outcomes(referral_id))
    covered = {each.outcome_id for each in found.activities}
    missing = []
    if chosen - covered:
        missing.append(_("Add at least one activity for every outcome."))
    if covered - chosen:
        missing.append(_("Take out the activities of outcomes that are no longer chosen."))
    if found.plan.sessions is None:
        missing.append(_("Say how many sessions there are to be."))
    return missing


def refuse_where_planned(referral_id: UUID) -> None:
    """Raise Refusal where a plan in force fixes the outcomes: they change through a new version."""
    if queries.outcomes_fixed(referral_id):
        raise Refusal(
            _(
                "The action plan is agreed, so the outcomes are fixed. Ask the provider to begin a "
                "new version of the plan; then they can be changed."
            )
        )


def _planned(referral_id: UUID, by: Acting) -> Referral:
    """The case, locked, in a state in which its plan is written."""
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    assessed = select(Assessment.id).where(Assessment.referral_id == referral.id)
    if referral.ended_at is not None:
        raise Refusal(_("This case has ended. Nothing more can be recorded."))
    if db.session.scalar(assessed) is None:
        raise Refusal(_("A plan can be written once the initial assessment is recorded."))
    if referral.state != ReferralState.ACTIVE:
        raise Refusal(_("The sessions are finished, so the plan can no longer be changed."))
    return referral


def _draft(referral_id: UUID) -> queries.Plan:
    found = queries.draft(referral_id)
    if found is None:
        raise Refusal(_("No version of the plan is being written now. Begin a new version."))
    return found


def _found(found: queries.Plan, activity_id: UUID) -> PlanActivity:
    activity = next((each for each in found.activities if each.id == activity_id), None)
    if activity is None:
        raise Removed(
            _(
                "Somebody else removed this activity after you opened it. What you typed is still "
                "below: save again to add it as a new one."
            )
        )
    return activity


def _add(plan: ActionPlan, said: Said, position: int, origin_id: UUID | None) -> PlanActivity:
    activity_id = new_id()
    activity = PlanActivity(
        id=activity_id,
        plan_id=plan.id,
        origin_id=origin_id or activity_id,
        position=position,
        **vars(said),
    )
    db.session.add(activity)
    return activity


def _refuse_said(found: queries.Plan, said: Said, stored: PlanActivity | None) -> None:
    need = queries.chosen_outcomes(found.plan.referral_id).get(said.outcome_id)
    if need is None:
        raise Refusal(_("This outcome is not chosen in this case (any more)."))
    today = clock.today()
    # What a version copied forward may be kept, though it is offered no longer, or its day is past.
    known = {kind.code for kind in offered([need], today)} | {OTHER}
    if said.kind_code not in known and (stored is None or stored.kind_code != said.kind_code):
        raise Refusal(_("Select from the options shown"))
    if said.kind_code == OTHER and not said.words:
        raise Refusal(_("Say in words what the activity is."))
    if not today <= said.by_on <= months_later(today, FARTHEST_MONTHS) and (
        stored is None or stored.by_on != said.by_on
    ):
        raise Refusal(_("The day must be today or later, and within the next five years."))


def _refuse_sessions(referral_id: UUID, number: int) -> None:
    held = queries.sessions_held(referral_id)
    if not max(held, 1) <= number <= MOST_SESSIONS:
        raise Refusal(
            _(
                "There must be between %(least)s and %(most)s sessions. %(held)s were held.",
                least=max(held, 1),
                most=MOST_SESSIONS,
                held=held,
            )
        )
