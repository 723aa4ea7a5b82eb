"""Reading the record of reads: of one case, or by one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from marketplace import calendar
from marketplace.accounts.models import Person
from marketplace.database import db
from marketplace.observations import Reading
from marketplace.organisations.models import Organisation
from marketplace.paging import page_asked
from marketplace.permissions import NotYours
from referrals.models import Referral

SIZE = 50
MOST_PAGES = 400

# Everything that `observe_read` is told of a referral; its id is the subject.
CASE, RISK, READS = "referral", "referral_risk", "referral_reads"
NOTES, ASSESSMENT = "referral_notes", "referral_assessment"
KINDS = {
    CASE: _l("The case"),
    RISK: _l("The risk information"),
    NOTES: _l("The notes"),
    ASSESSMENT: _l("The assessment, offered for another referral"),
    READS: _l("Who has read the case"),
}


@dataclass(frozen=True)
class Read:
    """One reading: who, for whom, what, when, and of which case."""

    at: datetime
    what: Any
    name: str
    organisation: str
    reference: str | None


@dataclass(frozen=True)
class Reads:
    """One page of readings, the newest first; `more` says whether another follows."""

    rows: Sequence[Read]
    number: int
    more: bool


def reads_of(referral_id: UUID) -> Reads:
    """Who has read a case; one statement."""
    return _page(_READS.where(Reading.subject_id == referral_id))


def reads_by(person_id: UUID, first: date, last: date) -> Reads:
    """What somebody has read from the first to the last day, both included; one statement."""
    begins, ends = calendar.start_of(first), calendar.end_of(last)
    return _page(
        _READS.where(Reading.person_id == person_id, Reading.at >= begins, Reading.at < ends)
    )


def referral_of(referral_id: UUID) -> Referral:
    """The case with this id, for the auditor. Raises NotYours where there is none."""
    found = db.session.get(Referral, referral_id)
    if found is None:
        raise NotYours()
    return found


def referral_with(reference: str) -> Referral | None:
    """The case with this reference, however it is typed."""
    typed = "".join(reference.split()).upper()
    return db.session.scalars(select(Referral).where(Referral.reference == typed)).one_or_none()


_READS = (
    select(Reading.at, Reading.kind, Person.name, Organisation.name, Referral.reference)
    .outerjoin(Person, Person.id == Reading.person_id)
    .outerjoin(Organisation, Organisation.id == Reading.organisation_id)
    .outerjoin(Referral, Referral.id == Reading.subject_id)
    .where(Reading.kind.in_(list(KINDS)))
)


def _page(found: Select) -> Reads:
    number = min(page_asked(), MOST_PAGES)
    newest = found.order_by(Reading.at.desc(), Reading.id)
    rows = db.session.execute(newest.limit(SIZE + 1).offset((number - 1) * SIZE)).all()
    shown = [
        Read(at, KINDS[kind], name or _("Deleted account"), organisation or "", reference)
        for at, kind, name, organisation, reference in rows[:SIZE]
    ]
    return Reads(shown, number, len(rows) > SIZE and number < MOST_PAGES)
