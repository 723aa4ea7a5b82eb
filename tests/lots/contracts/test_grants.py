"""A grant in life: offered, accepted, paid once by its schedule, reported on one page, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from lots.contracts import actions, jobs
from lots.contracts.claims import closing
from lots.contracts.claims import queries as claims
from lots.contracts.claims.models import Claim
from lots.contracts.grants import paying, queries, reporting, room
from lots.contracts.grants.lifecycle import INSTALMENT, REPORT
from lots.contracts.grants.models import (
    GrantInstalment,
    GrantReport,
    InstalmentState,
    ReportState,
)
from lots.contracts.models import Contract, ContractState, MobilisationItem
from lots.vocabulary import PaymentProfile, Route
from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments import queries as ledger
from tests.support.claims import pay, payment_of
from tests.support.contracts import make_contract
from tests.support.life import make_grant, want_report
from tests.support.people import sign_in

ROLES = ("director", "contract_manager", "trustee", "service_manager", "finance")


@pytest.fixture
def grant(sides):
    """A grant of £3,000 paid up front, accepted today."""
    return make_grant(sides.charity, sides.region, sides.director, sides.trustee)


@pytest.fixture
def ended(sides, grant, again):
    """The same, live until yesterday, run off; its report is wanted."""
    yesterday = clock.today() - timedelta(days=1)
    facts = {
        "state": ContractState.LIVE,
        "starts_on": yesterday - timedelta(days=90),
        "ends_on": yesterday,
        "live_at": calendar.start_of(yesterday - timedelta(days=90)),
    }
    with write():
        db.session.execute(update(Contract).where(Contract.id == grant.id).values(**facts))
    jobs.end_contracts(clock.now())
    assert again(Contract, grant.id).state is ContractState.ENDING
    return again(GrantReport, reporting.report_of(grant.id).id)


def waits_for(by):
    with current_app.test_request_context():
        return [item.text for item in room.waits_for(by)]


def test_the_buyer_offers_and_the_provider_accepts(sides):
    contract = make_contract(sides.charity, sides.region, route=Route.GRANT)
    with pytest.raises(Refusal, match="offers this grant first"), write():
        actions.sign(contract.id, "Tru Stee", contract.text_hash, sides.trustee)
    for by in (sides.director, sides.trustee):
        with write():
            actions.sign(contract.id, by.name, contract.text_hash, by)
    assert queries.instalments_of(contract)


def test_a_contract_has_no_schedule_and_a_grant_no_claims(sides, grant):
    contract = make_contract(sides.charity, sides.region)
    for by in (sides.director, sides.trustee):
        with write():
            actions.sign(contract.id, by.name, contract.text_hash, by)
    assert not queries.instalments_of(contract)
    with write():
        values = {"state": ContractState.LIVE, "live_at": clock.now() - timedelta(days=70)}
        db.session.execute(update(Contract).values(**values))
    closing.close_months(clock.now())
    assert set(db.session.scalars(select(Claim.contract_id))) == {contract.id}


def test_a_grant_for_no_places_needs_insurance_alone(sides):
    grant = make_grant(sides.charity, sides.region, sides.director, sides.trustee, places=None)
    kinds = select(MobilisationItem.kind).where(MobilisationItem.contract_id == grant.id)
    assert list(db.session.scalars(kinds)) == ["insurance"]
    with write():
        actions.confirm_item(grant.id, "insurance", "Seen", sides.trustee)
        actions.go_live(grant.id, sides.contract_manager)
    contract = db.session.get_one(Contract, grant.id)
    assert contract.state is ContractState.LIVE
    assert contract.areas[0].opened_at is None


def test_the_first_instalment_is_owed_on_acceptance_and_paid_by_its_payment(sides, grant, again):
    (instalment,) = queries.instalments_of(grant)
    assert (instalment.pence, instalment.state) == (300_000, InstalmentState.OWED)
    instalment_id = instalment.id
    books = claims.books_of(again(Contract, grant.id))
    assert (books.cost, books.owed) == (300_000, 300_000)
    payment = payment_of(instalment_id, paying.OWED_CAUSE)
    assert (payment.pence, payment.owed_from) == (300_000, clock.today())
    pay(payment, sides.contract_manager)
    assert again(GrantInstalment, instalment_id).state is InstalmentState.PAID
    assert claims.books_of(again(Contract, grant.id)).owed == 0
    assert ledger.balance(grant.paid_account_id) == -300_000


def test_later_instalments_fall_due_on_their_day_once(sides):
    grant = make_grant(
        sides.charity,
        sides.region,
        sides.director,
        sides.trustee,
        payment_profile=PaymentProfile.MONTHLY_IN_ADVANCE,
    )
    first, second, third = queries.instalments_of(grant)
    assert [each.pence for each in (first, second, third)] == [100_000] * 3
    now = clock.now()
    assert paying.fall_due(now) == 0
    assert paying.next_due(now) == calendar.start_of(second.due_on)
    with write():
        clock.set_offset(int((third.due_on - clock.today()).days) * 86400)
    assert paying.fall_due(clock.now()) == 2
    assert paying.fall_due(clock.now()) == 0


@pytest.mark.parametrize("value", [300_000, 450_001, 250_000, 120_000])
def test_a_change_of_value_moves_what_is_not_yet_owed(sides, again, value):
    grant = make_grant(
        sides.charity,
        sides.region,
        sides.director,
        sides.trustee,
        payment_profile=PaymentProfile.MONTHLY_IN_ADVANCE,
    )
    with write():
        contract = db.session.get_one(Contract, grant.id)
        contract.value_pence = value
        change = type("Change", (), {"contract": contract, "effective_on": clock.today()})()
        change.number = 1
        paying.follow_change(change, None)
    kept = [each for each in queries.instalments_of(grant) if each.state != InstalmentState.VOID]
    assert sum(each.pence for each in kept) == value


def test_the_report_closes_the_grant_and_what_is_unspent_comes_back_once(sides, ended, again):
    with pytest.raises(Refusal, match="cannot be more"), write():
        reporting.send(ended.id, "Well spent.", 300_001, sides.trustee)
    with pytest.raises(Refusal, match="at most 300 words"), write():
        reporting.send(ended.id, "word " * 301, 0, sides.trustee)
    with write():
        reporting.send(ended.id, "Well spent.", 20_000, sides.trustee)
    with write():
        reporting.send_back(ended.id, "Say what you learned.", sides.contract_manager)
    with write():
        reporting.send(ended.id, "Evenings work.", 20_000, sides.trustee)
    with write():
        reporting.accept(ended.id, sides.contract_manager)
    assert again(Contract, ended.contract_id).state is ContractState.ENDED
    rest = f"Record what comes back of {again(Contract, ended.contract_id).reference}, once it has"
    assert rest in waits_for(sides.contract_manager)
    with write():
        reporting.record_return(ended.id, sides.contract_manager)
    assert rest not in waits_for(sides.contract_manager)
    with pytest.raises(AlreadyChanged), write():
        reporting.record_return(ended.id, sides.contract_manager)
    books = claims.books_of(again(Contract, ended.contract_id))
    assert books.cost == 280_000
    assert set(again(GrantReport, ended.id).numbers) >= {"starts", "attended"}


def test_without_a_report_the_grant_is_closed_after_three_months(sides, ended, again, client):
    reminded = calendar.start_of(ended.due_on - timedelta(days=7))
    assert [reporting.remind(reminded), reporting.remind(reminded)] == [1, 0]
    late = calendar.start_of(ended.due_on + timedelta(days=1))
    assert [reporting.remind(late), reporting.remind(late)] == [1, 0]
    with write():
        clock.set_offset((ended.due_on - clock.today()).days * 86400 + 86400)
    sign_in(client, sides.people["trustee"])
    assert "Late" in client.show(f"/grants/reports/{ended.id}").text
    assert "Late: report on CON-" in client.show("/").text
    sign_in(client, sides.people["contract_manager"])
    assert "is late. The provider has been reminded" in client.show("/").text
    with write():
        ahead = (ended.closes_on - clock.today()).days * 86400
        clock.set_offset(clock.offset_seconds() + ahead)
    jobs.end_contracts(clock.now())
    assert again(Contract, ended.contract_id).state is ContractState.ENDING
    with write():
        clock.set_offset(clock.offset_seconds() + 86400)
    jobs.end_contracts(clock.now())
    assert again(Contract, ended.contract_id).state is ContractState.ENDED


@pytest.mark.parametrize("state", [*InstalmentState, *ReportState])
def test_who_may_take_which_step(sides, grant, again, state):
    if isinstance(state, InstalmentState):
        thing, lifecycle = queries.instalments_of(grant)[0], INSTALMENT
        steps: dict[tuple, list[str]] = {}
    else:
        thing, lifecycle = again(GrantReport, want_report(grant.id).id), REPORT
        steps = {
            ("contract_manager", ReportState.SENT): ["send_back", "accept"],
            ("trustee", ReportState.WANTED): ["send"],
            ("service_manager", ReportState.WANTED): ["send"],
        }
    for role in ROLES:
        set_committed_value(thing, "state", state)
        offered = [step.name for step in lifecycle.offers(thing, getattr(sides, role))]
        assert offered == steps.get((role, state), []), role


def test_on_screen_a_grant_is_paid_and_reported_on(sides, ended, client):
    page = f"/contracts/{ended.contract_id}"
    (instalment,) = queries.instalments_of(db.session.get_one(Contract, ended.contract_id))
    pay(payment_of(instalment.id, paying.OWED_CAUSE), sides.contract_manager)
    sign_in(client, sides.people["contract_manager"])
    assert "Paid" in client.get(page).text
    sign_in(client, sides.people["trustee"])
    written = client.submit(
        f"/grants/reports/{ended.id}/write",
        "Send the report",
        text="Café & <i>walks</i>",
        unspent="0",
    )
    assert "Café &amp; &lt;i&gt;walks&lt;/i&gt;" in written.text
    sign_in(client, sides.people["contract_manager"])
    accepted = client.submit(f"/grants/reports/{ended.id}", "Accept the report")
    assert "The report is accepted" in accepted.page.text
    assert db.session.scalar(select(func.count()).select_from(GrantInstalment)) == 1
