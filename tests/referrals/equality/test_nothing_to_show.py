"""Why there are no figures of equality: nobody answered, or they are not counted yet."""

from __future__ import annotations

from marketplace import clock
from marketplace.acting import Role
from marketplace.database import write
from referrals.equality import actions, counting
from referrals.equality.vocabulary import Characteristic
from tests.support.people import make_person, sign_in
from tests.support.referrals import send


def test_the_page_says_why_there_are_no_figures(house, client):
    sign_in(client, make_person(Role.EQUALITIES_MANAGER, house.region))
    assert "Nobody has answered yet" in client.show("/equality").text
    referral = send(house.area_id, house.by.practitioner)
    with write():
        actions.record(referral.id, {Characteristic.ETHNICITY: "white"}, house.by.practitioner)
    assert "have not been counted yet" in client.show("/equality").text
    counting.count(clock.now())
    assert "have not been counted yet" not in client.show("/equality").text
