"""A contract that three organisations pay for, and one person of each role on its sides."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lots.contracts.books.funding import promise
from lots.contracts.changes.models import ContractShare
from lots.contracts.models import Contract
from lots.vocabulary import PriceBasis
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from tests.lots.contracts.conftest import again, live, sides  # noqa: F401  # fixtures
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, written

VALUE = 36 * 1_000_00


@pytest.fixture
def shared(sides):  # noqa: F811  # the fixture
    """36 months at £1,000 and 20% VAT: the region 50%, a PCC 30%, a prison's fund 20%."""
    contract = make_live_contract(
        sides.charity, buyer=sides.region, price_basis=PriceBasis.MONTHLY_FEE, price=1_000_00
    )
    pcc = make_organisation(OrganisationKind.PCC, name="Kent PCC", area_code="kent")
    fund = make_organisation(OrganisationKind.OTHER_BUYER, name="Garden Fund")
    with written():
        held = db.session.get_one(Contract, contract.id)
        held.vat_percent, held.value_pence = 20, VALUE
        for organisation, percent in ((sides.region, 50), (pcc, 30), (fund, 20)):
            pence = VALUE * percent // 100
            share = ContractShare(organisation_id=organisation.id, pence=pence)
            share.contract_id = held.id
            db.session.add(share)
        db.session.flush()
        promise(held, None)
    people = {
        "pcc": make_person(Role.COMMISSIONER_LEAD, pcc),
        "fund": make_person(Role.COMMISSIONER_LEAD, fund),
        "auditor": make_person(
            Role.AUDITOR, make_organisation(OrganisationKind.NATIONAL, name="Framework team")
        ),
    }
    return SimpleNamespace(
        id=contract.id,
        reference=contract.reference,
        pcc=pcc,
        fund=fund,
        people=people,
        pcc_lead=acting_as(people["pcc"]),
    )
