"""The two anonymous questions: can the plan be delivered, and why was no bid made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from lots.lifecycle import CANCEL, OPEN, PUBLISH
from lots.models import Lot
from lots.pipeline import anonymous
from lots.pipeline.anonymous import Answer
from lots.pipeline.keys import WHY_NOT, check_key, link_key
from lots.pipeline.models import ViabilityToken, WhyNotInvitation
from lots.pipeline.permissions import PipelinePermission
from lots.pipeline.vocabulary import Choice, Subject
from lots.vocabulary import LotState
from marketplace import events, jobs, outbox
from marketplace.accounts.models import Person, PersonState
from marketplace.acting import Acting
from marketplace.database import changed, db, insert_into, write
from marketplace.keyring import keyring
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check

MAIL = "lots/pipeline/mail/why_not.txt"
ASKED_FOR = timedelta(days=30)


def has_answered(lot_id: UUID, by: Acting) -> bool:
    """Whether the organisation acted for has given its one answer about this plan."""
    return db.session.get(ViabilityToken, _token(lot_id, by)) is not None


def answer_viability(lot_id: UUID, answer: Answer, by: Acting) -> None:
    """Say for the organisation acted for whether a planned lot can be delivered; once.

    The audit hears of the release of three answers only, never of one. Raises NotYours where the
    lot is not public, Refusal where it is no longer planned or the answer was given before.
    """
    check(by, PipelinePermission.ANSWER)
    lot = _locked(lot_id)
    if lot.state == LotState.DRAFT:
        raise NotYours()
    if lot.state != LotState.PLANNED:
        raise Refusal(_("This question was open while the lot was planned. It is not any more."))
    given = insert_into(ViabilityToken).values(token=_token(lot_id, by)).on_conflict_do_nothing()
    if db.session.scalar(given.returning(ViabilityToken.token)) is None:
        raise Refusal(_("Your organisation has already answered. Each gives one answer."))
    anonymous.give(lot, Subject.VIABILITY, answer)


def _token(lot_id: UUID, by: Acting) -> bytes:
    return keyring().lookup_hash("viability", f"{lot_id}:{by.organisation_id}")


def _locked(lot_id: UUID) -> Lot:
    lot = db.session.get(Lot, lot_id, with_for_update=True)
    if lot is None:
        raise NotYours()
    return lot


def invite_why_not(lot: Lot, person_ids: Iterable[UUID]) -> None:
    """Ask these people, in the write that closes the lot, why they made no bid for it."""
    wanted = select(Person).where(Person.id.in_(person_ids), Person.state == PersonState.ACTIVE)
    for person in db.session.scalars(wanted.order_by(Person.email_hash)):
        invitation = WhyNotInvitation(lot_id=lot.id)
        db.session.add(invitation)
        db.session.flush()
        facts = {
            "title": lot.title,
            "invitation_id": str(invitation.id),
            "key": link_key(WHY_NOT, invitation.id),
        }
        outbox.post(MAIL, to=person.email, facts=facts)


def invitation(invitation_id: UUID, key: str) -> WhyNotInvitation:
    """The invitation behind a mailed link. Raises NotYours where there is none (any more)."""
    check_key(WHY_NOT, invitation_id, key)
    found = db.session.get(WhyNotInvitation, invitation_id)
    if found is None:
        raise NotYours()
    return found


def answer_why_not(invitation_id: UUID, key: str, choice: Choice) -> None:
    """Take the one answer of a mailed link. Raises NotYours, and Refusal where it was used."""
    lot = _locked(invitation(invitation_id, key).lot_id)
    used = (
        update(WhyNotInvitation)
        .where(WhyNotInvitation.id == invitation_id, ~WhyNotInvitation.used)
        .values(used=True)
    )
    if not changed(used):
        raise Refusal(_("This link has been used. Your answer was counted once."))
    anonymous.give(lot, Subject.WHY_NOT, Answer(choice))


def forget_old(now: datetime) -> int:
    """The job: 30 days after a lot has closed nobody is asked about it any more."""
    over = select(Lot.id).where(Lot.closed_at < now - ASKED_FOR)
    old = WhyNotInvitation.lot_id.in_(over)
    if db.session.scalar(select(WhyNotInvitation.id).where(old).limit(1)) is None:
        return 0
    with write():
        return changed(delete(WhyNotInvitation).where(old))


def _plan_over(lot: Lot, by: Acting | None) -> None:
    anonymous.discard_held(lot.id, Subject.VIABILITY)


def register(app: Flask) -> None:
    """Forget lone answers once a lot opens or ends, and old invitations."""
    # Not when it is approved: an approval taken back makes it a plan again.
    for step in (PUBLISH, OPEN, CANCEL):
        events.when(app, step, _plan_over)
    jobs.register(app, "forget invitations to say why not", forget_old)
