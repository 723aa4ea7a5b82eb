"""Statements on screen and as CSV: each side reads its own, for any days."""

from __future__ import annotations

import csv
from io import StringIO
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lots.contracts.books import contributions
from lots.contracts.books.models import Contribution, ContributionState
from lots.contracts.books.owing import came_back, owe
from lots.contracts.models import Contract
from marketplace import clock
from marketplace.database import db, write
from marketplace.payments.actions import Cause
from tests.support.people import sign_in
from tests.support.statements import statements_sent


@pytest.fixture
def moved(shared):
    """£1,000.01 and VAT was approved; £90 came back."""
    with write():
        contract = db.session.get_one(Contract, shared.id)
        owe(
            contract,
            Cause("claim:approved", uuid4()),
            net=1_000_01,
            vat=200_00,
            owed_from=clock.today(),
            about="October",
            by=None,
        )
        came_back(contract, Cause("grant:returned", uuid4()), 90_00, None)
    return shared


def table(answer):
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


def test_the_provider_reads_what_it_is_owed_and_not_who_pays_for_it(moved, sides, client):
    sign_in(client, sides.people["finance"])
    page = client.get(f"/contracts/{moved.id}/statement").page.text
    assert "£910.01" in page, "what was approved less what came back"
    assert "£1,200.01" in page, "owed with VAT"
    assert "Kent PCC" not in page
    rows = table(client.get(f"/contracts/{moved.id}/statement.csv"))
    assert {row["cause"] for row in rows if row["row"] == "movement"} == {
        "claim:approved",
        "claim:approved:vat",
        "grant:returned",
    }
    answer = client.get(f"/statements/providers/{sides.charity.id}")
    assert moved.reference in answer.page.text
    assert "£1,200.01" in answer.page.text
    assert client.get(f"/statements/funders/{moved.pcc.id}").status_code == 403


def test_the_buyer_and_the_auditor_read_who_pays_and_a_funder_only_its_own(moved, sides, client):
    for person in (sides.people["contract_manager"], moved.people["auditor"]):
        sign_in(client, person)
        page = client.get(f"/contracts/{moved.id}/statement").page.text
        assert "Kent PCC" in page
        assert "Garden Fund" in page
    sign_in(client, moved.people["pcc"])
    assert client.get(f"/contracts/{moved.id}/statement").status_code == 404
    page = client.get(f"/statements/funders/{moved.pcc.id}").page.text
    assert "£333" in page, "its share of what is owed, less its part of what came back"
    assert "Garden Fund" not in page
    assert client.get(f"/statements/funders/{moved.fund.id}").status_code == 404
    rows = table(client.get(f"/statements/funders/{moved.pcc.id}.csv"))
    assert {row["contract"] for row in rows if row["row"] == "movement"} == {moved.reference}
    closing = {row["what"]: row["pounds"] for row in rows if row["row"] == "closing"}
    assert closing["Due from funders"] == "333.00"


@pytest.mark.parametrize(
    "asked",
    [
        "first=&last=",
        "first=2026-13-99&last=x",
        "first=0001-01-01&last=9999-12-31",
        "first=2030-01-01&last=2026-01-01",
        "first=2026-01-01&last=9999-12-31&page=999999",
        "_scheme=x&_external=1&contract_id=1&first=2001-01-01",
        "first=%00%F0%9F%92%B7&last='; DROP TABLE posting; --",
    ],
)
def test_any_days_are_answered_and_nonsense_says_what_is_expected(moved, sides, client, asked):
    sign_in(client, sides.people["contract_manager"])
    for ending in ("", ".csv"):
        answer = client.get(f"/contracts/{moved.id}/statement{ending}?{asked}")
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            assert b"day" in answer.data


def test_days_before_anything_moved_are_empty_and_those_after_begin_with_the_sums(
    moved, sides, client
):
    sign_in(client, sides.people["finance"])
    page = client.get(f"/contracts/{moved.id}/statement?first=2001-01-01&last=2001-12-31")
    assert "No money has moved up to the end of these days." in page.page.text
    ahead = clock.today().replace(year=clock.today().year + 1, day=1)
    rows = table(client.get(f"/contracts/{moved.id}/statement.csv?first={ahead}&last={ahead}"))
    assert {row["row"] for row in rows} == {"opening", "closing"}
    assert {row["pounds"] for row in rows if row["what"] == "Approved, net"} == {"910.01"}


def test_a_funders_part_of_what_came_back_is_recorded_once(moved, sides, client):
    sign_in(client, sides.people["contract_manager"])
    page = f"/contracts/{moved.id}/statement"
    assert "To be given back to funders" in client.get(page).page.text
    wanted = Contribution.state == ContributionState.TO_GIVE_BACK
    ids = db.session.scalars(select(Contribution.id).where(wanted)).all()
    assert len(ids) == 2
    seen = client.show(page)
    for funder in ("Garden Fund", "Kent PCC"):
        answer = client.submit(seen, f"Given back {funder}")
        assert "Recorded as given back." in answer.page.text
        answer = client.submit(seen, f"Given back {funder}")
        assert answer.status_code == 409, "a second press does nothing"
    assert db.session.scalar(select(func.count()).where(wanted)) == 0
    assert "To be given back to funders" not in client.get(page).page.text


def test_a_statement_costs_the_same_however_much_has_moved(moved, sides, client):
    sign_in(client, sides.people["contract_manager"])
    page = f"/contracts/{moved.id}/statement"
    counts = []
    for _time in range(3):
        with statements_sent() as sent:
            assert client.get(page).status_code == 200
        counts.append(len(sent))
        with write():
            contract = db.session.get_one(Contract, moved.id)
            for _each in range(5):
                came_back(contract, Cause("grant:returned", uuid4()), 1_00, None)
            rows = db.session.scalars(
                select(Contribution).where(Contribution.state == ContributionState.TO_GIVE_BACK)
            ).all()
            for row in rows:
                contributions.give_back(row, None)
    # The first reads what a process reads once, and is of other causes.
    assert counts[1] == counts[2]
