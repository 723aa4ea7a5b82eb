"""Writing the news in the transaction that makes it, and marking it as read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from lots.contracts.continuity.models import ContinuityAct
from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db, insert_into, new_id
from marketplace.permissions import check
from referrals.bulletins.models import BulletinKind, BulletinReader, ServiceBulletin
from referrals.permissions import ReferralPermission


def started(area: ContractArea, by: Acting | None) -> None:
    """A service takes its first referrals."""
    _tell(BulletinKind.STARTED, [area])


def changed(area: ContractArea, by: Acting | None) -> None:
    """The limit of places in force was set."""
    _tell(BulletinKind.CHANGED, [area])


def paused(area: ContractArea, by: Acting | None) -> None:
    """A service takes nobody new until the day it names."""
    _tell(BulletinKind.PAUSED, [area], area.paused_until)


def resumed(area: ContractArea, by: Acting | None) -> None:
    """A paused service takes people again."""
    _tell(BulletinKind.RESUMED, [area])


def notice_given(act: ContinuityAct, by: Acting | None) -> None:
    """A contract, or one area of it, ends, is suspended or stops."""
    _tell(BulletinKind.ENDING, _areas_of(act), act.effective_on)


def notice_withdrawn(act: ContinuityAct, by: Acting | None) -> None:
    """What had been given notice of goes on."""
    if act.notice_at is not None:
        _tell(BulletinKind.GOES_ON, _areas_of(act))


def service_resumed(act: ContinuityAct, by: Acting | None) -> None:
    """A suspended service takes people again."""
    _tell(BulletinKind.RESUMED, _areas_of(act))


def _areas_of(act: ContinuityAct) -> list[ContractArea]:
    areas = select(ContractArea).where(ContractArea.contract_id == act.contract_id)
    return [each for each in db.session.scalars(areas) if act.contract_area_id in (None, each.id)]


def _tell(kind: BulletinKind, areas: Sequence[ContractArea], until: date | None = None) -> None:
    for area in areas:
        db.session.add(
            ServiceBulletin(
                id=new_id(),
                at=clock.now(),
                kind=kind,
                contract_area_id=area.id,
                region_code=area.region_code,
                until=until,
                places=area.places if kind == BulletinKind.CHANGED else None,
            )
        )


def mark_read(by: Acting) -> None:
    """This person has read everything up to now. Raises Refused."""
    check(by, ReferralPermission.MY_CASES)
    now = clock.now()
    db.session.execute(
        insert_into(BulletinReader)
        .values(person_id=by.person_id, read_to=now)
        .on_conflict_do_update(index_elements=["person_id"], set_={"read_to": now})
    )
