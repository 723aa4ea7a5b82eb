"""Everything a run of sendings needs: services, people with sessions, and finished drafts."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert, update

from lots.contracts.models import ContractArea
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, tables, write
from referrals.drafted import ReferralDraft
from tests.bench.load import CONNECTIONS, Request
from tests.bench.minimal import SLOTS
from tests.support.apps import make_app
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.referrals import make_draft

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Sendings:
    """Drafts ready to send on one database: `for_address` makes requests of them, each once."""

    def __init__(self, database_url: str, folder: Path, count: int):
        app = make_app(database_url, folder)
        with app.app_context():
            self._make(app, count)
            db.session.remove()
            db.engine.dispose()
        self._tokens: list[tuple[str, str]] = []

    def _make(self, app: Flask, count: int) -> None:
        region = make_organisation(OrganisationKind.REGION, region_code="K")
        self.areas = [_service(region) for _number in range(SLOTS)]
        people = [make_person(Role.PRACTITIONER, region) for _ in range(CONNECTIONS)]
        self._cookies = [cookie_of(app, person) for person in people]
        with write():
            patterns = [
                {
                    column.name: getattr(draft, column.name)
                    for column in ReferralDraft.__table__.columns
                }
                for person, area in zip(people, self.areas, strict=False)
                for draft in [make_draft(area, acting_as(person))]
            ]
            drafts = [
                {
                    **patterns[number % CONNECTIONS],
                    "id": uuid4(),
                    "contract_area_id": self.areas[number % SLOTS],
                }
                for number in range(count)
            ]
            for start in range(0, count, 1000):
                tables().execute(insert(ReferralDraft.__table__), drafts[start : start + 1000])
        self._drafts: Iterator[tuple[int, UUID, UUID]] = iter(
            [
                (number % CONNECTIONS, draft["id"], draft["contract_area_id"])
                for number, draft in enumerate(drafts)
            ]
        )

    def take(self, address: str, count: int) -> list[Request]:
        """The next requests, in the order of the connections."""
        if not self._tokens:
            self._tokens = [token_of(address, cookie) for cookie in self._cookies]
        return [self._request(*next(self._drafts)) for _number in range(count)]

    def _request(self, person: int, draft_id: UUID, area_id: UUID) -> Request:
        cookie, token = self._tokens[person]
        sent = {"csrf_token": token, "services": str(area_id)}
        path = f"/referral-drafts/{draft_id}/send"
        return Request("POST", path, urlencode(sent).encode(), cookie, 303)


def _service(region: object) -> UUID:
    charity = make_organisation(contact_email="in@harbour.example")
    area_id = make_live_contract(charity, buyer=region, places=1).areas[0].id
    with write():
        many = {"places": 1_000_000, "contracted_places": 1_000_000}
        db.session.execute(update(ContractArea).where(ContractArea.id == area_id).values(**many))
    return area_id


def cookie_of(app: Flask, person: object) -> str:
    """The cookie of a person signed in with both factors."""
    client = app.test_client()
    sign_in(client, person)
    return f"session={client.get_cookie('session').value}"


def token_of(address: str, cookie: str) -> tuple[str, str]:
    """The cookie with the token against forged forms in it, and the token as a form sends it."""
    asked = urllib.request.Request(f"{address}/account", headers={"Cookie": cookie})
    with urllib.request.urlopen(asked) as answer:
        given = answer.headers.get_all("Set-Cookie") or []
        page = answer.read().decode()
    fresh = next((each.split(";")[0] for each in given if each.startswith("session=")), cookie)
    found = TOKEN.search(page)
    assert found is not None, "the page has no form"
    return fresh, found.group(1)
