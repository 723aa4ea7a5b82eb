"""Many people send, answer and end referrals in the same moment: no place is given twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent, verify
from marketplace.database import db, write
from marketplace.outbox.models import OutboxMessage
from referrals.answering import actions
from referrals.codes import DeclineReason, ReferralState
from referrals.models import Caseworker, Referral
from tests.races.conftest import Race
from tests.races.referring import Service, finished, make_service, senders
from tests.races.together import at_once
from tests.support.people import acting_as, make_person
from tests.support.referrals import Answers, finished_answers, in_custody

pytestmark = pytest.mark.race

# By domain, section 8: risk to people first, then the other coded reasons, then none.
RANKS = {"harm_to_self": 1, "recall_likely": 2, "none": 9}


def of_every_urgency(count: int) -> list[Answers]:
    """Drafts that differ in priority and in the day of release."""
    today = clock.today()
    kinds: list[dict[str, Any]] = [
        {},
        in_custody((today + timedelta(days=30)).isoformat()),
        {"priority": {"priority": "recall_likely"}},
        in_custody((today + timedelta(days=10)).isoformat()),
        {"priority": {"priority": "harm_to_self"}},
    ]
    return [finished_answers(**kinds[number % len(kinds)]) for number in range(count)]


def domain_order(referral: Referral) -> tuple[Any, ...]:
    """The place in the waiting list that domain, section 8, gives this referral."""
    today = clock.today().isoformat()
    needed = referral.release_on or today
    return RANKS[referral.priority], needed, referral.sent_at, str(referral.id)


def test_fifty_send_at_once_to_twenty_places(race: Race) -> None:
    service = make_service(places=20)
    ready = senders(race, service, of_every_urgency(50))

    answers = at_once([sender.press for sender in ready])

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.url.endswith("/sent") for answer in answers)
    assert len({answer.url for answer in answers}) == 50
    assert {each.send_key for each in service.referrals()} == {each.key for each in ready}
    states = Counter(each.state for each in service.referrals())
    assert states == {ReferralState.SENT: 20, ReferralState.WAITING: 30}
    assert service.area().reserved == 20
    assert told_of(service) == 20
    assert verify().holds
    in_order = [each.id for each in sorted(service.waiting(), key=domain_order)]
    assert placed_one_by_one(service) == in_order[:20]


def told_of(service: Service) -> int:
    """How many mails of new referrals the provider gets."""
    ids = [each.id for each in service.referrals()]
    mails = select(func.count()).where(
        OutboxMessage.subject_id.in_(ids), OutboxMessage.template.like("%new_referral%")
    )
    return db.session.scalar(mails) or 0


def placed_one_by_one(service: Service) -> list[Any]:
    """Decline every referral that was sent; who got each place that came free, in order."""
    manager = acting_as(make_person(Role.SERVICE_MANAGER, service.charity))
    waiting = {each.id for each in service.waiting()}
    placed = []
    for held in [each.id for each in service.referrals() if each.state == ReferralState.SENT]:
        with write():
            actions.decline(held, DeclineReason.NO_STAFF, manager)
        still_waiting = {each.id for each in service.waiting()}
        placed += waiting - still_waiting
        waiting = still_waiting
    return placed


def test_one_form_sent_ten_times_is_one_referral(race: Race) -> None:
    service = make_service(places=20)
    (sender,) = senders(race, service, finished(1))

    answers = at_once([sender.press] * 10)

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.url for answer in answers}) == 1
    assert len(service.referrals()) == service.area().reserved == told_of(service) == 1


def test_two_caseworkers_accept_one_referral(race: Race) -> None:
    service = make_service(places=1)
    (sender,) = senders(race, service, finished(1))
    sender.press()
    race.look_again()
    referral_id = service.referrals()[0].id
    presses = []
    for person in [make_person(Role.CASEWORKER, service.charity) for _ in range(2)]:
        visitor = race.visitor(person)
        presses.append(partial(visitor.post, *visitor.form_at(f"/cases/{referral_id}", "Accept")))

    answers = at_once(presses)

    race.look_again()
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}
    told = next(answer.text for answer in answers if answer.status_code == 409)
    assert "Nothing was done a second time" in told
    workers = select(func.count()).where(Caseworker.referral_id == referral_id)
    assert db.session.scalar(workers) == 1
    accepted = select(func.count()).where(
        AuditEvent.action == "referral:accept", AuditEvent.subject_id == str(referral_id)
    )
    assert db.session.scalar(accepted) == 1


def test_places_raised_and_given_back_while_people_send(race: Race) -> None:
    service = make_service(places=16, limit=6)
    first = senders(race, service, finished(6))
    at_once([sender.press for sender in first])
    race.look_again()
    held = [each.id for each in service.referrals()]
    later = senders(race, service, finished(20))
    manager = race.visitor(make_person(Role.SERVICE_MANAGER, service.charity))
    limits = manager.form_at(f"/contracts/areas/{service.area_id}/places", "Save")
    limits[1]["places"] = ["12"]
    declines = [manager.form_at(f"/cases/{each}/decline", "Decline the referral") for each in held]
    for _action, values in declines:
        values["reason"] = [DeclineReason.NO_STAFF.value]
    presses = [sender.press for sender in later]
    presses[10:10] = [partial(manager.post, *limits)]
    presses[5:5] = [partial(manager.post, *each) for each in declines]

    answers = at_once(presses)

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    assert len(service.referrals()) == 26
    area = service.area()
    assert (area.places, area.reserved, service.holding()) == (12, 12, 12)
    assert len(service.waiting()) == 8
    assert verify().holds
