"""Every award as it stands in the public records: nothing is read that is not public already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from lots.models import Lot
from lots.releases.models import Process, ReleaseRecord
from lots.vocabulary import Route
from marketplace import calendar
from marketplace.database import db

# A period ends with the first moment that is no longer of its last day.
INSTANT = timedelta(milliseconds=1)
# Records are read so many at a time, however many there are.
AT_ONCE = 200
CANCELLED = "cancelled"


@dataclass(frozen=True)
class Published:
    """One award of a compiled release, with its contract where one is published."""

    compiled: dict[str, Any]
    award: dict[str, Any]
    contract: dict[str, Any]
    is_demonstration: bool

    @property
    def lots(self) -> list[dict[str, Any]]:
        """The lots that it awards."""
        wanted = self.award.get("relatedLots", ())
        return [each for each in self.compiled["tender"].get("lots", ()) if each["id"] in wanted]

    @property
    def items(self) -> list[dict[str, Any]]:
        """What is bought in those lots, one for each area."""
        wanted = self.award.get("relatedLots", ())
        found = self.compiled["tender"].get("items", ())
        return [each for each in found if each.get("relatedLot") in wanted]

    @property
    def buyer(self) -> dict[str, Any]:
        """The organisation that bought, as a party."""
        return self._party(self.compiled["buyer"]["id"])

    @property
    def supplier(self) -> dict[str, Any]:
        """The lead provider, as a party."""
        return self._party(self.award["suppliers"][0]["id"])

    def _party(self, party_id: str) -> dict[str, Any]:
        return next(each for each in self.compiled["parties"] if each["id"] == party_id)

    @property
    def amount(self) -> int | float | None:
        """Pounds without VAT: the contract's as it stands today, else the award's."""
        return (self.contract.get("value") or self.award.get("value") or {}).get("amount")

    @property
    def period(self) -> dict[str, Any]:
        """First and last moment of the contract, or how long it is to last."""
        return self.contract.get("period") or self.award.get("contractPeriod") or {}


def published_awards(*conditions: ColumnElement[bool]) -> Iterator[Published]:
    """Every award that is public and stands, in the order of its process's reference."""
    wanted = (
        select(ReleaseRecord.compiled, Process.is_demonstration)
        .join(Process, Process.id == ReleaseRecord.process_id)
        .where(*conditions)
        .order_by(Process.reference)
    )
    rows = db.session.execute(wanted.execution_options(yield_per=AT_ONCE))
    for compiled, is_demonstration in rows:
        contracts = {each["awardID"]: each for each in compiled.get("contracts", ())}
        for award in compiled.get("awards", ()):
            if award.get("status") != CANCELLED and award.get("suppliers"):
                contract = contracts.get(award["id"], {})
                yield Published(compiled, award, contract, is_demonstration)


def published_grants() -> Iterator[Published]:
    """Those of the awards that are grants, from the publication of their decision on."""
    grant = Lot.route == Route.GRANT
    alone, together = select(Lot.id).where(grant), select(Lot.competition_id).where(grant)
    is_one: ColumnElement[bool] = or_(
        Process.subject_id.in_(alone), Process.subject_id.in_(together)
    )
    grants: set[str] = set(db.session.scalars(select(Lot.reference).where(grant)))
    for each in published_awards(is_one):
        if "date" in each.award and grants.issuperset(each.award.get("relatedLots", ())):
            yield each


def first_and_last(period: dict[str, Any]) -> tuple[str, str]:
    """The days of a period in London as texts; "" for one that is not known yet."""
    return day(period.get("startDate")), day(period.get("endDate"), -INSTANT)


def day(moment: str | None, shift: timedelta = timedelta()) -> str:
    """The day in London of a published moment, or of one `shift` from it; "" for none."""
    return calendar.day_of(datetime.fromisoformat(moment) + shift).isoformat() if moment else ""
