"""Payments, and a rail of the test's own that keeps books of what it was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, true, update

from marketplace import clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.payments.actions import Cause, open_account, post
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.models import AccountKind
from marketplace.payments.paying import actions, banks, outside
from marketplace.payments.paying.models import Payment, ReturnReason
from marketplace.payments.paying.rails import Answer, Told
from tests.support.people import acting_as, make_organisation, make_person, written

if TYPE_CHECKING:
    from tests.support.world import World


@dataclass
class FakeRail:
    """A rail that answers as it is told to, and keeps what reached it by key, once each."""

    answers: list[Answer] = field(default_factory=list)
    found: Answer | None = None
    transfers: dict[str, tuple[str, int]] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    condition: ColumnElement[bool] = field(default_factory=true)

    def takes(self) -> ColumnElement[bool]:
        """Which payments; all of them unless told otherwise."""
        return self.condition

    def send(self, payment: Payment) -> Told:
        """The next answer; PAID where none is left. UNKNOWN has the effect and says nothing."""
        key = payment.idempotency_key or ""
        self.sent.append(key)
        answer = self.answers.pop(0) if self.answers else Answer.PAID
        if answer not in (Answer.PAID, Answer.UNKNOWN):
            return Told(answer)
        name, _pence = self.transfers.setdefault(key, (f"tr_{uuid4().hex}", payment.pence))
        return Told(answer, name if answer == Answer.PAID else None)

    def find(self, payment: Payment) -> Told:
        """What stands in the books, or what the test has it say."""
        self.asked.append(payment.reference)
        if self.found is not None:
            return Told(self.found)
        known = self.transfers.get(payment.idempotency_key or "")
        return Told(Answer.PAID, known[0]) if known else Told(Answer.NOT_FOUND)


@dataclass
class Pair:
    """A buyer and a provider, somebody of each who deals with money, and the contract's books."""

    payer: Organisation
    payee: Organisation
    manager: Acting
    finance: Acting
    payable_id: UUID
    paid_id: UUID
    cost_id: UUID

    def owe(self, pence: int = 125_000, due_in: int = 5, **facts: Any) -> Payment:
        """A payment that is owed, with its posting."""
        today = clock.today()
        cause = Cause("test:owed", uuid4())
        with written():
            post(debit=self.cost_id, credit=self.payable_id, pence=pence, cause=cause, by=None)
            given: dict[str, Any] = {
                "about": "CON-KD4729, October 2026",
                "owed_from": today,
                "due_on": today + timedelta(days=due_in),
                "law_due_on": today + timedelta(days=max(due_in, 30)),
                "is_demonstration": False,
            }
            payment = actions.owe(
                cause=cause,
                payer_id=self.payer.id,
                payee_id=self.payee.id,
                pence=pence,
                payable_id=self.payable_id,
                paid_id=self.paid_id,
                by=None,
                **(given | facts),
            )
            db.session.flush()
            db.session.expunge(payment)
            return payment


def make_pair(**payee: Any) -> Pair:
    """A region that pays and a provider that is paid."""
    payer = make_organisation(OrganisationKind.REGION)
    provider = make_organisation(**payee)
    manager = acting_as(make_person(Role.CONTRACT_MANAGER, payer), payer)
    finance = acting_as(make_person(Role.FINANCE, provider), provider)
    return pair_of(payer, provider, manager, finance)


def pair_of(payer: Organisation, payee: Organisation, manager: Acting, finance: Acting) -> Pair:
    """Two organisations with the books of a contract between them."""
    kinds = (AccountKind.PAYABLE, AccountKind.PAID, AccountKind.COST)
    with written():
        payable, paid, cost = (open_account(kind).id for kind in kinds)
    return Pair(payer, payee, manager, finance, payable, paid, cost)


def give_bank_details(pair: Pair, name: str = "Cyfle Cymru") -> None:
    """The provider says where it is paid."""
    with written():
        banks.set_details(name, "30-94-30", "00733445", pair.finance)


def give_stripe_books(pair: Pair) -> StripeAccount:
    """The payer has an account with Stripe, as far as the ledger knows it."""
    with written():
        account = StripeAccount(
            organisation_id=pair.payer.id,
            stripe_id=f"acct_{uuid4().hex[:16]}",
            secret_key="sk_test_nothing",
            webhook_secret="whsec_nothing",
            balance_account_id=open_account(AccountKind.BALANCE).id,
            moved_account_id=open_account(AccountKind.MOVED).id,
            set_at=clock.now(),
        )
        db.session.add(account)
        db.session.flush()
    return account


def time_passes(payment_id: UUID) -> None:
    """Whatever was to be waited for before the next attempt is over."""
    with written():
        db.session.execute(
            update(Payment)
            .where(Payment.id == payment_id, Payment.try_at.is_not(None))
            .values(try_at=clock.technical_now() - timedelta(seconds=1))
        )


def _pair_in(world: World) -> Pair:
    payer, payee = world.people["contract manager"][1], world.people["finance"][1]
    return pair_of(payer, payee, world.by("contract manager"), world.by("finance"))


def add_to(world: World) -> None:
    """A payment to make, one in a file for the bank, one made, and one that came back."""
    pair = _pair_in(world)
    manager = pair.manager
    give_bank_details(pair)
    ready, exported, made, back = (pair.owe(100_000 + each) for each in range(4))
    with written():
        file = outside.export([exported.id], manager)
        outside.record([made.id, back.id], clock.today(), "BACS 20261130", manager)
        outside.record_return(back.id, ReturnReason.SENT_BACK, manager)
    world.things["payment to make"] = {"payment_id": ready.id}
    world.things["payment given to the bank"] = {"payment_id": exported.id}
    world.things["file for the bank"] = {"export_id": file.id}
    world.things["payment made"] = {"payment_id": made.id}
    world.things["payment that came back"] = {"payment_id": back.id}


def grow(world: World, times: int) -> None:
    """So many more payments to make, files for the bank, and payments made."""
    pair = _pair_in(world)
    for _time in range(times):
        pair.owe()
        exported, made = pair.owe(), pair.owe()
        with written():
            outside.export([exported.id], pair.manager)
            outside.record([made.id], clock.today(), "BACS 1", pair.manager)
