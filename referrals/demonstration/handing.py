"""Notes both ways, an urgent one, an amendment, and a case handed to a colleague."""

from __future__ import annotations

from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from lots.demonstration.lots import find
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, days_ago, key_of, on_the_day
from referrals.amending import actions as amending
from referrals.amending.answers import told
from referrals.amending.topics import SHARED
from referrals.codes import ReferralState
from referrals.handing import actions as handing
from referrals.models import Referral
from referrals.notes import actions as notes
from referrals.notes.models import CaseNote

LOT, REGION = "homes-north-east", "north-east"
ASKED = "He prefers mornings, and texts rather than calls. His sister may take a message."
ANSWERED = "Thank you. We meet on Tuesdays at ten from now on."
URGENT_SUBJECT = "Cannot be found since Friday"
URGENT = "Not at the address, phone off, and the hostel has not seen him. Please ring us today."
NEW_PHONE = {"phone": "01632 960 417", "email": "", "safe_contact": "Texts only, before noon"}
WHY = "New phone since last week; asked not to be rung in the evening."


def build() -> None:
    """Tell of them, where it was not told yet."""
    with write():
        if db.session.scalar(select(CaseNote.id).limit(1)) is None:
            _tell()


def _tell() -> None:
    practitioner, colleague = (acting_for(REGION, Role.PRACTITIONER, each) for each in range(2))
    found = _active(practitioner)
    if len(found) < 3:
        return
    first, second, third = found[:3]
    caseworker = acting_for(key_of(first.provider_id), Role.CASEWORKER)
    with on_the_day(days_ago(9)):
        notes.write_note(first.id, ASKED, practitioner, "How to reach him")
    with on_the_day(days_ago(8)):
        notes.write_note(first.id, ANSWERED, caseworker)
    with on_the_day(days_ago(1)):
        notes.write_note(second.id, URGENT, caseworker, URGENT_SUBJECT, is_urgent=True)
    with on_the_day(days_ago(6)):
        _amend(first, practitioner)
    with on_the_day(days_ago(4)):
        handing.set_deputy(first.id, _email(colleague), practitioner)
    with on_the_day(days_ago(3)):
        handing.hand_over([third.id], colleague.person_id, practitioner)


def _active(practitioner: Acting) -> list[Referral]:
    """The practitioner's own cases being delivered under the lot, the latest first."""
    lot = find(LOT)
    if lot is None:
        return []
    wanted = (
        select(Referral)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .join(Contract, Contract.id == ContractArea.contract_id)
        .where(
            Contract.lot_id == lot.id,
            Referral.state == ReferralState.ACTIVE,
            Referral.owner_id == practitioner.person_id,
            Referral.is_restricted.is_(False),
        )
        .order_by(Referral.sent_at.desc(), Referral.id)
    )
    return list(db.session.scalars(wanted))


def _amend(referral: Referral, by: Acting) -> None:
    contact = next(each for each in SHARED if each.name == "contact")
    seen = amending.seen_of(told(referral), contact)
    amending.amend(referral.id, contact, {"contact": NEW_PHONE}, WHY, seen, by)


def _email(by: Acting) -> str:
    return db.session.get_one(Person, by.person_id).email
