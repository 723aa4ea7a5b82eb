"""The demonstration's group with people and dates, and people who agreed to be reminded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from lots.demonstration.lots import find
from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day
from marketplace.outbox import Channel
from referrals.codes import ReferralState
from referrals.delivery.models import Attendance, Method
from referrals.delivery.venues import Venue
from referrals.demonstration.sessions import ELSEWHERE
from referrals.groups import actions
from referrals.groups.actions import Came
from referrals.groups.models import Group
from referrals.groups.queries import expected_at
from referrals.models import Referral
from referrals.reminders.actions import Agreed, consent_of, record_consent
from referrals.reminders.models import Languages

LOT = "homes-north-east"
NAME = "Keeping a tenancy"
BEGAN = timedelta(days=16)
WEEKS, PEOPLE = 8, 5
TIME = time(15, 30)
CALL = "0300 555 0199"
NOTES = ("Asked about deposits.", "", "Shared a budget that works.")


def build() -> None:
    """A group of one service, begun two weeks ago, and reminders for most people of it."""
    lot = find(LOT)
    if lot is None:
        return
    contract = db.session.scalars(select(Contract).where(Contract.lot_id == lot.id)).one()
    caseworker = acting_for(key_of(contract.provider_id), Role.CASEWORKER)
    with write():
        cases = _cases(contract)
        if cases and not _is_made(contract):
            _gather(cases, caseworker)
    with write():
        _agree(_cases(contract), caseworker)


def _is_made(contract: Contract) -> bool:
    of_provider = select(Group.id).where(Group.provider_id == contract.provider_id)
    return db.session.scalar(of_provider.limit(1)) is not None


def _cases(contract: Contract) -> Sequence[Referral]:
    area = select(ContractArea.id).where(ContractArea.contract_id == contract.id)
    return db.session.scalars(
        select(Referral)
        .where(
            Referral.contract_area_id.in_(area),
            Referral.state == ReferralState.ACTIVE,
            Referral.is_restricted.is_(False),
        )
        .order_by(Referral.sent_at, Referral.id)
    ).all()


def _gather(cases: Sequence[Referral], caseworker: Acting) -> None:
    area_id = cases[0].contract_area_id
    began = clock.judged_now() - BEGAN
    with on_the_day(began):
        venue = Venue(Method.IN_PERSON_OTHER, 90, address=ELSEWHERE)
        group = actions.make_group(area_id, NAME, PEOPLE + 3, venue, caseworker)
        db.session.flush()
        first = calendar.next_working_day(
            clock.today() + timedelta(days=1), calendar.ENGLAND_AND_WALES
        )
        actions.add_meetings(group.id, moment_of(first, TIME), WEEKS, caseworker)
        joining = [
            each.id
            for each in cases
            if each.contract_area_id == area_id and each.started_at and each.started_at < began
        ]
        actions.add_people(group.id, joining[:PEOPLE], caseworker)
        meetings = list(actions.meetings_ahead(group.id))
    for meeting in meetings[:2]:
        ended = meeting.starts_at + timedelta(hours=2)
        if ended < clock.judged_now():
            _record(group, meeting.id, ended, caseworker)


def _record(group: Group, meeting_id: UUID, ended: datetime, caseworker: Acting) -> None:
    with on_the_day(ended):
        came = {
            session.id: Came(
                Attendance.ABSENT if number == 3 else Attendance.ATTENDED,
                NOTES[number % len(NOTES)],
            )
            for number, (session, _case) in enumerate(expected_at(meeting_id, caseworker))
        }
        actions.record_meeting(group.id, meeting_id, came, caseworker)


def _agree(cases: Sequence[Referral], caseworker: Acting) -> None:
    for number, case in enumerate(cases):
        if number % 3 == 2 or consent_of(case.id) is not None:
            continue
        welsh = number % 4 == 1
        agreed = Agreed(
            Channel.TEXT if number % 2 == 0 else Channel.MAIL,
            f"0770090{number:04}" if number % 2 == 0 else f"person{number}@example.org",
            Languages.WELSH if welsh else Languages.ENGLISH,
            CALL,
        )
        record_consent(case.id, agreed, caseworker)
