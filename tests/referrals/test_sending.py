"""Sending: a place or the waiting list, once, and only where the service fits."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from lots.contracts.models import ContractArea
from marketplace import audit, clock
from marketplace.accounts.models import Person, PersonState
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.references import is_clear
from referrals.codes import ReferralState
from referrals.drafted import ReferralDraft
from referrals.models import NamedPerson, Referral, ReferralClock
from referrals.queries import MOST_NAMED
from referrals.sending import actions as sending
from tests.support.contracts import make_live_contract
from tests.support.people import make_person
from tests.support.referrals import finished_answers, in_custody, make_draft, send
from tests.support.statements import statements_sent


def test_a_sent_referral_holds_a_place_and_its_draft_is_gone(house, reserved):
    referral = send(house.area_id, house.by.practitioner)
    assert referral.state == ReferralState.SENT
    assert (reserved(), referral.name, referral.crn) == (1, "Robin Example", "X123456")
    assert is_clear(referral.reference) and len(referral.reference) == 8
    assert db.session.scalar(select(func.count()).select_from(ReferralDraft)) == 0
    kinds = db.session.scalars(
        select(ReferralClock.kind).where(ReferralClock.referral_id == referral.id)
    )
    assert sorted(kinds) == ["assessment", "contact", "response"]


def test_what_is_sent_is_audited_and_the_provider_is_told_without_names(house):
    referral = send(house.area_id, house.by.practitioner)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "referral:send")).one()
    assert event.subject_id == str(referral.id)
    assert "Robin" not in str(event.details) and audit.verify().holds
    mail = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.subject_id == referral.id)
    ).one()
    assert mail.recipient == "in@harbour.example"
    assert referral.reference in mail.facts and "Robin" not in mail.facts


def test_when_no_place_is_free_people_wait(house, reserved):
    states = [send(house.area_id, house.by.practitioner).state for _ in range(3)]
    assert states == [ReferralState.SENT, ReferralState.SENT, ReferralState.WAITING]
    assert reserved() == 2


def test_nothing_stored_shows_the_person(house):
    send(house.area_id, house.by.practitioner)
    stored = db.session.connection().exec_driver_sql("SELECT * FROM referral").one()
    assert not any(b"Robin" in bytes(value) for value in stored if isinstance(value, bytes))
    assert not any("Robin" in str(value) for value in stored if not isinstance(value, bytes))


def test_the_same_draft_cannot_be_sent_twice(house, reserved):
    draft = make_draft(house.area_id, house.by.practitioner)
    with write():
        sending.send_referral(draft.id, house.area_id, house.by.practitioner)
    with pytest.raises(sending.DraftGone), write():
        sending.send_referral(draft.id, house.area_id, house.by.practitioner)
    assert reserved() == 1


def test_nobody_sends_anothers_draft(house, reserved):
    draft = make_draft(house.area_id, house.by.practitioner)
    with pytest.raises(sending.DraftGone), write():
        sending.send_referral(draft.id, house.area_id, house.by.colleague)
    assert reserved() == 0
    assert db.session.get(ReferralDraft, draft.id) is not None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"area": {"area": "surrey"}}, "another area"),
        ({"area": {"area": "gwent"}}, "another"),
        ({"born": {"date_of_birth": "2015-01-01"}}, "18 or over"),
        ({"complete-by": {"complete_by": "2026-01-01"}}, "has passed"),
        ({"sentence": {"has_end": "yes", "ends_on": "2026-12-01"}}, "after the end"),
        (in_custody("2025-01-01"), "has passed"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(house, reserved, changed, says):
    answers = finished_answers() | changed
    with pytest.raises(Refusal, match=says):
        send(house.area_id, house.by.practitioner, answers)
    assert reserved() == 0
    assert db.session.scalar(select(func.count()).select_from(ReferralDraft)) == 1


def test_a_womens_service_refuses_men(house):
    contract = make_live_contract(house.charity, buyer=house.region, service_code="womens-services")
    answers = finished_answers(needs=("accommodation",), sex={"sex": "male"})
    with pytest.raises(Refusal, match="women only"):
        send(contract.areas[0].id, house.by.practitioner, answers)


def test_a_service_for_young_adults_refuses_older_people(house):
    contract = make_live_contract(house.charity, buyer=house.region, cohort="18-25")
    with pytest.raises(Refusal, match="Young adults"):
        send(contract.areas[0].id, house.by.practitioner)


def test_a_missing_answer_is_refused(house, reserved):
    answers = finished_answers()
    del answers["risk"]
    with pytest.raises(Refusal, match="Risk"):
        send(house.area_id, house.by.practitioner, answers)
    assert reserved() == 0


def test_a_closed_service_takes_nobody(house):
    with write():
        db.session.execute(update(ContractArea).values(closed_at=clock.now()))
    with pytest.raises(Refusal, match="does not take referrals"):
        send(house.area_id, house.by.practitioner)


def test_a_paused_service_puts_people_on_its_list(house, reserved):
    with write():
        db.session.execute(
            update(ContractArea).values(
                paused_until=clock.today() + timedelta(days=7), pause_reason="staffing"
            )
        )
    assert send(house.area_id, house.by.practitioner).state == ReferralState.WAITING
    assert reserved() == 0


def test_named_people_of_a_restricted_case_must_be_colleagues(house):
    colleague = make_person(Role.PRACTITIONER, house.region)
    named = {"is_restricted": "yes", "named": colleague.email}
    referral = send(house.area_id, house.by.practitioner, finished_answers(restricted=named))
    assert db.session.scalars(
        select(NamedPerson.person_id).where(NamedPerson.referral_id == referral.id)
    ).all() == [colleague.id]
    outsider = {"is_restricted": "yes", "named": "somebody@elsewhere.example"}
    with pytest.raises(Refusal, match="elsewhere.example.* is not the address"):
        send(house.area_id, house.by.practitioner, finished_answers(restricted=outsider))
    manager = make_person(Role.CONTRACT_MANAGER, house.region)
    gone = make_person(Role.PRACTITIONER, house.region)
    with write():
        db.session.execute(
            update(Person).where(Person.id == gone.id).values(state=PersonState.CLOSED)
        )
    for other in (manager, gone):
        named = {"is_restricted": "yes", "named": other.email}
        with pytest.raises(Refusal, match="practitioner or manager"):
            send(house.area_id, house.by.practitioner, finished_answers(restricted=named))


def test_no_more_people_can_be_named_than_for_a_case_that_was_sent(house):
    many = "\n".join(f"p{number}@region.example" for number in range(MOST_NAMED + 1))
    restricted = {"is_restricted": "yes", "named": many}
    with pytest.raises(Refusal, match="At most 20"):
        send(house.area_id, house.by.practitioner, finished_answers(restricted=restricted))


def test_sending_takes_few_statements(house):
    send(house.area_id, house.by.practitioner)
    draft = make_draft(house.area_id, house.by.practitioner)
    with statements_sent() as sent, write():
        sending.send_referral(draft.id, house.area_id, house.by.practitioner)
    assert len(sent) == 11, "\n".join(sent)


def test_a_draft_that_came_back_after_it_was_sent_is_not_sent_again(house):
    first = send(house.area_id, house.by.practitioner)
    make_draft(house.area_id, house.by.practitioner)
    with write():
        db.session.execute(update(ReferralDraft).values(id=UUID(first.send_key)))
    with pytest.raises(IntegrityError) as refused, write():
        sending.send_referral(UUID(first.send_key), house.area_id, house.by.practitioner)
    assert "send_key" in str(refused.value.orig)
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 1


def test_needs_the_service_no_longer_meets_count_as_unanswered(house):
    contract = make_live_contract(house.charity, buyer=house.region, service_code="womens-services")
    answers = finished_answers() | {"needs": {"needs": ["restorative-justice"]}}
    with pytest.raises(Refusal, match="Needs to be met"):
        send(contract.areas[0].id, house.by.practitioner, answers)
