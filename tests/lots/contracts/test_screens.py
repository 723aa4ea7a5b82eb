"""The walk of a contract on screen, each step by its own person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lots.contracts import places, waiting
from lots.contracts.changes.models import ContractShare
from lots.contracts.claims import computing
from lots.contracts.claims import waiting as claims_waiting
from lots.contracts.claims.models import Claim, ClaimState
from lots.contracts.continuity import actions as continuity
from lots.contracts.continuity.models import ActReason
from lots.contracts.models import Contract, ContractArea, ContractState
from lots.models import Lot
from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.registry import measures
from tests.support.claims import starts
from tests.support.contracts import make_contract, make_live_contract
from tests.support.funding import make_payer
from tests.support.life import keep_month, last_months
from tests.support.people import make_organisation, make_person, sign_in


@pytest.fixture
def user(app, client, sides):
    """Act as the person of a role: `user("director")` gives the client, signed in."""

    def signed_in(role):
        sign_in(client, sides.people[role])
        return client

    return signed_in


@pytest.fixture
def waits(app, sides):
    """What waits for the person of a role, in words."""

    def told(role):
        with app.test_request_context():
            by = getattr(sides, role)
            found = [*waiting.items(by), *claims_waiting.items(by)]
            return " ".join(item.text for item in found)

    return told


def state(contract):
    db.session.expire_all()
    return db.session.get_one(Contract, contract.id).state


def test_from_the_award_to_free_places(drafted, sides, user, waits):
    page = f"/contracts/{drafted.id}"
    for role in ("trustee", "director"):
        name = sides.people[role].name
        assert "Sign CON-" in waits(role)
        answer = user(role).submit(f"{page}/sign", "Sign", name=name.upper(), authority=True)
        assert "You have signed the agreement" in answer.page.text
        assert name.upper() in answer.page.text
    for role, kind in (
        ("service_manager", "insurance"),
        ("contract_manager", "vetting"),
        ("service_manager", "data_protection"),
    ):
        assert "ready for referrals" in waits(role)
        answer = user(role).submit(f"{page}/confirm/{kind}", "Confirm", evidence="Seen on 3 May")
        assert "Seen on 3 May" in answer.page.text
    area = drafted.areas[0]
    answer = user("service_manager").submit(
        f"/contracts/areas/{area.id}/places", "Save", places="18"
    )
    assert "The places are set" in answer.page.text
    assert "Open CON-" in waits("contract_manager")
    answer = user("contract_manager").submit(page, "Open for referrals")
    assert "The contract is live" in answer.page.text
    assert state(drafted) is ContractState.LIVE
    with write():
        assert places.reserve(area.id)


def test_the_name_must_be_the_signers_own(drafted, sides, user):
    answer = user("trustee").submit(
        f"/contracts/{drafted.id}/sign", "Sign", name="Somebody Else", authority=False
    )
    assert "Type your name as it stands in your account" in answer.page.text
    assert "Confirm that you have the authority" in answer.page.text
    assert state(drafted) is ContractState.DRAFTED


def test_the_gate_says_what_is_missing(drafted, sides, user):
    for role in ("trustee", "director"):
        name = sides.people[role].name
        user(role).submit(f"/contracts/{drafted.id}/sign", "Sign", name=name, authority=True)
    page = user("contract_manager").show(f"/contracts/{drafted.id}")
    assert "Every point of the mobilisation list must be confirmed first." in page.text
    assert "Open for referrals" not in page.text


def test_a_service_manager_lowers_pauses_and_resumes(live, sides, user):
    area_id = live.areas[0].id
    with write():
        for _ in range(5):
            places.reserve(area_id)
    manager = user("service_manager")
    answer = manager.submit(f"/contracts/areas/{area_id}/places", "Save", places="3")
    assert "Falling to 3 places as people finish" in answer.page.text
    back = clock.today() + timedelta(days=10)
    answer = manager.submit(
        f"/contracts/areas/{area_id}/pause",
        "Pause new referrals",
        {"until-day": back.day, "until-month": back.month, "until-year": back.year},
        reason="staffing",
    )
    assert "Not enough staff. Takes people again on" in answer.page.text
    seen = user("contract_manager").show(f"/contracts/{live.id}")
    assert "Not enough staff" in seen.text
    assert "Set places" not in seen.text
    answer = user("service_manager").submit(f"/contracts/{live.id}", "Take people again in Kent")
    assert "You take people again" in answer.page.text
    db.session.expire_all()
    assert db.session.get_one(ContractArea, area_id).paused_until is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("21", "The contract is for 20 places in this area"),
        ("", "Enter the number of places"),
        ("many", "whole number"),
    ],
)
def test_places_that_cannot_be_are_explained(live, user, typed, told):
    answer = user("service_manager").submit(
        f"/contracts/areas/{live.areas[0].id}/places", "Save", places=typed
    )
    assert told in answer.page.text
    assert answer.status_code == 200


def test_a_pause_needs_a_reason_and_a_day_ahead(live, user):
    answer = user("service_manager").submit(
        f"/contracts/areas/{live.areas[0].id}/pause",
        "Pause new referrals",
        {"until-day": "1", "until-month": "1", "until-year": "2020"},
    )
    assert "Select why you are pausing" in answer.page.text
    assert "must be in the future" in answer.page.text


def test_a_claim_is_queried_answered_approved_and_stands_in_the_ledger(
    live, sides, user, waits, monkeypatch
):
    delivered = starts(live.areas[0].id, clock.today(), ["KT4729AC", "HR2347AC"])
    monkeypatch.setitem(measures(), "delivered", lambda *_asked: delivered)
    with write():
        claim_id = computing.compute(live.id, clock.today().replace(day=1)).id
    page = f"/claims/{claim_id}"
    shown = user("finance").show(page)
    assert "HR2347AC, KT4729AC" in shown.text
    assert "£1,000" in shown.text
    answer = user("finance").submit(f"{page}/query", "Send the query", text="One is missing")
    assert "One is missing" in answer.page.text
    assert "Answer the query" in waits("contract_manager")
    answer = user("contract_manager").submit(
        f"{page}/answer", "Send the answer", text="It comes next month"
    )
    assert "It comes next month" in answer.page.text
    month = f"{clock.today():%B %Y}"
    assert f"Check the claim for {month} under CON-" in waits("contract_manager")
    answer = user("contract_manager").submit(f"{page}/approve", "Approve the claim")
    assert "stands among the payments to make" in answer.page.text
    db.session.expire_all()
    assert db.session.get_one(Claim, claim_id).state is ClaimState.APPROVED
    ledger = user("contract_manager").show(f"/contracts/{live.id}/statement")
    assert "Claim approved" in ledger.text
    assert "HR2347AC" not in user("trustee").show(f"/contracts/{live.id}").text


def test_lists_hold_what_is_ones_own(live, drafted, sides, user, client):
    other = make_live_contract()
    for role in ("trustee", "director", "commissioning_officer"):
        page = user(role).show("/contracts")
        assert live.reference in page.text
        assert drafted.reference in page.text
        assert other.reference not in page.text
    sign_in(client, make_person(Role.AUDITOR))
    assert other.reference in client.show("/contracts").text


@pytest.mark.parametrize("role", ["finance", "contract_manager"])
def test_a_contract_of_others_is_not_there(role, user):
    other = make_live_contract()
    user(role).show(f"/contracts/{other.id}", 404)


def test_who_has_no_part_in_contracts_is_refused(live, client):
    for role in (Role.PRACTITIONER, Role.CASEWORKER, Role.EVALUATOR):
        sign_in(client, make_person(role))
        client.show("/contracts", 403)
        client.show(f"/contracts/{live.id}", 403)


def test_a_published_contract_shows_without_text_or_ledger(sides, user):
    contract = make_contract(sides.charity, sides.region, area_codes=(None,))
    with write():
        db.session.execute(
            update(Contract)
            .where(Contract.id == contract.id)
            .values(
                source="published",
                price_basis=None,
                unit_price_pence=None,
                cost_account_id=None,
                payable_account_id=None,
                paid_account_id=None,
                text="",
                state=ContractState.ENDED,
            )
        )
    page = user("contract_manager").show(f"/contracts/{contract.id}")
    assert "Not published" in page.text
    assert "Ledger" not in page.text
    assert db.session.scalar(select(Claim.id)) is None


def test_the_page_of_a_step_says_so_where_the_step_is_over_or_not_reached(drafted, live, user):
    signed = user("trustee").show(f"/contracts/{live.id}/sign", 409)
    assert "it is now “Live”" in signed.text
    area = drafted.areas[0].id
    for step in ("places", "pause"):
        page = user("service_manager").show(f"/contracts/areas/{area}/{step}", 409)
        assert "once the contract is signed" in page.text


def test_who_pays_a_share_reads_how_the_contract_goes_and_nobody_else_does(sides, client, app):
    contract = make_live_contract(sides.charity, buyer=sides.region)
    pcc, stranger = (
        make_organisation(OrganisationKind.PCC, name=name, area_code="kent")
        for name in ("Kent PCC", "Essex PCC")
    )
    make_payer(db.session.get_one(Lot, contract.lot_id), pcc, 1_000_00)
    keep_month(contract.id, last_months(1)[0], 7, 9)
    page = f"/contracts/{contract.id}/as-payer"
    lead = make_person(Role.COMMISSIONER_LEAD, pcc)
    sign_in(client, lead)
    assert contract.reference in client.show("/contracts").text
    shown = client.show(page)
    told = "7 9 –"  # who started, who was expected, and no indicator
    for fact in ("£1,000 of", "20 places free", "Month by month", told, "Nothing has been"):
        assert fact in shown.text, fact
    assert not [each for each in shown.all("form") if "/contracts/" in each.get("action", "")]
    assert client.get(f"/contracts/{contract.id}").status_code == 404
    sign_in(client, make_person(Role.COMMISSIONER_LEAD, stranger))
    assert contract.reference not in client.show("/contracts").text
    assert client.get(page).status_code == 404
    with write():  # a change has set other shares, and the commissioner is out of them
        db.session.add(
            ContractShare(
                contract_id=contract.id, organisation_id=sides.region.id, pence=300_000_00
            )
        )
    sign_in(client, lead)
    assert client.get(page).status_code == 404


def test_a_stopped_contract_says_so_and_offers_no_place(sides, user, client):
    contract = make_live_contract(sides.charity, buyer=sides.region)
    with write():
        act_id = continuity.stop(contract.id, ActReason.SAFEGUARDING, sides.director).id
    notice = user("contract_manager").show(f"/contracts/continuity/{act_id}").text
    assert "In effect since" in notice and "Takes effect" not in notice
    for path in ("/contracts", f"/contracts/{contract.id}"):
        shown = user("service_manager").show(path).text
        assert "Stopped" in shown and "Live" not in shown
    assert "place free" not in shown and "Set places" not in shown and "Pause" not in shown
    public = client.show(f"/published-contracts/{contract.id}").text
    assert "Stopped on" in public and "Live" not in public
