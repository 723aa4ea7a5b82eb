"""Whom a buyer that pays through Stripe asks for an account, and when."""

from __future__ import annotations

from sqlalchemy import select

from lots.contracts import actions
from lots.contracts.models import Contract, ContractState
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from marketplace.payments.bodies.actions import Keys, set_account
from marketplace.payments.payees.models import PayeeAccount
from tests.support.contracts import make_contract, make_live_contract
from tests.support.people import acting_as, make_organisation, make_person


def give_account(body: Organisation) -> None:
    """The body begins to pay through Stripe; nobody is asked at a made-up address."""
    with write():
        set_account(body.id, f"acct_{body.id.hex[:16]}", Keys("sk_test_1", "whsec_1"))


def asked(body: Organisation) -> list:
    """The providers that are asked to set up an account with this body."""
    own = select(PayeeAccount.payee_id).where(PayeeAccount.body_id == body.id)
    return sorted(db.session.scalars(own))


def sign_by_both(contract: Contract) -> None:
    """Director and trustee sign."""
    for role, organisation_id in (
        (Role.DIRECTOR, contract.buyer_id),
        (Role.TRUSTEE, contract.provider_id),
    ):
        organisation = db.session.get_one(Organisation, organisation_id)
        signer = acting_as(make_person(role, organisation), organisation)
        with write():
            actions.sign(contract.id, signer.name, contract.text_hash, signer)


def test_a_provider_is_asked_when_the_second_side_has_signed(app):
    region = make_organisation(OrganisationKind.REGION)
    give_account(region)
    contract = make_contract(buyer=region)
    assert asked(region) == []
    sign_by_both(contract)
    assert asked(region) == [contract.provider_id]


def test_where_the_buyer_pays_from_its_bank_nobody_is_asked(app):
    region = make_organisation(OrganisationKind.REGION)
    sign_by_both(make_contract(buyer=region))
    assert asked(region) == []


def test_a_buyer_that_begins_later_asks_each_provider_of_what_still_runs_once(app):
    region = make_organisation(OrganisationKind.REGION)
    twice = make_organisation()
    live = [make_live_contract(provider, buyer=region) for provider in (twice, twice, None)]
    make_contract(buyer=region)  # not signed
    over = make_live_contract(buyer=region)
    with write():
        db.session.get_one(Contract, over.id).state = ContractState.ENDED
    give_account(region)
    assert asked(region) == sorted({each.provider_id for each in live})
    give_account(region)
    assert len(asked(region)) == 2
