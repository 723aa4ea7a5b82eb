"""Every list page at one and at a hundred times the data, and how many statements each sends."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from bids import sealing
from marketplace.accounts.models import Membership, Person
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation, OrganisationArea
from marketplace.qualification.models import (
    Application,
    ApplicationAnswer,
    ApplicationState,
    Qualification,
)
from tests.bench.copies import Row, copy_all
from tests.bench.report import Line
from tests.support import bids as bidding
from tests.support import lots, referrals
from tests.support.apps import make_app
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.statements import statements_sent

EACH = 3
TIMES = 100
AREAS = [("K", "kent", 30), ("K", "sussex", 20)]
# What grows; people and organisations are copied apart, so that all this stays those who look.
GROWING = (
    "account lot posting lot_area lot_listing lot_criterion lot_question bid bid_answer "
    "bid_version bid_summary bid_opening opened_bid evaluation panel_member panel_criterion score "
    "moderated_score ranking award contract contract_area contract_signature "
    "mobilisation_item claim claim_line referral_draft referral referral_need "
    "referral_outcome referral_caseworker referral_clock referral_session "
    "referral_assessment referral_end_report referral_end_report_line "
    "referral_outcome_position referral_message reading empty_search outbox_message"
)

# An organisation has one of each for a category, so they grow with the organisations.
QUALIFYING = (OrganisationArea, Application, ApplicationAnswer, Qualification)

PAGES: dict[Role | None, tuple[str, ...]] = {
    None: (
        "/",
        "/services",
        "/services?need=accommodation&area=kent",
        "/opportunities",
        "/opportunities.atom",
        "/opportunities.ics",
        "/opportunities.json",
        "/pipeline",
        "/qualified",
        "/market",
        "/open-data/market.json",
    ),
    Role.PRACTITIONER: (
        "/",
        "/my-cases",
        "/my-cases?show=waiting",
        "/my-cases?show=overdue",
        "/my-cases?show=ended",
        "/my-cases/drafts",
    ),
    Role.SERVICE_MANAGER: (
        "/",
        "/followed",
        "/referrals",
        "/referrals?show=active",
        "/referrals?show=ended",
    ),
    Role.BID_MANAGER: ("/", "/bids", "/contracts", "/qualification", "/people"),
    Role.COMMISSIONING_OFFICER: ("/", "/lots", "/contracts", "/evaluations"),
    Role.DIRECTOR: ("/", "/lots", "/evaluations"),
    Role.FRAMEWORK_MANAGER: ("/", "/qualification/queue"),
    Role.ADMINISTRATOR: ("/", "/organisations", "/people"),
}


def lines(database_url: str, folder: Path) -> list[Line]:
    """Lines (c) of the issue: one for each page whose statements grow, and how many do not."""
    found = counted(database_url, folder)
    grown = [
        Line(f"(c) {page}", f"{once}, then {many} statements", "equal", "not met")
        for page, once, many in found
        if once != many
    ]
    most = max(many for _page, _once, many in found)
    same = Line(
        f"(c) Statements of a list page at 1 and {TIMES} times the data",
        f"equal on {len(found) - len(grown)} of {len(found)} pages; {most} at most",
        "equal on every page",
        "not met" if grown else "met",
    )
    return [same, *grown]


def counted(database_url: str, folder: Path) -> list[tuple[str, int, int]]:
    """For each page who looks, and the statements at one and at a hundred times the data."""
    app = make_app(database_url, folder)
    app.test_client_class = FlaskClient
    with app.app_context():
        look = _world(app)
        once = _count(look)
        numbers = count(1_000_000)
        copy_all(_growing(), TIMES - 1, bidder_key=_bidder_key, number=lambda _row: next(numbers))
        copy_all([Organisation, *QUALIFYING], TIMES - 1)
        copy_all([Person, Membership], TIMES - 1)
        many = _count(look)
        db.session.remove()
        db.engine.dispose()
    return [(page, once[page], many[page]) for page in once]


def _growing() -> list[Any]:
    models = {each.class_.__tablename__: each.class_ for each in db.Model.registry.mappers}
    growing = GROWING.split()
    unknown = set(growing) - set(models)
    assert not unknown, f"no such tables: {sorted(unknown)}"
    order = [table.name for table in db.metadata.sorted_tables]
    return [models[name] for name in order if name in growing]


def _bidder_key(bid: Row) -> bytes:
    # A sealed bid is found by its bidder through this key alone.
    return sealing.bidder_key(bid["lot_id"], UUID(bid["organisation"]))


def _count(look: dict[Role | None, FlaskClient]) -> dict[str, int]:
    found = {}
    for role, paths in PAGES.items():
        for path in paths:
            # In a context of its own, as a server runs it. Twice: the first time fills caches.
            Context().run(look[role].get, path)
            with statements_sent() as sent:
                answer = Context().run(look[role].get, path)
            assert answer.status_code == 200, f"{role} {path}: {answer.status_code}"
            found[f"{path} ({role or 'public'})"] = len(sent)
    return found


def _world(app: Flask) -> dict[Role | None, FlaskClient]:
    """A few of everything, and a signed-in browser for each role."""
    region = lots.make_region("K")
    charity = make_organisation(contact_email="in@harbour.example")
    homes = {OrganisationKind.REGION: region, OrganisationKind.PROVIDER: charity}
    bidding.qualify(charity)
    facts = {"buyer": region, "areas": AREAS}
    _each(lambda: bidding.submitted_bid(lots.make_open_lot(**facts), charity))
    bidding.decided_competition(**facts)
    _each(lambda: bidding.qualify(make_organisation(), state=ApplicationState.SUBMITTED))
    people = {role: _person(role, homes) for role in PAGES if role is not None}
    _each(lambda: _delivered(charity, region, acting_as(people[Role.PRACTITIONER])))
    look: dict[Role | None, FlaskClient] = {None: app.test_client()}
    for role, person in people.items():
        look[role] = app.test_client()
        sign_in(look[role], person)
    return look


def _each(make: Callable[[], Any]) -> None:
    for _number in range(EACH):
        make()


def _person(role: Role, homes: dict[OrganisationKind, Organisation]) -> Person:
    kinds = {
        Role.FRAMEWORK_MANAGER: OrganisationKind.NATIONAL,
        Role.ADMINISTRATOR: OrganisationKind.NATIONAL,
        Role.SERVICE_MANAGER: OrganisationKind.PROVIDER,
        Role.BID_MANAGER: OrganisationKind.PROVIDER,
    }
    return make_person(role, homes.get(kinds.get(role, OrganisationKind.REGION)))


def _delivered(charity: Organisation, region: Organisation, by: Any) -> None:
    """A live contract with one referral of each kind, and a draft."""
    area = make_live_contract(charity, buyer=region, places=3).areas[0].id
    caseworker = acting_as(make_person(Role.CASEWORKER, charity))
    referrals.completed(referrals.send(area, by), caseworker)
    referrals.started(referrals.send(area, by), caseworker)
    for _number in range(3):
        referrals.send(area, by)
    referrals.make_draft(area, by)
