"""Claims, what is delivered for them, and their payments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, select, update

from lots.contracts.claims import actions, computing
from lots.contracts.claims.actions import APPROVED_CAUSE
from lots.contracts.claims.models import LineKind
from lots.contracts.claims.reckoning import Delivered
from lots.contracts.continuity.models import (
    ActKind,
    ActReason,
    ActState,
    CancelReason,
    ContinuityAct,
)
from lots.contracts.models import Contract
from lots.contracts.pricing.models import ContractPrice
from lots.vocabulary import Paid, PriceBasis
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db, new_id, write
from marketplace.payments.paying import outside
from marketplace.payments.paying.models import Payment
from tests.support.contracts import make_live_contract

if TYPE_CHECKING:
    from tests.support.world import World


def starts(
    area_id: UUID, on: date, references: Iterable[str], complexity: str = ""
) -> list[Delivered]:
    """What the floor above says of people who started on a day."""
    return [Delivered(LineKind.START, area_id, each, on, complexity) for each in references]


def outcome(area_id: UUID, on: date, reference: str, code: str) -> Delivered:
    """What the floor above says of an outcome that was reached."""
    return Delivered(LineKind.OUTCOME, area_id, reference, on, outcome_code=code)


def live_since_march(sides: Any, **facts: Any) -> Contract:
    """A contract of both sides, live since 10 March 2027 and priced from that month on."""
    contract = make_live_contract(sides.charity, buyer=sides.region, **facts)
    with write():
        values = {
            "starts_on": date(2027, 3, 10),
            "ends_on": date(2030, 3, 9),
            "live_at": datetime(2027, 3, 10, 9, tzinfo=UTC),
        }
        db.session.execute(update(Contract).where(Contract.id == contract.id).values(**values))
        own = update(ContractPrice).where(ContractPrice.contract_id == contract.id)
        own = own.where(ContractPrice.paid != Paid.INSTALMENT)
        db.session.execute(own.values(valid_from=date(2027, 3, 1)))
    return contract


def priced(contract: Contract, *rows: tuple[Paid, int, dict[str, Any]]) -> None:
    """Give a contract this price list, from March 2027 unless told: (paid, pence, facts)."""
    with write():
        db.session.execute(delete(ContractPrice).where(ContractPrice.contract_id == contract.id))
        for paid, pence, facts in rows:
            values = {"valid_from": date(2027, 3, 1)} | facts
            row = ContractPrice(
                id=new_id(), contract_id=contract.id, paid=paid, pence=pence, **values
            )
            db.session.add(row)


def payment_of(cause_id: UUID, cause_kind: str = APPROVED_CAUSE) -> Payment:
    """The payment of a claim, or of what else was owed."""
    found = select(Payment).where(Payment.cause_kind == cause_kind, Payment.cause_id == cause_id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def pay(payment: Payment, by: Acting) -> None:
    """Record a payment as made from the buyer's bank today."""
    with write():
        outside.record([payment.id], clock.today(), "BACS 1", by)


def stop_at_once(contract: Contract, by: Acting, moment: datetime) -> UUID:
    """An emergency stop of every area, noticed at this moment; its id."""
    with write():
        act = ContinuityAct(
            id=new_id(),
            contract_id=contract.id,
            kind=ActKind.EMERGENCY,
            reason=ActReason.INSOLVENCY,
            state=ActState.NOTICED,
            effective_on=moment.date(),
            proposed_at=moment,
            proposed_by_id=by.person_id,
            notice_at=moment,
            due_at=moment,
        )
        db.session.add(act)
    return act.id


def take_stop_back(act_id: UUID, moment: datetime) -> None:
    """The reason of a stop is gone at this moment."""
    with write():
        act = db.session.get_one(ContinuityAct, act_id)
        act.state, act.cancel_reason = ActState.CANCELLED, CancelReason.RESOLVED
        act.cancelled_at = moment


def add_to(world: World) -> None:
    """A claim to approve, and one that waits for a second person."""
    provider, region = world.people["trustee"][1], world.people["director"][1]
    last_month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    for name, fee in (("claim", 10_000), ("claim for a second person", 20_000_00)):
        contract = make_live_contract(
            provider, buyer=region, price_basis=PriceBasis.MONTHLY_FEE, price=fee
        )
        with write():
            claim = computing.compute(contract.id, last_month)
            assert claim is not None
            world.things[name] = {"claim_id": claim.id}
    with write():
        actions.approve(claim.id, world.by("contract manager"))
