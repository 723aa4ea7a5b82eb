"""A case from before owners, partners and rows of concerns is whole afterwards, and back again."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import flask_migrate
import pytest
from sqlalchemy import LargeBinary, column, select, table

from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.keyring import keyring
from referrals import clocks
from referrals.delivery.models import Attendance, CaseSession, Concern, ConcernKind, Method
from referrals.models import Caseworker, Referral, ReferralClock
from tests.support.apps import make_app
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.referrals import send, started

WORDS = "Says that Llŷr’s brother waits outside."


@pytest.fixture
def migrated(empty_database, session_folder):
    app = make_app(empty_database("cases"), session_folder)
    with app.app_context():
        flask_migrate.upgrade()
        app.test_cli_runner().invoke(args=["load-reference"], catch_exceptions=False)
        yield app
        db.session.remove()
        db.engine.dispose()


def a_case_with_a_concern() -> SimpleNamespace:
    """A case under way, whose last session raised a concern."""
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    charity = make_organisation(contact_email="in@harbour.example")
    author = acting_as(make_person(Role.PRACTITIONER, region))
    caseworker = acting_as(make_person(Role.CASEWORKER, charity))
    contract = make_live_contract(charity, buyer=region, places=2)
    case = started(send(contract.areas[0].id, author), caseworker)
    session_id = new_id()
    with write():
        db.session.add(
            CaseSession(
                id=session_id,
                referral_id=case.id,
                starts_at=clock.now() - timedelta(hours=1),
                method=Method.PHONE,
                arranged_by_id=caseworker.person_id,
                arranged_at=clock.now() - timedelta(days=1),
                attendance=Attendance.ATTENDED,
                recorded_by_id=caseworker.person_id,
                recorded_at=clock.now(),
            )
        )
        db.session.flush()
        clocks.sessions_arranged([(case.id, session_id, clock.today())], clock.today())
        db.session.add(
            Concern(
                referral_id=case.id,
                session_id=session_id,
                kind=ConcernKind.CONCERN,
                text=WORDS,
                by_id=caseworker.person_id,
                at=clock.now(),
            )
        )
    return SimpleNamespace(
        id=case.id, author_id=author.person_id, charity_id=charity.id, session_id=session_id
    )


def test_cases_owners_caseworkers_and_concerns_are_carried_over_and_back(migrated):
    case = a_case_with_a_concern()
    db.session.remove()

    flask_migrate.downgrade(revision="0013_continuity")
    old = table("referral_session", column("concern", LargeBinary()))
    with db.engine.connect() as connection:
        (stored,) = connection.scalars(select(old.c.concern)).all()
    assert keyring().decrypt("referral_session.concern", bytes(stored)).decode() == WORDS

    flask_migrate.upgrade()
    referral = db.session.get_one(Referral, case.id)
    assert referral.owner_id == referral.author_id == case.author_id
    due = select(ReferralClock.due_on).where(
        ReferralClock.referral_id == case.id, ReferralClock.stopped_on.is_(None)
    )
    assert referral.next_due_on == min(db.session.scalars(due), default=None)
    assert not referral.is_indexed
    worker = db.session.scalars(select(Caseworker)).one()
    assert worker.organisation_id == case.charity_id
    concern = db.session.scalars(select(Concern)).one()
    assert (concern.session_id, concern.text, concern.read_at) == (case.session_id, WORDS, None)
