"""Places: taken and given back by one guarded UPDATE of the row that is scarce.

Whoever takes a place locks its `contract_area` row first in the transaction, several by id, and
everything else after it. Whether a row takes people is decided by that row alone, so that a
contract that closes in the same moment is never overlooked.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import BindParameter, Date, Update, bindparam, case, select, update
from sqlalchemy.orm.util import identity_key

from lots.contracts.models import Contract, ContractArea, ContractState, PauseReason
from lots.contracts.permissions import ContractPermission
from marketplace import audit, clock, events
from marketplace.acting import Acting
from marketplace.database import db, tables
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check


class PlaceHappening(StrEnum):
    """What the floors above are told about places; the thing is the ContractArea."""

    PLACES_FREED = "contract_area:places_freed"
    OPENED = "contract_area:opened"
    PLACES_SET = "contract_area:places_set"
    PAUSED = "contract_area:paused"
    RESUMED = "contract_area:resumed"


PLACES_FREED = PlaceHappening.PLACES_FREED
CHANGE_IN = (ContractState.MOBILISING, ContractState.LIVE)


def open_on(day: date | BindParameter[date]) -> list:
    """The conditions under which a row takes referrals on `day`, paused or not."""
    return [
        ContractArea.opened_at.is_not(None),
        ContractArea.stopped_at.is_(None),
        ContractArea.closed_at.is_(None),
        ContractArea.starts_on <= day,
        ContractArea.ends_on >= day,
    ]


def takes_people(day: date | BindParameter[date]) -> list:
    """The conditions under which a row takes somebody new on `day`, a place being free."""
    return [
        *open_on(day),
        ContractArea.paused_until.is_(None) | (ContractArea.paused_until <= day),
    ]


_RESERVE = (
    update(ContractArea.__table__)
    .where(
        ContractArea.id == bindparam("contract_area_id"),
        *takes_people(bindparam("today", type_=Date)),
        ContractArea.reserved < ContractArea.places,
    )
    .values(reserved=ContractArea.reserved + 1)
)


def reserve(contract_area_id: UUID) -> bool:
    """Take one place, where the area takes people today and has one free; says whether it did."""
    wanted = {"contract_area_id": contract_area_id, "today": clock.today()}
    taken = tables().execute(_RESERVE, wanted)
    _forget(contract_area_id)
    return taken.rowcount == 1


def release(contract_area_id: UUID, by: Acting | None) -> None:
    """Give one place back. A lower limit that is wanted takes it; else it is free and told of.

    Raises RuntimeError where no place was held: a fault of the caller.
    """
    lowering = ContractArea.wanted_places.is_not(None)
    left = ContractArea.reserved - 1
    given_back = _changed(
        update(ContractArea)
        .where(ContractArea.id == contract_area_id, ContractArea.reserved > 0)
        .values(
            reserved=left,
            places=case((lowering, left), else_=ContractArea.places),
            wanted_places=case(
                (left > ContractArea.wanted_places, ContractArea.wanted_places), else_=None
            ),
        )
        .execution_options(synchronize_session=False)
    )
    if not given_back:
        raise RuntimeError(f"no place of contract area {contract_area_id} is held")
    _forget(contract_area_id)
    _tell_if_free(db.session.get_one(ContractArea, contract_area_id), by)


def set_places(contract_area_id: UUID, places: int, by: Acting) -> ContractArea:
    """Set the limit, up to what the contract says.

    Below the number held it is kept as wanted, and the limit in force falls as people finish.
    Raises Refused, Refusal.
    """
    area = _locked(contract_area_id, by)
    if not 0 <= places <= area.contracted_places:
        raise Refusal(beyond_contract(area.contracted_places))
    below = places < area.reserved
    area.wanted_places = places if below else None
    area.places = area.reserved if below else places
    area.places_set_at = clock.now()
    audit.record(
        "contract_area:places_set",
        subject=area,
        by=by,
        fields=["places", "wanted_places"],
        facts={"places": places},
    )
    db.session.flush()
    events.emit(PlaceHappening.PLACES_SET, area, by)
    _tell_if_free(area, by)
    return area


def beyond_contract(contracted: int) -> str:
    """What somebody is told who wants more places than the contract has."""
    return ngettext(
        "The contract is for %(num)s place in this area. Enter that number or fewer.",
        "The contract is for %(num)s places in this area. Enter that number or fewer.",
        contracted,
    )


def pause(contract_area_id: UUID, until: date, reason: PauseReason, by: Acting) -> ContractArea:
    """Take nobody new until `until`, the first day on which people are taken again.

    Raises Refused, Refusal for a return date that is not in the future.
    """
    area = _locked(contract_area_id, by)
    if until <= clock.today():
        raise Refusal(_("The day on which you take people again must be in the future."))
    area.paused_until, area.pause_reason = until, reason
    audit.record(
        "contract_area:paused",
        subject=area,
        by=by,
        fields=["paused_until", "pause_reason"],
        facts={"reason": reason, "until": until},
    )
    db.session.flush()
    events.emit(PlaceHappening.PAUSED, area, by)
    return area


def resume(contract_area_id: UUID, by: Acting) -> ContractArea:
    """Take people again before the day named. Raises Refused, Refusal."""
    area = _locked(contract_area_id, by)
    if area.paused_until is not None:
        _resume(area, by)
    return area


def end_pause(contract_area_id: UUID, today: date) -> bool:
    """Take people again where the day named has come; says whether it had under the lock.

    A pause that was prolonged a moment before stays. Raises Refusal where the contract has ended.
    """
    area = _locked(contract_area_id, None)
    if area.paused_until is None or area.paused_until > today:
        return False
    _resume(area, None)
    return True


def _resume(area: ContractArea, by: Acting | None) -> None:
    """Whoever waits is placed in the same transaction."""
    area.paused_until = area.pause_reason = None
    audit.record(
        "contract_area:resumed", subject=area, by=by, fields=["paused_until", "pause_reason"]
    )
    db.session.flush()
    events.emit(PlaceHappening.RESUMED, area, by)
    _tell_if_free(area, by)


def still_changes(area: ContractArea) -> None:
    """Raise Refusal before the contract is signed and once it has ended."""
    if area.contract.state not in CHANGE_IN:
        raise Refusal(_("Places can be changed once the contract is signed, until it ends."))


def locked_areas(contract_id: UUID) -> list[ContractArea]:
    """Every area of a contract, locked by id; to be done before the contract itself is locked."""
    rows = select(ContractArea).where(ContractArea.contract_id == contract_id)
    locked = rows.order_by(ContractArea.id).with_for_update()
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


def locked_contract(contract_id: UUID) -> tuple[Contract, list[ContractArea]]:
    """A contract and its areas under their locks, in the one order of them. Raises NotYours."""
    areas = locked_areas(contract_id)
    contract = db.session.get(Contract, contract_id, with_for_update=True, populate_existing=True)
    if contract is None:
        raise NotYours(contract_id)
    return contract, areas


def open_areas(areas: list[ContractArea], by: Acting | None) -> None:
    """Let the locked areas of a contract that has gone live take people."""
    for area in areas:
        area.opened_at = clock.now()
    db.session.flush()
    for area in areas:
        events.emit(PlaceHappening.OPENED, area, by)
        _tell_if_free(area, by)


def stop_areas(areas: list[ContractArea]) -> None:
    """Have the locked areas take nobody new from this moment; whoever is there stays."""
    for area in areas:
        area.stopped_at = area.stopped_at or clock.now()
    db.session.flush()


def restart_areas(areas: list[ContractArea], by: Acting | None) -> None:
    """Have the locked areas take people again; whoever waits is placed in this transaction."""
    for area in areas:
        area.stopped_at = None
    db.session.flush()
    for area in areas:
        _tell_if_free(area, by)


def close_areas(areas: list[ContractArea]) -> None:
    """Have the locked areas take nobody any more: they are over."""
    for area in areas:
        area.closed_at = area.closed_at or clock.now()
    db.session.flush()


def _locked(contract_area_id: UUID, by: Acting | None) -> ContractArea:
    area = db.session.get_one(
        ContractArea, contract_area_id, with_for_update=True, populate_existing=True
    )
    if by is not None:
        check(by, ContractPermission.SET_PLACES, area.contract)
    still_changes(area)
    return area


def _tell_if_free(area: ContractArea, by: Acting | None) -> None:
    takes_people = area.opened_at is not None and not (area.stopped_at or area.closed_at)
    if takes_people and area.reserved < area.places:
        events.emit(PLACES_FREED, area, by)


def _changed(statement: Update) -> bool:
    result: Any = db.session.execute(statement)
    return result.rowcount == 1


def _forget(contract_area_id: UUID) -> None:
    """Have the row read again where this session had loaded it before the UPDATE."""
    loaded = db.session().identity_map.get(identity_key(ContractArea, contract_area_id))
    if loaded is not None:
        db.session.expire(loaded)
