"""What was decided, signed and told before contracts lived here is found again afterwards."""

from __future__ import annotations

import flask_migrate
import pytest
from sqlalchemy import select

from bids.awards.queries import award_of
from bids.evaluation.models import PanelCriterion, PanelMember
from lots.contracts.agreement.models import SignedText
from lots.contracts.models import Contract
from lots.notices.models import Notice
from marketplace.database import db
from tests.support.apps import make_app
from tests.support.bids import decided_competition


@pytest.fixture
def migrated(empty_database, session_folder):
    app = make_app(empty_database("awards"), session_folder)
    with app.app_context():
        flask_migrate.upgrade()
        app.test_cli_runner().invoke(args=["load-reference"], catch_exceptions=False)
        yield app
        db.session.remove()
        db.engine.dispose()


def test_seats_and_awards_of_before_are_whole_afterwards(migrated):
    lot_id = decided_competition().lot.id
    db.session.remove()

    flask_migrate.downgrade(revision="0010_written_together")
    flask_migrate.upgrade()

    award = award_of(lot_id)
    assert award is not None
    assert award.summaries_sent_at == award.decided_at
    criteria = {each.id for each in award.lot.criteria}
    seats = db.session.scalars(select(PanelMember)).all()
    assert seats
    for seat in seats:
        held = select(PanelCriterion.criterion_id).where(PanelCriterion.member_id == seat.id)
        assert set(db.session.scalars(held)) == criteria
        assert not seat.lived
    assert {each.buyer_id for each in db.session.scalars(select(Notice))} == {
        award.lot.lead_buyer_id
    }
    for contract in db.session.scalars(select(Contract).where(Contract.signed_at.is_not(None))):
        kept = select(SignedText.text).where(SignedText.contract_id == contract.id)
        assert db.session.scalars(kept).all() == [contract.text]
