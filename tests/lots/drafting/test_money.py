"""The money of a draft on screen: the way it is paid, its value and who is expected to bid."""

from __future__ import annotations

from lots.vocabulary import PaymentProfile
from marketplace.acting import Role
from tests.support.drafting import newest_lot
from tests.support.lots import make_region, whole_lot
from tests.support.people import make_person, sign_in


def test_a_grant_is_paid_up_front_until_the_draft_says_otherwise(client):
    buyer = make_region()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, buyer))
    client.submit("/lots/new", "Start the draft", title="Money", service_code="womens-services")
    lot = newest_lot()
    url = f"/lots/{lot.id}"
    assert whole_lot(lot.id).payment_profile is PaymentProfile.UP_FRONT
    client.submit(f"{url}/route", "Save", route="contract", contract_reason="It must be secured.")
    assert whole_lot(lot.id).payment_profile is PaymentProfile.MONTHLY_IN_ADVANCE
    client.submit(f"{url}/payment", "Save", payment_profile="monthly_in_advance")
    client.submit(f"{url}/route", "Save", route="grant")
    assert whole_lot(lot.id).payment_profile is PaymentProfile.MONTHLY_IN_ADVANCE


def test_the_bidders_expected_are_typed_beside_the_value_and_move_the_meter(client, draft):
    url = f"/lots/{draft.id}"
    assert "Leave empty: 6." in client.show(f"{url}/value").text
    client.submit(f"{url}/value", "Save", expected_bidders="11")
    assert whole_lot(draft.id).expected_bidders == 11
    assert "about 11 bidders" in client.show(url).text
