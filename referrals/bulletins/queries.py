"""Reading the news of one's region, and which places nobody has used for four weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, exists, select

from lots.contracts.models import ContractArea
from lots.contracts.places import takes_people
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.paging import Page, paged
from referrals.bulletins.models import BulletinKind, BulletinReader, ServiceBulletin
from referrals.models import Referral
from referrals.services.directory import Directory, Listing, described, directory_now, listings_of

# Policy (domain, section 8): places unused for four weeks are shown to delivery units.
UNUSED = timedelta(weeks=4)
SHOWN = timedelta(weeks=13)
MOST = 50
MOST_COUNTED = 99


@dataclass(frozen=True)
class News:
    """One piece of news with its service in words."""

    bulletin: ServiceBulletin
    service: str
    is_new: bool


@dataclass(frozen=True)
class Bulletins:
    """A page of news; `unaffected` are the services that go on where another one ends."""

    page: Page
    news: Sequence[News]
    unaffected: Sequence[Listing]


def bulletins(by: Acting) -> Bulletins:
    """The last quarter's news of one's region, newest first; for prison staff of all regions."""
    directory = directory_now()
    page = paged(_of_region(by).order_by(ServiceBulletin.at.desc(), ServiceBulletin.id))
    read_to = _read_to(by)
    names = listings_of([each.contract_area_id for each in page.items], directory)
    news = [
        News(each, names[each.contract_area_id], read_to is None or each.at > read_to)
        for each in page.items
    ]
    return Bulletins(page, news, _unaffected(page.items, directory))


def _of_region(by: Acting) -> Select:
    since = clock.now() - SHOWN
    wanted = select(ServiceBulletin).where(ServiceBulletin.at > since)
    if by.region_code is None:
        return wanted
    return wanted.where(ServiceBulletin.region_code == by.region_code)


def _read_to(by: Acting):
    return db.session.scalar(
        select(BulletinReader.read_to).where(BulletinReader.person_id == by.person_id)
    )


def _unaffected(shown: Sequence[ServiceBulletin], directory: Directory) -> list[Listing]:
    ending = [each for each in shown if each.kind == BulletinKind.ENDING]
    if not ending:
        return []
    regions = {each.region_code for each in ending}
    conditions = [*takes_people(directory.today), ContractArea.region_code.in_(regions)]
    return described(conditions, directory, MOST)


def unread(by: Acting) -> int:
    """How much news this person has not read; at most 99 are counted."""
    wanted = _of_region(by)
    read_to = _read_to(by)
    if read_to is not None:
        wanted = wanted.where(ServiceBulletin.at > read_to)
    ids = wanted.with_only_columns(ServiceBulletin.id).limit(MOST_COUNTED)
    return len(db.session.scalars(ids).all())


def unused(by: Acting) -> list[Listing]:
    """Services of one's region with places free where nobody was placed for four weeks."""
    directory = directory_now()
    before = clock.now() - UNUSED
    placed = exists().where(
        Referral.contract_area_id == ContractArea.id, Referral.placed_at > before
    )
    conditions = [
        *takes_people(directory.today),
        ContractArea.opened_at <= before,
        ContractArea.reserved < ContractArea.places,
        ~placed,
    ]
    if by.region_code is not None:
        conditions.append(ContractArea.region_code == by.region_code)
    return described(conditions, directory, MOST)
