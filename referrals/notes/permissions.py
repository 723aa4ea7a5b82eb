"""Who reads and writes notes, and who acknowledges an urgent one: the side it was written to."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, OrganisationKind
from marketplace.permissions import policy, rule
from referrals.notes.models import CaseNote, Side
from referrals.permissions import PROBATION, PROVIDERS, sees


class NotePermission(StrEnum):
    """What can be done with notes."""

    WRITE = "referral_note:write"
    ACKNOWLEDGE = "referral_note:acknowledge"


def side_of(by: Acting) -> Side:
    """On which side of a case this person stands."""
    is_provider = by.organisation_kind == OrganisationKind.PROVIDER
    return Side.PROVIDER if is_provider else Side.PROBATION


def is_written_to(by: Acting, note: CaseNote) -> bool:
    """The note was written to this person's side; `visible_to` narrows it further."""
    return note.side != side_of(by) and sees(by, note.referral)


TABLE = {
    NotePermission.WRITE: rule((*PROBATION, *PROVIDERS), when=sees),
    NotePermission.ACKNOWLEDGE: rule((*PROBATION, *PROVIDERS), when=is_written_to),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
