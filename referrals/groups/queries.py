"""Reading groups: the organisation's own, and of a group only the people that a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select

from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours
from referrals.codes import IN_DELIVERY, IN_HAND
from referrals.delivery.models import CaseSession
from referrals.groups.models import Group, GroupMeeting, GroupMember
from referrals.models import Referral
from referrals.permissions import delivered_by, visible_to
from referrals.services.directory import directory_now, listings_of

GROUPS_A_PAGE = 20
PEOPLE_TO_ADD = 200


def services_of(by: Acting) -> dict[UUID, str]:
    """The services that this organisation delivers now, with their names, by id."""
    ids = db.session.scalars(
        select(ContractArea.id)
        .join(Contract, Contract.id == ContractArea.contract_id)
        .where(
            Contract.state.in_((ContractState.LIVE, ContractState.ENDING)),
            delivered_by(by.organisation_id),
        )
    ).all()
    return listings_of(ids, directory_now())


def groups_of(by: Acting) -> Page:
    """The groups of the organisation that go on, the newest first, with people and next meeting."""
    people = (
        select(func.count())
        .where(GroupMember.group_id == Group.id, GroupMember.until.is_(None))
        .scalar_subquery()
    )
    next_at = (
        select(func.min(GroupMeeting.starts_at))
        .where(
            GroupMeeting.group_id == Group.id,
            GroupMeeting.cancelled_at.is_(None),
            GroupMeeting.starts_at > clock.now(),
        )
        .scalar_subquery()
    )
    found = (
        select(Group, people.label("people"), next_at.label("next_at"))
        .where(Group.provider_id == by.organisation_id, Group.ended_at.is_(None))
        .order_by(Group.made_at.desc(), Group.id)
    )
    return paged(found, GROUPS_A_PAGE)


def group_of(group_id: UUID, by: Acting) -> Group:
    """One group of this organisation. Raises NotYours."""
    group = db.session.get(Group, group_id)
    if group is None or group.provider_id != by.organisation_id:
        raise NotYours()
    return group


def in_group(group_id: UUID) -> Select[UUID]:
    """The cases of those in a group now."""
    return select(GroupMember.referral_id).where(
        GroupMember.group_id == group_id, GroupMember.until.is_(None)
    )


def members(group_id: UUID, by: Acting) -> tuple[Sequence[Referral], int]:
    """The cases of those in the group that this reader may see, and how many there are in all."""
    here = in_group(group_id)
    seen = db.session.scalars(
        select(Referral)
        .where(Referral.id.in_(here), visible_to(by))
        .order_by(Referral.sent_at, Referral.id)
    ).all()
    total = db.session.scalar(select(func.count()).select_from(here.subquery())) or 0
    return seen, total


def could_join(group: Group, by: Acting) -> Sequence[Referral]:
    """The cases of the group's service that are being delivered and are not in it, oldest first."""
    return db.session.scalars(
        select(Referral)
        .where(
            Referral.contract_area_id == group.contract_area_id,
            Referral.state.in_(IN_HAND),
            Referral.id.not_in(in_group(group.id)),
            visible_to(by),
        )
        .order_by(Referral.sent_at, Referral.id)
        .limit(PEOPLE_TO_ADD)
    ).all()


def meetings_of(group_id: UUID) -> Sequence[GroupMeeting]:
    """Every meeting of a group: those ahead, the next first; then the past, the latest first."""
    found = db.session.scalars(
        select(GroupMeeting)
        .where(GroupMeeting.group_id == group_id)
        .order_by(GroupMeeting.starts_at, GroupMeeting.id)
    ).all()
    now = clock.now()
    past = [each for each in found if each.starts_at <= now]
    return [*found[len(past) :], *reversed(past)]


def to_record(meeting_ids: Sequence[UUID]) -> set[UUID]:
    """The meetings of these of which the session of somebody still in delivery is not recorded."""
    found = (
        select(CaseSession.meeting_id)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(
            CaseSession.meeting_id.in_(meeting_ids),
            CaseSession.recorded_at.is_(None),
            Referral.state.in_(IN_DELIVERY),
        )
    )
    return {each for each in db.session.scalars(found.distinct()) if each is not None}


def expected_at(meeting_id: UUID, by: Acting) -> Sequence[tuple[CaseSession, Referral]]:
    """Who was expected at a meeting, of those this reader may see; who left before it is not."""
    rows = db.session.execute(
        select(CaseSession, Referral)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(
            CaseSession.meeting_id == meeting_id,
            CaseSession.cancelled_at.is_(None),
            visible_to(by),
        )
        .order_by(Referral.sent_at, Referral.id)
    )
    return [(session, referral) for session, referral in rows]
