"""What is overdue is told once, to those who must act; the provider sees it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from lots.contracts.claims import actions, limits, overdue
from lots.contracts.claims.computing import compute
from lots.contracts.claims.models import Claim
from lots.vocabulary import PriceBasis
from marketplace import clock
from marketplace.database import db, write
from marketplace.outbox.models import OutboxMessage
from tests.support.claims import live_since_march
from tests.support.people import sign_in

MARCH = date(2027, 3, 1)


def told():
    found = select(OutboxMessage.template, OutboxMessage.recipient)
    rows = [(name.rpartition("/")[2], to) for name, to in db.session.execute(found)]
    return {(name, to) for name, to in rows if name in ("claim_overdue.txt", "claim_unpaid.txt")}


def test_each_overdue_claim_is_told_once_to_who_must_act(sides, delivered, client):
    with write():
        limits.set_limit(200_00, sides.director)
    claims = []
    for price in (100_00, 150_00, 300_00):
        contract = live_since_march(sides, price_basis=PriceBasis.MONTHLY_FEE, price=price)
        with write():
            claims.append(compute(contract.id, MARCH).id)
    for claim_id in claims[1:]:
        with write():
            actions.approve(claim_id, sides.contract_manager)
    assert overdue.remind_due(clock.now()) == 0
    with write():
        db.session.execute(update(Claim).values(due_on=date(2026, 1, 1)))
    assert [overdue.remind_due(clock.now()) for _twice in range(2)] == [3, 0]
    manager = sides.people["contract_manager"].email
    director = sides.people["director"].email
    sent = told()
    assert {("claim_overdue.txt", manager), ("claim_unpaid.txt", manager)} <= sent
    assert ("claim_overdue.txt", director) in sent and ("claim_unpaid.txt", director) not in sent
    assert sides.people["finance"].email not in {to for _template, to in sent}
    for role in ("finance", "director"):
        sign_in(client, sides.people[role])
        assert "3 claims are not paid in time" in client.get("/").text
