"""Fifty people send, answer, end, pause and change places without a break, while things crash."""

from __future__ import annotations

import http.client
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from lots.contracts.models import Contract, ContractArea, PauseReason
from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.audit import verify
from marketplace.database import db, tables, write
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.drafted import ReferralDraft
from referrals.models import Referral
from tests.bench.drafts import cookie_of, token_of
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.placing import Replay, events_of_places
from tests.support.postgres import Server
from tests.support.referrals import finished_answers, in_custody, make_draft

CONNECTIONS = 50
SERVICES, PLACES = 40, 100
CHARITIES = 4
MOST_PLACES = 5
CUSTODY_DAYS = 14
KINDS = 5
PATTERNS = CONNECTIONS * KINDS
MOST_TRIES = 100
BACK_WITHIN_SECONDS = 120
# How often each thing is done for one sending; a send pressed twice is one of them.
OTHERS = {"twice": 10, "accept": 25, "decline": 15, "end": 15, "leave": 5, "places": 5, "pause": 3}

# What stands in the way of an answer: nothing came, or what came is no HTTP.
CUT_OFF = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Actor:
    """Somebody signed in: their cookie, and the token that their forms carry."""

    cookie: str
    token: str


@dataclass
class World:
    """Forty services with a hundred places, fifty practitioners, and finished drafts."""

    limits: dict[UUID, int]
    # Cookies: of each practitioner, and by service of whoever manages it.
    practitioners: list[str]
    managers: dict[UUID, str]
    # By practitioner's id: which of them it is.
    numbers: dict[UUID, int]
    # By practitioner: each draft with its service.
    drafts: list[list[tuple[UUID, UUID]]]


def make_world(app: Flask, attempts: int, chance: random.Random) -> World:
    """Everything that `attempts` sendings need; run inside the application's context."""
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    managers: dict[UUID, str] = {}
    limits: dict[UUID, int] = {}
    for number in range(CHARITIES):
        charity = make_organisation(contact_email="in@harbour.example")
        cookie = cookie_of(app, make_person(Role.SERVICE_MANAGER, charity))
        for _service in range(number, SERVICES, CHARITIES):
            contract = make_live_contract(charity, buyer=region, places=MOST_PLACES)
            managers[contract.areas[0].id] = cookie
    with write():
        for number, area_id in enumerate(managers):
            limits[area_id] = PLACES // SERVICES + number % 2
            values = {"places": limits[area_id]}
            db.session.execute(
                update(ContractArea).where(ContractArea.id == area_id).values(**values)
            )
        db.session.execute(update(Contract).values(custody_days=CUSTODY_DAYS))
    people = [make_person(Role.PRACTITIONER, region) for _ in range(CONNECTIONS)]
    drafts = _make_drafts(people, list(limits), attempts, chance)
    cookies = [cookie_of(app, each) for each in people]
    numbers = {person.id: number for number, person in enumerate(people)}
    return World(limits, cookies, managers, numbers, drafts)


def _kinds() -> list[dict[str, Any]]:
    today = clock.today()
    return [
        {},
        in_custody((today + timedelta(days=60)).isoformat()),
        in_custody((today + timedelta(days=5)).isoformat()),
        {"priority": {"priority": "recall_likely"}},
        {"priority": {"priority": "harm_to_self"}},
    ]


def _make_drafts(
    people: list[Any], areas: list[UUID], attempts: int, chance: random.Random
) -> list[list[tuple[UUID, UUID]]]:
    given: list[list[tuple[UUID, UUID]]] = [[] for _person in people]
    with write():
        patterns = [
            [make_draft(areas[0], acting_as(person), finished_answers(**kind)) for kind in _kinds()]
            for person in people
        ]
        rows = []
        for number in range(attempts):
            who = number % len(people)
            made = patterns[who][chance.randrange(len(patterns[who]))]
            row = {each.name: getattr(made, each.name) for each in ReferralDraft.__table__.columns}
            row |= {"id": uuid4(), "contract_area_id": chance.choice(areas)}
            given[who].append((row["id"], row["contract_area_id"]))
            rows.append(row)
        for start in range(0, attempts, 1000):
            tables().execute(insert(ReferralDraft.__table__), rows[start : start + 1000])
    return given


@dataclass
class Rush:
    """The run itself: what was acknowledged, what was done, and the two crashes in its middle."""

    address: str
    engine: Engine
    world: World
    chance: random.Random
    kills: dict[int, Callable[[], None]]
    acknowledged: dict[str, str] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    actors: dict[str, Actor] = field(default_factory=dict)
    crashed: Event = field(default_factory=Event)
    back: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def run(self) -> None:
        """Everybody at once, until every draft is sent and acknowledged."""
        self.back.set()
        cookies = {*self.world.practitioners, *self.world.managers.values()}
        for cookie in cookies:
            self.actors[cookie] = Actor(*token_of(self.address, cookie))
        seeds = [self.chance.random() for _person in self.world.practitioners]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(self._work, range(CONNECTIONS), seeds))

    def _work(self, number: int, seed: float) -> None:
        chance = random.Random(seed)
        me = self.actors[self.world.practitioners[number]]
        for draft_id, area_id in self.world.drafts[number]:
            self._send(me, draft_id, area_id)
            for what, percent in OTHERS.items():
                if chance.random() * 100 < percent:
                    self._do(what, chance, me, (draft_id, area_id))

    def _send(self, me: Actor, draft_id: UUID, area_id: UUID) -> None:
        """Press send until it is acknowledged, as somebody does who sees an error."""
        path = f"/referral-drafts/{draft_id}/send"
        values = {"services": str(area_id)}
        for _try in range(MOST_TRIES):
            answer = self._post(me, path, values)
            if answer is None:
                continue
            status, location = answer
            assert status == 303 and location.endswith("/sent"), (status, location)
            self._acknowledge(str(draft_id), location)
            return
        raise AssertionError("the product did not come back")

    def _acknowledge(self, key: str, location: str) -> None:
        with self._lock:
            first = self.acknowledged.setdefault(key, location)
            assert first == location, "one draft made two referrals"
            self.done["sent"] += 1
            kill = self.kills.pop(len(self.acknowledged), None)
        if kill:
            self.crashed.set()
            self.back.clear()
            kill()
            self.back.set()

    def _post(self, me: Actor, path: str, values: dict[str, Any]) -> tuple[int, str] | None:
        """(status, where it leads); None where a crash left the question open."""
        place = urlsplit(self.address)
        body = urlencode({"csrf_token": me.token, **values}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": me.cookie}
        try:
            line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)
            line.request("POST", path, body, headers)
            answer = line.getresponse()
            answer.read()
            line.close()
        except CUT_OFF as error:
            self._cut_off(f"{path}: {error!r}")
            return None
        if answer.status >= 500:
            self._cut_off(f"{path}: {answer.status}")
            return None
        return answer.status, urlsplit(answer.headers["Location"] or "").path

    def _cut_off(self, what: str) -> None:
        """No answer is a fault, unless something was killed; go on once it is back."""
        assert self.crashed.is_set(), what
        with self._lock:
            self.done["cut off"] += 1
        assert self.back.wait(BACK_WITHIN_SECONDS)

    def _do(self, what: str, chance: random.Random, me: Actor, sent: tuple[UUID, UUID]) -> None:
        if what == "twice":
            self._send(me, *sent)
        elif what in ("places", "pause"):
            self._change_service(what, chance)
        else:
            self._answer(what, chance)

    def _change_service(self, what: str, chance: random.Random) -> None:
        area_id = chance.choice(list(self.world.limits))
        manager = self.actors[self.world.managers[area_id]]
        path = f"/contracts/areas/{area_id}"
        if what == "places":
            self._note(
                what, self._post(manager, f"{path}/places", {"places": chance.randint(0, 5)})
            )
            return
        until = datetime.now(UTC).date() + timedelta(days=7)
        values = {
            "reason": PauseReason.STAFFING.value,
            "until-day": until.day,
            "until-month": until.month,
            "until-year": until.year,
        }
        self._note("pause", self._post(manager, f"{path}/pause", values))
        self._note("resume", self._post(manager, f"{path}/resume", {}))

    def _answer(self, what: str, chance: random.Random) -> None:
        """Accept, decline, end or leave the list: somebody who is there at this moment."""
        states = {
            "accept": (ReferralState.SENT,),
            "decline": (ReferralState.SENT,),
            "end": (ReferralState.SENT, ReferralState.ACCEPTED),
            "leave": (ReferralState.WAITING,),
        }
        found = self._some(states[what])
        if not found:
            return
        referral_id, area_id, author_id = chance.choice(found)
        if what in ("accept", "decline"):
            who = self.actors[self.world.managers[area_id]]
            values = {"reason": DeclineReason.NO_STAFF.value}
            self._note(what, self._post(who, f"/cases/{referral_id}/{what}", values))
        else:
            who = self.actors[self.world.practitioners[self.world.numbers[author_id]]]
            values = {"reason": EndReason.MOVED.value, "comment": ""}
            self._note(what, self._post(who, f"/cases/{referral_id}/withdraw", values))

    def _some(self, states: tuple[ReferralState, ...]) -> list[Any]:
        wanted = select(Referral.id, Referral.contract_area_id, Referral.author_id)
        try:
            with self.engine.connect() as looks:
                return list(looks.execute(wanted.where(Referral.state.in_(states)).limit(200)))
        except DBAPIError:
            assert self.crashed.is_set()
            return []

    def _note(self, what: str, answer: tuple[int, str] | None) -> None:
        """Done, or somebody was faster; anything else is a fault."""
        if answer is None:
            return
        assert answer[0] in (302, 303, 409), (what, answer)
        with self._lock:
            self.done[what if answer[0] != 409 else f"{what} too late"] += 1


def kill_one_worker(product_process: int) -> None:
    """Kill one of the web processes; its master starts another."""
    children = Path(f"/proc/{product_process}/task/{product_process}/children").read_text()
    os.kill(int(children.split()[0]), signal.SIGKILL)


def crash_database(server: Server) -> None:
    """End the database as a crash would, and start it again."""
    server.stop("immediate")
    server.start()


def assert_places_held(rush: Rush, attempts: int) -> None:
    """What the domain promises, read from the rows and from the chain; in the app's context."""
    assert len(rush.acknowledged) == attempts and not rush.kills
    # The mixture was one: not everything beside sending came too late.
    assert all(rush.done[what] for what in ("accept", "decline", "end")), rush.done
    found = db.session.execute(select(Referral.send_key, Referral.id)).all()
    # Every acknowledged referral is there once, and there is no other.
    assert {key: f"/cases/{each}/sent" for key, each in found} == rush.acknowledged
    assert len(found) == attempts
    assert db.session.scalar(select(func.count()).select_from(ReferralDraft)) == PATTERNS
    limits = {str(area_id): limit for area_id, limit in rush.world.limits.items()}
    Replay(limits).tell(events_of_places()).agrees_with_what_stands(clock.today())
    assert verify().holds
