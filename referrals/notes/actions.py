"""Writing a note, and saying that an urgent one was read."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from referrals import notices
from referrals.codes import ReferralState
from referrals.models import Referral
from referrals.notes.models import CaseNote, Side
from referrals.notes.permissions import NotePermission, side_of
from referrals.queries import locked


def write_note(
    referral_id: UUID,
    text: str,
    by: Acting,
    subject: str = "",
    *,
    is_urgent: bool = False,
    sends_mail: bool = False,
) -> CaseNote:
    """Write a note to the other side; an urgent one is told of at once, others where wished.

    Raises NotYours, Refused, Refusal where the other side cannot read it.
    """
    referral = locked(referral_id, by)
    check(by, NotePermission.WRITE, referral)
    refuse_note(referral)
    note = CaseNote(
        id=new_id(),
        referral=referral,
        organisation_id=by.organisation_id,
        side=side_of(by),
        is_urgent=is_urgent,
        subject=subject or None,
        text=text,
        by_id=by.person_id,
        at=clock.now(),
    )
    db.session.add(note)
    db.session.flush()
    audit.record("referral_note:write", subject=note, by=by, facts={"is_urgent": is_urgent})
    if is_urgent or sends_mail:
        _tell(note, "notes/urgent" if is_urgent else "notes/written")
    return note


def refuse_note(referral: Referral) -> None:
    """Raise Refusal where the other side does not read the case yet, or no more."""
    if referral.state == ReferralState.WAITING:
        raise Refusal(
            _("The provider cannot see this case yet. Write once the person has a place.")
        )
    if referral.ended_at is not None:
        raise Refusal(_("This case has ended. Nobody would read a note now: ring instead."))


def _tell(note: CaseNote, template: str) -> None:
    referral = note.referral
    if note.side == Side.PROBATION:
        notices.tell_provider(template, referral)
        return
    notices.tell_practitioner(template, referral)
    if referral.deputy_id is not None:
        notices.tell_person(template, referral, referral.deputy_id)


def acknowledge(referral_id: UUID, note_id: UUID, by: Acting) -> CaseNote:
    """Say that an urgent note was read; the second to say so changes nothing.

    For the side it was written to. Raises NotYours, Refused.
    """
    referral = locked(referral_id, by)
    note = db.session.get(CaseNote, note_id, with_for_update=True, populate_existing=True)
    if note is None or note.referral_id != referral.id or not note.is_urgent:
        raise NotYours()
    check(by, NotePermission.ACKNOWLEDGE, note)
    if note.acknowledged_at is None:
        note.acknowledged_at, note.acknowledged_by_id = clock.now(), by.person_id
        audit.record("referral_note:acknowledge", subject=note, by=by)
    return note
