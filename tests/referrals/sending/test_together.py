"""One draft for several services: one referral for each, all or none, once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lots.contracts.models import ContractArea
from marketplace import audit
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from referrals.codes import ReferralState
from referrals.drafted import ReferralDraft
from referrals.models import Referral, ReferralNeed
from referrals.sending import actions as sending
from tests.support.people import sign_in
from tests.support.referrals import send
from tests.support.sending import draft_for_two, second_service


@pytest.fixture
def two(house):
    """A finished draft for the house's service and another's: `(draft, [first, second])`."""
    second = second_service(house.region)
    return draft_for_two(house.area_id, second, house.by.practitioner), [house.area_id, second]


def reserved_at(services):
    db.session.expire_all()
    return [db.session.get_one(ContractArea, each).reserved for each in services]


def how_many(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_each_service_gets_its_referral_with_a_place_or_its_list(house, two, client):
    draft, services = two
    send(services[1], house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    page = client.show(f"/referral-drafts/{draft.id}/check")
    first = client.submit(page, "Send the referrals", follow=False)
    second = client.submit(page, "Send the referrals", follow=False)
    assert first.location == second.location and "/referrals/together/" in first.location
    sent = db.session.scalars(
        select(Referral).where(Referral.batch_id.is_not(None)).order_by(Referral.send_key)
    ).all()
    assert [each.contract_area_id for each in sent] == services
    assert [each.state for each in sent] == [ReferralState.SENT, ReferralState.WAITING]
    assert len({each.batch_id for each in sent}) == 1
    assert reserved_at(services) == [1, 1]
    assert how_many(ReferralNeed) == 3 and how_many(ReferralDraft) == 0
    shown = client.show(first.location)
    assert shown.h1 == "2 referrals sent" and "Robin" not in shown.text
    for each in sent:
        assert each.reference in shown.text
    assert "A place is kept" in shown.text and "on the waiting list" in shown.text
    assert audit.verify().holds


def test_one_that_does_not_fit_sends_none(house, two):
    draft, services = two
    with write():
        db.session.get_one(ContractArea, services[1]).cohort = "18-25"
    with pytest.raises(Refusal, match="Second Trust: .*Nothing was sent"), write():
        sending.send_referrals(draft.id, services, house.by.practitioner)
    assert reserved_at(services) == [0, 0]
    assert (how_many(Referral), how_many(ReferralDraft)) == (0, 1)


def test_services_changed_on_another_page_are_not_sent_by_the_old_one(house, two):
    draft, services = two
    by = house.by.practitioner
    for seen in ([services[0]], [*services, new_id()], [services[0], new_id()]):
        with pytest.raises(Refusal, match="changed on another page"), write():
            sending.send_referrals(draft.id, seen, by)
    with pytest.raises(sending.DraftGone), write():
        sending.send_referrals(draft.id, services, house.by.colleague)
    assert reserved_at(services) == [0, 0] and how_many(Referral) == 0
