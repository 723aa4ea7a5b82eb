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
from referrals.drafts import actions as drafts
from referrals.models import Referral, ReferralNeed
from referrals.sending import actions as sending
from tests.support.contracts import make_live_contract
from tests.support.people import make_organisation, sign_in
from tests.support.referrals import finished_answers, make_draft, send


@pytest.fixture
def two(house):
    """A finished draft for the house's service and for one of a rival: `(draft, [first, second])`."""
    rival = make_organisation(name="Second Trust", contact_email="in@second.example")
    second = make_live_contract(rival, buyer=house.region, places=1).areas[0].id
    by = house.by.practitioner
    plain = finished_answers()
    own = ("needs", "rar-days", "outcomes-", "complexity-")
    again = {f"{slug}~2": answer for slug, answer in plain.items() if slug.startswith(own)}
    draft = make_draft(house.area_id, by, plain | again)
    with write():
        drafts.add_service(draft.id, second, by)
    with write():
        held = db.session.get_one(ReferralDraft, draft.id)
        held.answers = draft.answers
    return draft, [house.area_id, second]


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
        sending.send_referrals(draft.id, services, str(new_id()), house.by.practitioner)
    assert reserved_at(services) == [0, 0]
    assert (how_many(Referral), how_many(ReferralDraft)) == (0, 1)


def test_services_changed_on_another_page_are_not_sent_by_the_old_one(house, two):
    draft, services = two
    by = house.by.practitioner
    for seen in ([services[0]], [*services, new_id()], [services[0], new_id()]):
        with pytest.raises(Refusal, match="changed on another page"), write():
            sending.send_referrals(draft.id, seen, str(new_id()), by)
    with pytest.raises(sending.DraftGone), write():
        sending.send_referrals(draft.id, services, str(new_id()), house.by.colleague)
    assert reserved_at(services) == [0, 0] and how_many(Referral) == 0
