"""The audit chain told again, service by service: who held a place when, and who was next.

It knows the rules of domain, section 8, and nothing of the code that follows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from lots.contracts.models import ContractArea
from marketplace.audit import AuditEvent
from marketplace.database import db
from referrals.codes import HOLDING, ReferralState
from referrals.models import Referral

ENDS = {
    "referral:decline",
    "referral:withdraw",
    "referral:complete",
    "referral:end_early",
    "referral:end_wait",
}
PAUSES = {"contract_area:paused": True, "contract_area:resumed": False}


@dataclass
class Told:
    """One service as the chain tells it so far."""

    limit: int
    wanted: int | None = None
    paused: bool = False
    holds: set[str] = field(default_factory=set)
    waits: set[str] = field(default_factory=set)

    def set_limit(self, places: int) -> None:
        """Below the number held the limit in force falls as cases end."""
        below = places < len(self.holds)
        self.wanted = places if below else None
        self.limit = len(self.holds) if below else places

    def end(self, who: str) -> None:
        """Somebody leaves: the list, or a place that a lower limit may swallow."""
        if who in self.waits:
            self.waits.remove(who)
            return
        self.holds.remove(who)
        left = len(self.holds)
        if self.wanted is not None:
            self.limit = left
            self.wanted = self.wanted if left > self.wanted else None


class Replay:
    """Every service's story. Raises AssertionError with the number of the event that broke a rule.

    `judges_order`: every service fits everybody, and no date was amended, so that the rows as they
    stand tell who was next at any time.
    """

    def __init__(self, limits: dict[str, int], judges_order: bool = True):
        self.services = {each: Told(limit) for each, limit in limits.items()}
        self.service_of: dict[str, str] = {}
        self.judges_order = judges_order
        found = db.session.execute(select(Referral).execution_options(populate_existing=True))
        self.rows = {str(each.id): each for each in found.scalars()}

    def tell(self, events: Iterable[AuditEvent]) -> Replay:
        """Go through these events in their order."""
        for event in events:
            self._tell(event.action, str(event.subject_id), event.details, event)
        return self

    def _tell(self, action: str, who: str, details: dict[str, Any], event: AuditEvent) -> None:
        sent = action in ("referral:send", "referral:continue")
        if sent:
            self.service_of[who] = details["contract_area"]
        service = self.services.get(self.service_of.get(who, who))
        if service is None:
            return
        if sent:
            self._sent(service, who, details["to"] == ReferralState.WAITING, event)
        elif action == "referral:place":
            if self.judges_order:
                assert self._in_order(service, event.at.date())[0] == who, event.number
            service.waits.remove(who)
            self._hold(service, who, event.number)
        elif action in ENDS:
            service.end(who)
        elif action == "contract_area:places_set":
            service.set_limit(details["places"])
        elif action in PAUSES:
            service.paused = PAUSES[action]

    def _sent(self, service: Told, who: str, waits: bool, event: AuditEvent) -> None:
        assert who not in service.holds | service.waits, event.number
        if waits:
            service.waits.add(who)
            return
        # Nobody who may be given a place is overtaken; a case that moves has its own place there.
        if event.action == "referral:send":
            assert not self._in_order(service, event.at.date()), event.number
        self._hold(service, who, event.number)

    def _hold(self, service: Told, who: str, number: int) -> None:
        assert not service.paused, number
        service.holds.add(who)
        assert len(service.holds) <= service.limit, number

    def _in_order(self, service: Told, today: date) -> list[str]:
        """Who waits and may be given a place, by priority, date needed, time sent and id."""
        if not self.judges_order:
            return []
        due = [
            self.rows[who]
            for who in service.waits
            if (first := self.rows[who].reserve_from) is None or first <= today
        ]
        due.sort(key=lambda each: (each.priority_rank, each.needed_on, each.sent_at, each.id))
        return [str(each.id) for each in due]

    def agrees_with_what_stands(self, today: date) -> None:
        """The story ends where the rows are now, and nobody waits beside a free place."""
        for area_id, service in self.services.items():
            area = db.session.get_one(ContractArea, UUID(area_id), populate_existing=True)
            of_it = [each for each in self.rows.values() if str(each.contract_area_id) == area_id]
            holding = {str(each.id) for each in of_it if each.state in HOLDING}
            waiting = {str(each.id) for each in of_it if each.state == ReferralState.WAITING}
            assert (service.holds, service.waits) == (holding, waiting), area_id
            assert area.reserved == len(holding) <= area.places == service.limit, area_id
            takes = area.opened_at and not (area.stopped_at or area.closed_at or service.paused)
            if takes and len(holding) < area.places:
                assert not self._in_order(service, today), area_id


def events_of_places(after: int = 0) -> list[AuditEvent]:
    """What the chain says of referrals and of services' limits and pauses, in order."""
    wanted = or_(
        AuditEvent.action.startswith("referral:", autoescape=True),
        AuditEvent.action.startswith("contract_area:", autoescape=True),
    )
    rows = select(AuditEvent).where(wanted, AuditEvent.number > after)
    return list(db.session.scalars(rows.order_by(AuditEvent.number)))
