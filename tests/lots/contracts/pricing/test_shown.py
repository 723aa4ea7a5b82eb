"""What a contract pays for what is public, without an account."""

from __future__ import annotations

from tests.support.contracts import make_live_contract


def test_the_public_reads_what_is_paid_for_what(client, app):
    contract = make_live_contract(price=512_30)
    page = client.show(f"/published-contracts/{contract.id}").text
    assert "Prices" in page and "£512.30" in page
