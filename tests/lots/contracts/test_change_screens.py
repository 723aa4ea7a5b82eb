"""Changes, partners and the public page on screen, each step by its own person."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from lots.contracts.changes import waiting
from lots.contracts.changes.models import ContractChange
from lots.contracts.models import Contract
from lots.contracts.partners.drawing import PartnerShare, add_partners
from lots.contracts.partners.models import ContractPartner, PartnerPayment
from lots.vocabulary import PriceBasis
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db
from tests.support.contracts import make_live_contract
from tests.support.people import make_organisation, make_person, sign_in, written


@pytest.fixture
def running(sides):
    """A live contract of £36,000 with one partner in Kent."""
    contract = make_live_contract(
        sides.charity,
        buyer=sides.region,
        price_basis=PriceBasis.MONTHLY_FEE,
        price=1_000_00,
        extension_months=12,
        extension_times=2,
    )
    partner = make_organisation(name="Lantern House")
    with written():
        held = db.session.get_one(Contract, contract.id)
        add_partners(held, [PartnerShare(partner.id, "Finds homes.", ("K:kent",), 9_000_00)])
    return contract, make_person(Role.FINANCE, partner)


@pytest.fixture
def user(client, sides):
    """Act as the person of a role: `user("director")` gives the client, signed in."""

    def signed_in(role):
        sign_in(client, sides.people[role])
        return client

    return signed_in


def day(field, moment):
    return {
        f"{field}-day": moment.day,
        f"{field}-month": moment.month,
        f"{field}-year": moment.year,
    }


def test_an_extension_from_the_proposal_to_the_public_page(app, running, sides, user, client):
    contract, _person = running
    page = f"/contracts/{contract.id}/changes/new/extension"
    facts = {
        "months": "24",
        "reason": "It works & women’s groups grow.",
        **day("effective_on", clock.today()),
    }
    answer = user("contract_manager").submit(page, "Propose the change", **facts)
    assert "still allows an extension of 12 months" in answer.page.text
    assert "It works & women’s groups grow." in answer.page.text, "what was typed is kept"
    answer = client.submit(page, "Propose the change", **(facts | {"months": "12"}))
    assert "After: £48,000" in answer.page.text
    change_id = db.session.scalars(select(ContractChange.id)).one()
    own = f"/contracts/changes/{change_id}"
    with app.test_request_context():
        (item,) = waiting.items(sides.director)
    assert item.href == own
    assert client.get(f"/contracts/{contract.id}/changes/new/scope").status_code == 409
    signers = [sides.people["trustee"], sides.people["director"]]
    partner = db.session.scalars(select(ContractPartner)).one().organisation
    signers.append(make_person(Role.TRUSTEE, partner))
    for person in signers:
        sign_in(client, person)
        answer = client.submit(f"{own}/sign", "Sign", name=person.name, authority=True)
        assert "You have signed the change" in answer.page.text
    assert "In force" in answer.page.text
    with app.test_request_context():
        assert not waiting.items(sides.director)
    words = Document(BytesIO(client.get(f"{own}/change.docx").data)).paragraphs
    assert any("£48,000" in each.text for each in words)
    assert "£48,000" in client.get(f"{own}/change.txt").text
    client.post("/sign-out")
    public = client.show(f"/published-contracts/{contract.id}").text
    for fact in ("1. Extension, in force since", "£48,000", "Lantern House", "£12,000", "25.0%"):
        assert fact in public, fact
    assert contract.reference in client.show("/published-contracts").text


def test_places_for_partners_and_payments_to_them(running, sides, user, client):
    contract, person = running
    area = f"/contracts/areas/{contract.areas[0].id}/places"
    form = user("service_manager").show(area)
    (name,) = [e.get("name") for e in form.all("input") if "partner_" in (e.get("name") or "")]
    answer = client.submit(area, "Save", places="10", **{name: "11"})
    assert "cannot be more than the places in this area" in answer.page.text
    answer = client.submit(area, "Save", places="10", **{name: "4"})
    assert "The places are set." in answer.page.text
    assert "Of these with Lantern House4" in client.show(f"/contracts/{contract.id}").text
    listed = user("finance").show(f"/contracts/{contract.id}/partners")
    state = next(e.get("href") for e in listed.all("a") if (e.get("href") or "").endswith("/state"))
    stated = {"month": clock.today().replace(day=1).isoformat(), "amount": "250.50"}
    answer = client.submit(state, "State the payment", **stated)
    assert "Enter the day on which you paid it" in answer.page.text
    paid_on = day("paid_on", clock.today())
    answer = client.submit(state, "State the payment", **stated, **paid_on)
    assert "£250.50" in answer.page.text
    sign_in(client, person)
    index = client.show("/contracts")
    own = next(e.get("href") for e in index.all("a") if "as-partner" in (e.get("href") or ""))
    payment = db.session.scalars(select(PartnerPayment.id)).one()
    wrong = f"/contracts/as-partner/payments/{payment}/dispute"
    answer = client.submit(wrong, "Dispute the payment", why="Only half came.")
    assert "Only half came." in answer.page.text
    answer = client.submit(own, f"Yes, we were paid this {clock.today():%B %Y}")
    assert "Confirmed." in answer.page.text
    assert client.get(f"/contracts/{contract.id}").status_code == 404
    assert "£250.50" in client.show(f"/published-contracts/{contract.id}").text


def test_nobody_sees_a_contract_before_it_is_signed(drafted, client):
    assert client.get(f"/published-contracts/{drafted.id}").status_code == 404
    assert drafted.reference not in client.show("/published-contracts").text
