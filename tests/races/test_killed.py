"""Processes killed at random moments leave nothing half done, and nothing acknowledged is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock

import pytest
import requests
from sqlalchemy import select

from lots.contracts.models import ContractArea
from marketplace.audit import verify
from marketplace.database import db, write
from referrals.drafted import ReferralDraft
from referrals.models import Referral
from tests.races.conftest import Race, StartProduct, make_race
from tests.races.referring import Sender, Service, finished, make_service, senders
from tests.races.together import at_once
from tests.support import seeds
from tests.support.databases import NewDatabase

pytestmark = pytest.mark.race

# Fewer than in the races, for it is started again after every kill.
WORKERS = 2
PEOPLE = 16
PLACES = 10


@dataclass
class Killing:
    """Kills the whole product when so many sendings have been acknowledged."""

    race: Race
    after: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def press(self, sender: Sender) -> None:
        """Send, and note the acknowledgement; an answer that never came acknowledges nothing."""
        try:
            answer = sender.press_only()
        except requests.RequestException:
            return
        assert answer.status_code == 303, answer.status_code
        with self._lock:
            self.acknowledged[sender.key] = answer.headers["Location"]
            if len(self.acknowledged) == self.after:
                self.race.product.stop(signal.SIGKILL)


def test_a_killed_product_loses_nothing_and_leaves_nothing_half_done(
    new_database: NewDatabase, session_folder: Path, start_product: StartProduct
) -> None:
    chance = seeds.chance()
    url = new_database("killed")
    start: Callable[[], Race] = partial(make_race, url, session_folder, start_product, WORKERS)
    race = start()
    for _repetition in range(seeds.repetitions(2, 4)):
        with race.app.app_context():
            service = make_service(PLACES)
            ready = senders(race, service, finished(PEOPLE))
            killing = Killing(race, chance.randint(1, PEOPLE - 1))
            at_once([partial(killing.press, sender) for sender in ready])
            race.look_again()
            assert_nothing_half_done(service, ready, killing.acknowledged)
            db.session.remove()
            db.engine.dispose()
        race = start()
        with race.app.app_context():
            assert_sending_goes_on(race, service, ready)
            db.session.remove()
    race.product.stop()


def assert_nothing_half_done(
    service: Service, ready: list[Sender], acknowledged: dict[str, str]
) -> None:
    """Each draft was sent once or is still there; what was acknowledged was sent."""
    with write():
        # On PostgreSQL a killed process's last statement may still run; its lock ends with it.
        db.session.get(ContractArea, service.area_id, with_for_update=True)
        drafts = set(db.session.scalars(select(ReferralDraft.id)))
        sent = {each.send_key: each.id for each in service.referrals()}
    for sender in ready:
        assert (sender.draft_id in drafts) != (sender.key in sent)
    for key, address in acknowledged.items():
        assert address == f"/cases/{sent[key]}/sent"
    assert len(service.referrals()) == len(sent)
    assert service.area().reserved == service.holding() == min(len(sent), PLACES)
    assert verify().holds


def assert_sending_goes_on(race: Race, service: Service, ready: list[Sender]) -> None:
    """After the restart everybody presses again, on the page they still have open."""
    for sender in ready:
        sender.visitor.address = race.product.address
    answers = at_once([sender.press for sender in ready])
    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    sent = db.session.scalars(
        select(Referral.send_key).where(Referral.contract_area_id == service.area_id)
    ).all()
    assert sorted(sent) == sorted(sender.key for sender in ready)
    assert service.area().reserved == service.holding() == PLACES
