"""Alerts: a wish to hear of new lots, of an address that must first say so itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import selectinload

from lots.pipeline.keys import CONFIRM, STOP, check_key, link_key
from lots.pipeline.models import Alert, Follow, Reader
from lots.pipeline.permissions import PipelinePermission
from lots.pipeline.readers import add_reader, let_go, own_address, reader_with, stop_facts
from lots.vocabulary import ValueBand
from lots.wanted import Wanted
from marketplace import clock, outbox
from marketplace.accounts.throttles import Limit
from marketplace.acting import Acting
from marketplace.database import changed, db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check

CONFIRM_MAIL = "lots/pipeline/mail/confirm.txt"
MOST = 20
CONFIRM_WITHIN = timedelta(days=7)
FOR_ADDRESS = Limit("lot_alerts.address", 5, timedelta(hours=1))
FROM_ADDRESS = Limit("lot_alerts.from", 20, timedelta(hours=1))


def ask_for(email: str, wanted: Wanted) -> None:
    """Note an alert for an address and mail it the link that confirms it.

    Does and shows the same whoever the address belongs to. An address that waits for too many
    confirmations already gets no further mail.
    """
    reader = add_reader(email)
    waiting = select(func.count()).select_from(Alert)
    waiting = waiting.where(Alert.reader_id == reader.id, ~Alert.confirmed)
    if (db.session.scalar(waiting) or 0) >= MOST:
        return
    alert = _alert(reader, wanted, confirmed=False)
    outbox.post(
        CONFIRM_MAIL,
        to=reader.email,
        facts={
            "alert_id": str(alert.id),
            "key": link_key(CONFIRM, alert.id),
            "days": CONFIRM_WITHIN.days,
        },
    )


def add_own(wanted: Wanted, by: Acting) -> None:
    """Set up an alert for one's own account's address, which is proven. Raises Refusal."""
    check(by, PipelinePermission.FOLLOW)
    reader = add_reader(own_address(by))
    if _confirmed_of(reader.id) >= MOST:
        raise Refusal(_too_many())
    if not _has(reader, wanted):
        _alert(reader, wanted, confirmed=True)


def confirm(alert_id: UUID, key: str) -> None:
    """Start an alert from its mailed link; a second time changes nothing.

    Raises NotYours, and Refusal for one alert too many.
    """
    alert = unconfirmed(alert_id, key)
    reader = db.session.get_one(Reader, alert.reader_id, with_for_update=True)
    if alert.confirmed:
        return
    if _confirmed_of(reader.id) >= MOST:
        raise Refusal(_too_many())
    alert.confirmed = True


def unconfirmed(alert_id: UUID, key: str) -> Alert:
    """The alert behind a mailed link. Raises NotYours where there is none (any more)."""
    check_key(CONFIRM, alert_id, key)
    alert = db.session.get(Alert, alert_id)
    if alert is None:
        raise NotYours()
    return alert


def reader_behind(reader_id: UUID, key: str) -> Reader:
    """The reader behind the link in every mail, with their alerts. Raises NotYours."""
    check_key(STOP, reader_id, key)
    found = select(Reader).where(Reader.id == reader_id).options(selectinload(Reader.alerts))
    reader = db.session.scalar(found)
    if reader is None:
        raise NotYours()
    return reader


def own_alerts(by: Acting) -> tuple[Sequence[Alert], dict[str, str] | None]:
    """One's own confirmed alerts, and what the address of the page that removes them needs."""
    reader = reader_with(own_address(by))
    if reader is None:
        return [], None
    found = select(Alert).where(Alert.reader_id == reader.id, Alert.confirmed).order_by(Alert.id)
    return db.session.scalars(found).all(), stop_facts(reader)["stop"]


def remove(reader_id: UUID, key: str, alert_id: UUID) -> None:
    """Stop one alert of the reader; does nothing where it is gone. Raises NotYours."""
    reader_behind(reader_id, key)
    db.session.execute(delete(Alert).where(Alert.id == alert_id, Alert.reader_id == reader_id))
    let_go(reader_id)


def stop(reader_id: UUID, key: str) -> None:
    """Send this address nothing more: forget its alerts, what it follows, and itself."""
    check_key(STOP, reader_id, key)
    for model in (Alert, Follow):
        db.session.execute(delete(model).where(model.reader_id == reader_id))
    let_go(reader_id)


def forget_unconfirmed(now: datetime) -> int:
    """The job: remove alerts whose address did not confirm them within a week."""
    old = (~Alert.confirmed, Alert.asked_at < clock.technical_now() - CONFIRM_WITHIN)
    readers = set(db.session.scalars(select(Alert.reader_id).where(*old).limit(1000)))
    removed = 0
    if readers:
        with write():
            removed = changed(delete(Alert).where(*old, Alert.reader_id.in_(readers)))
            for reader_id in sorted(readers):
                let_go(reader_id)
    return removed


def _alert(reader: Reader, wanted: Wanted, *, confirmed: bool) -> Alert:
    alert = Alert(
        reader_id=reader.id,
        service_code=wanted.service,
        region_code=wanted.region,
        area_code=wanted.area,
        band=ValueBand(wanted.band) if wanted.band else None,
        confirmed=confirmed,
        asked_at=clock.technical_now(),
    )
    db.session.add(alert)
    db.session.flush()
    return alert


def _confirmed_of(reader_id: UUID) -> int:
    held = select(func.count()).select_from(Alert)
    return db.session.scalar(held.where(Alert.reader_id == reader_id, Alert.confirmed)) or 0


def _has(reader: Reader, wanted: Wanted) -> bool:
    same = select(Alert.id).where(
        Alert.reader_id == reader.id,
        Alert.confirmed,
        Alert.service_code == wanted.service,
        Alert.region_code == wanted.region,
        Alert.area_code == wanted.area,
        Alert.band == (ValueBand(wanted.band) if wanted.band else None),
    )
    return db.session.scalar(same.limit(1)) is not None


def _too_many() -> str:
    return _(
        "This address has %(most)s alerts, the most there can be. Remove one first.", most=MOST
    )
