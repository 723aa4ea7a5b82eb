"""What becomes of a seat: declared interests, allocated criteria, a replacement, own choices."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from bids.evaluation import panel, queries
from bids.evaluation.actions import assign, give, run_by, seat_on, stand_down, while_scoring
from bids.evaluation.lifecycle import (
    DECLARE_CONFLICT,
    DECLARE_NONE,
    KEEP,
    SEAT,
    STAND_DOWN,
    TIED,
)
from bids.evaluation.models import PanelDeclaration, PanelMember, SeatState
from bids.evaluation.vocabulary import Answer, GoesBy, LeftBecause
from bids.permissions import BidPermission
from lots.permissions import DRAFTERS
from marketplace import audit, clock, outbox
from marketplace.accounts.queries import people_with
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours


def declare(evaluation_id: UUID, answer: Answer, by: Acting, what: str = "") -> PanelDeclaration:
    """Say, before any answer is visible, whether there is a conflict of interest, and which.

    Whoever holds a role in a bidding or partner organisation is off the panel at once, whatever
    they declare; `tied_to` of what is returned names it. An interest waits for an officer.
    """
    member = queries.seat(evaluation_id, by, locked=True, permission=BidPermission.DECLARE)
    step = DECLARE_NONE if answer is Answer.NO else DECLARE_CONFLICT
    SEAT.expect(step, member)
    if answer is not Answer.NO and not what.strip():
        raise Refusal(_("Say what the interest is, so that an officer can decide."))
    now = clock.judged_now()
    tied = panel.ties_of([by.person_id], member.evaluation.lot_id).get(by.person_id, [])
    said = PanelDeclaration(
        id=new_id(),
        member_id=member.id,
        answer=answer,
        what=what if answer is not Answer.NO else "",
        tied_to=", ".join(tied),
        declared_at=now,
    )
    db.session.add(said)
    if tied:
        stand_down(TIED, member, LeftBecause.TIE, by)
    else:
        facts = {"conflict": answer is not Answer.NO, "declared_at": now}
        SEAT.take(step, member, by, facts, reason=answer)
    if tied or answer is not Answer.NO:
        _tell_officers(member)
    return said


def _tell_officers(member: PanelMember) -> None:
    facts = {
        "evaluation_id": str(member.evaluation_id),
        "member_id": str(member.id),
        "off": member.state == SeatState.STOOD_DOWN,
    }
    for person in people_with(member.evaluation.lot.lead_buyer_id, DRAFTERS):
        mail = "bids/evaluation/mail/declared.txt"
        outbox.post(mail, to=person.email, subject_id=member.id, facts=facts)


def decide_interest(
    evaluation_id: UUID, member_id: UUID, keep: bool, reason: str, by: Acting
) -> None:
    """Keep an evaluator who declared an interest, or take them off, for a reason; tell them."""
    evaluation = run_by(evaluation_id, by)
    while_scoring(evaluation)
    member = seat_on(evaluation, member_id)
    SEAT.expect(KEEP, member)
    said = panel.undecided(member)
    if said is None or not reason.strip():
        raise Refusal(_("Say why, in a sentence that the evaluator may read."))
    if keep:
        SEAT.take(KEEP, member, by)
    else:
        stand_down(STAND_DOWN, member, LeftBecause.INTEREST, by)
    said.kept, said.reason = keep, reason
    said.decided_by_id, said.decided_at = by.person_id, clock.now()
    _tell(member, "interest", kept=keep)


def allocate(evaluation_id: UUID, member_id: UUID, criteria: set[UUID], by: Acting) -> None:
    """Change which criteria a seat scores; scores under others stay, and no longer count."""
    evaluation = run_by(evaluation_id, by)
    while_scoring(evaluation)
    member = seat_on(evaluation, member_id)
    if not member.sits or member.state == SeatState.LOCKED:
        raise Refusal(
            _(
                "The criteria of a seat that is locked or given up stay as they are. Add an "
                "evaluator, or replace this one."
            )
        )
    if not criteria:
        raise Refusal(_("Select one criterion or more, or take the evaluator off the panel."))
    if not criteria <= {each.id for each in evaluation.lot.criteria}:
        raise NotYours(member_id)
    if criteria != member.criteria:
        give(member, criteria, by)
        audit.record("panel_member:allocate", subject=member, by=by, fields=["criteria"])
        _tell(member, "criteria")


def replace(evaluation_id: UUID, member_id: UUID, person_id: UUID, by: Acting) -> PanelMember:
    """Have somebody else take a seat's criteria over; the old seat stands down with its scores.

    A seat given up before can still be taken over, once.
    """
    evaluation = run_by(evaluation_id, by)
    while_scoring(evaluation)
    old = seat_on(evaluation, member_id)
    if any(each.replaces_id == old.id for each in evaluation.panel):
        raise Refusal(_("Somebody has taken this seat over already."))
    if old.sits:
        stand_down(STAND_DOWN, old, LeftBecause.REPLACED, by)
        _tell(old, "replaced")
        db.session.flush()
    return assign(evaluation_id, person_id, by, lived=old.lived, replaces=old)


def _tell(member: PanelMember, mail: str, **facts: bool) -> None:
    outbox.post(
        f"bids/evaluation/mail/{mail}.txt",
        to=member.person.email,
        subject_id=member.id,
        facts={"evaluation_id": str(member.evaluation_id), **facts},
    )


def set_due(evaluation_id: UUID, day: date, by: Acting) -> None:
    """Set the day by which own scores are expected. Raises Refusal for one that is over."""
    evaluation = run_by(evaluation_id, by)
    while_scoring(evaluation)
    if day < clock.today():
        raise Refusal(_("This day is over. Enter today or a later day."))
    evaluation.scores_due_on = day
    audit.record("evaluation:due", subject=evaluation, by=by, fields=["scores_due_on"])


def choose(evaluation_id: UUID, by: Acting, *, goes_by: str = "", keys: str = "") -> None:
    """Keep the evaluator's own choices: in which order to score, and whether keys are used."""
    member = queries.seat(evaluation_id, by, locked=True)
    if goes_by in set(GoesBy):
        member.goes_by = GoesBy(goes_by)
    if keys in ("on", "off"):
        member.uses_keys = keys == "on"
