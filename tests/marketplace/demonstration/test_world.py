"""The demonstration world: something true in every list, built once, finished when interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lots.contracts.claims.models import Claim, ClaimLine, ClaimState, LineKind
from lots.contracts.models import ContractArea
from lots.models import Lot
from lots.vocabulary import LotState, Source
from marketplace import audit, calendar, clock, demonstration
from marketplace.accounts.models import Membership, Person
from marketplace.acting import Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.payments.paying.models import Payment, PaymentState
from marketplace.payments.reconciling.models import Mismatch, MismatchState
from marketplace.registry import demonstration as parts
from referrals.codes import ReferralState
from referrals.models import Referral, ReferralClock
from tests.support import apps
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def built(new_database: NewDatabase, session_folder: Path) -> Flask:
    """The world, built after a first attempt that was killed in its middle."""
    app = apps.make_app(new_database("world"), session_folder, demonstration=True)
    with app.app_context():
        _killed_in_the_middle(app)
        demonstration.build()
    return app


def _killed_in_the_middle(app: Flask) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    registered = parts(app)
    whole = list(registered)
    last = max(registered, key=lambda part: part.position)
    registered[:] = [
        part if part is not last else type(part)(part.name, die, part.position) for part in whole
    ]
    with pytest.raises(Killed):
        demonstration.build()
    registered[:] = whole


@pytest.fixture
def world(built: Flask) -> Iterator[Flask]:
    with built.app_context():
        yield built


def _count(*what: object) -> int:
    return db.session.scalar(select(func.count()).where(*what)) or 0


def test_everybody_has_an_account_and_every_role_is_there(world: Flask) -> None:
    held = set(
        db.session.scalars(select(Membership.role).join(Person).where(Person.is_demonstration))
    )

    assert held == set(Role)


def test_every_invented_organisation_says_so(world: Flask) -> None:
    invented = select(Organisation).where(Organisation.source == "own")

    for organisation in db.session.scalars(invented):
        assert organisation.is_demonstration
        assert organisation.name.endswith("(demonstration)")


def test_lots_of_every_kind_are_there_to_look_at(world: Flask) -> None:
    own = select(Lot.state, func.count()).where(Lot.source == Source.OWN).group_by(Lot.state)
    counted = dict(db.session.execute(own).all())

    assert counted[LotState.OPEN] == 3
    assert counted[LotState.PLANNED] == 4
    assert counted[LotState.APPROVED] == 1
    for state in (
        LotState.DRAFT,
        LotState.CLOSED,
        LotState.EVALUATING,
        LotState.RECOMMENDED,
        LotState.STANDSTILL,
        LotState.AWARDED,
        LotState.NO_AWARD,
    ):
        assert counted[state], state


def test_open_lots_close_in_the_future_and_closed_ones_did_not(world: Flask) -> None:
    now = clock.now()
    for lot in db.session.scalars(select(Lot).where(Lot.source == Source.OWN)):
        if lot.published_at is not None and lot.closes_at is not None:
            assert (lot.state == LotState.OPEN) == (lot.closes_at > now), lot.title


def test_referrals_stand_in_every_state_and_some_are_overdue(world: Flask) -> None:
    states = set(db.session.scalars(select(Referral.state)))
    overdue = (
        ReferralClock.stopped_on.is_(None),
        ReferralClock.paused_on.is_(None),
        ReferralClock.due_on < clock.today(),
    )

    assert states == set(ReferralState)
    assert _count(*overdue)


def test_a_place_is_held_for_each_open_referral_and_for_no_other(world: Flask) -> None:
    held = db.session.scalar(select(func.sum(ContractArea.reserved)))
    open_states = (
        ReferralState.SENT,
        ReferralState.QUERY,
        ReferralState.ACCEPTED,
        ReferralState.ACTIVE,
        ReferralState.CONCLUDING,
    )

    assert held == _count(Referral.state.in_(open_states))


def test_somebody_waits_only_where_every_place_is_taken(world: Flask) -> None:
    waiting = select(Referral.contract_area_id).where(
        Referral.state == ReferralState.WAITING,
        # Somebody in prison whose first possible day has not come waits beside free places.
        Referral.reserve_from.is_(None) | (Referral.reserve_from <= clock.today()),
    )
    areas = db.session.scalars(select(ContractArea).where(ContractArea.id.in_(waiting))).all()

    assert areas
    assert all(area.free == 0 for area in areas)


def test_of_this_months_claims_each_waits_for_somebody_else(world: Flask) -> None:
    since = calendar.start_of(clock.today().replace(day=1))
    exported = select(Payment.cause_id).where(Payment.state == PaymentState.EXPORTED)
    of_this_month = select(Claim.state, Claim.id.in_(exported)).where(Claim.computed_at >= since)
    stand = [tuple(row) for row in db.session.execute(of_this_month)]

    assert stand.count((ClaimState.APPROVED, True)) == 1
    assert (ClaimState.COMPUTED, False) in stand
    # What is above the limit, a fee in advance, waits for the second person.
    assert (ClaimState.SECOND, False) in stand
    assert (ClaimState.QUERIED, False) in stand


def test_a_claim_takes_back_a_start_that_was_put_right(world: Flask) -> None:
    taken_back = select(ClaimLine).where(ClaimLine.quantity < 0, ClaimLine.kind == LineKind.START)

    [line] = db.session.scalars(taken_back)
    assert line.is_adjustment and line.claim.total_pence > 0


def test_one_difference_from_stripe_is_found_and_is_somebodys(world: Flask) -> None:
    [difference] = db.session.scalars(select(Mismatch))

    assert (difference.state, difference.pence_there) == (MismatchState.OPEN, -35_00)
    assert difference.owner_id is not None


def test_nothing_that_happened_lies_in_the_future(world: Flask) -> None:
    now = clock.now()

    assert _count(audit.AuditEvent.at > now) == 0
    assert _count(Referral.sent_at > now) == 0


def test_building_again_keeps_what_is_there(world: Flask) -> None:
    before = _count(audit.AuditEvent.number > 0)
    demonstration.build()

    assert _count(audit.AuditEvent.number > 0) == before
    assert audit.verify().holds


def test_the_world_says_nothing_outside_demonstration_mode(
    new_database: NewDatabase, session_folder: Path
) -> None:
    app = apps.make_app(new_database("no-world"), session_folder)

    for path in ("/demonstration/clock", "/demonstration/mails"):
        assert app.test_client().get(path).status_code == 404
