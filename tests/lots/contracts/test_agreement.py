"""The text of an agreement: its form by value band, all that was agreed, and kept for ever."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lots.contracts import actions, agreement
from lots.contracts.agreement.models import SignedText
from lots.contracts.agreement.papers import as_docx
from lots.contracts.models import Contract
from lots.contracts.partners.drawing import PartnerShare
from lots.contracts.partners.models import ContractPartner
from lots.models import Lot
from lots.vocabulary import OnwardSharing, PriceBasis, Route
from marketplace.database import db, write
from tests.support.contracts import make_contract
from tests.support.people import make_organisation


def test_the_form_follows_route_and_value(sides):
    facts = {"value_net_pence": 1_000_000_00, "value_gross_pence": 1_200_000_00}
    for given, title in (
        ({"route": Route.GRANT}, "Grant agreement"),
        ({"value_net_pence": 5_000_000, "value_gross_pence": 6_000_000}, "Contract, short form"),
        (facts, "Contract, standard form"),
    ):
        contract = make_contract(sides.charity, sides.region, **given)
        assert contract.text.startswith(f"{title} {contract.reference}")
        assert ("Records and insurance" in contract.text) == ("standard" in title)
        assert ("one page" in contract.text) == ("Grant" in title)


def test_the_text_says_everything_that_was_agreed(sides):
    partner = make_organisation(name="Lantern House")
    drawn = make_contract(
        sides.charity,
        sides.region,
        area_codes=("kent", "sussex"),
        price_basis=PriceBasis.MONTHLY_FEE,
        price=1_000_00,
        extension_months=12,
        extension_times=2,
        guaranteed_pence=9_000_00,
        publicity_terms="Tell the press what you like.",
        onward_sharing=OnwardSharing.NONE,
    )
    with write():
        share = PartnerShare(partner.id, "Finds homes & keeps them.", ("K:kent",), 4_500_00)
        lot = db.session.get_one(Lot, drawn.lot_id)
        contract = actions.draw_up(lot, sides.charity.id, 1_000_00, None, [share])
    for fact in (
        "Harbour Trust",
        "£36,000",
        "up to 12 months, in 2 steps at most",
        "at least £9,000",
        "Lantern House, promised £4,500 of the price, in Kent: Finds homes & keeps them.",
        "Sussex: up to 20 places",
        "Tell the press what you like.",
        "not passed on for other ends",
        "Sessions attended",
    ):
        assert fact in contract.text, fact
    of_contract = ContractPartner.contract_id == contract.id
    kept = db.session.scalars(select(ContractPartner).where(of_contract)).one()
    assert [each.area.area_code for each in kept.areas] == ["kent"]
    words = [p.text for p in Document(BytesIO(as_docx(contract.text, "a" * 64))).paragraphs]
    assert words[-1] == "SHA-256: " + "a" * 64
    assert any("Finds homes & keeps them." in each for each in words)


@pytest.mark.parametrize(
    "statement", ["UPDATE signed_text SET text = 'x'", "DELETE FROM signed_text"]
)
def test_a_signed_text_cannot_be_altered(drafted, sides, statement):
    for by in (sides.trustee, sides.director):
        with write():
            actions.sign(drafted.id, by.name, drafted.text_hash, by)
    kept = db.session.scalars(select(SignedText)).one()
    signed = db.session.get_one(Contract, drafted.id)
    assert (kept.number, kept.text, kept.text_hash) == (0, signed.text, signed.text_hash)
    assert agreement.hash_of(kept.text) == kept.text_hash
    with pytest.raises(DatabaseError, match="append-only"), write():
        db.session.execute(text(statement))
