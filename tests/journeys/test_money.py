"""The journeys of money, one after another, over HTTP: each step says what it cares about."""

from __future__ import annotations

from marketplace import audit
from marketplace.database import db
from tests.journeys import money_early, money_monday, money_shared
from tests.journeys.money_scene import set_up
from tests.support import apps
from tests.support.databases import NewDatabase


def test_from_an_award_to_a_partner_that_confirms(new_database: NewDatabase, session_folder):
    app = apps.make_app(new_database("money"), session_folder)
    with app.app_context():
        scene = set_up(app)
        for step in (*money_early.STEPS, *money_monday.STEPS, *money_shared.STEPS):
            step(scene)
            db.session.remove()
        assert audit.verify().holds
