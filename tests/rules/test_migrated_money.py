"""What had ended before claims were closed is closed, and what ended just now is not."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

prices = importlib.import_module("migrations.versions.0018_prices_and_claims")


def test_a_contract_that_ended_this_month_still_has_its_claims_to_come():
    engine, now = sa.create_engine("sqlite://"), datetime.now(UTC)
    ended = {"long ago": now - timedelta(days=63), "this month": now, "runs": None}
    ids = {name: uuid4() for name in ended}
    with engine.begin() as connection:
        columns = [sa.Column(each.name, each.type) for each in prices.CONTRACT.c]
        table = sa.Table("contract", sa.MetaData(), *columns)
        table.create(connection)
        rows = [{"id": ids[name], "ended_at": moment} for name, moment in ended.items()]
        connection.execute(sa.insert(table), rows)
        prices.settle_ended(connection)
        settled = connection.scalars(sa.select(table.c.id).where(table.c.settled_at.is_not(None)))
        assert settled.all() == [ids["long ago"]]
