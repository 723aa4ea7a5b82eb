"""Months are kept once and never change; two far off open one review, which the buyer ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm.attributes import set_committed_value

from lots.contracts.changes import actions as changing
from lots.contracts.changes.models import ChangeKind
from lots.contracts.delivery import months, queries, reviewing
from lots.contracts.delivery.lifecycle import REVIEW
from lots.contracts.delivery.models import ContractFigure, ContractMonth, PriceReview
from lots.contracts.delivery.vocabulary import MEASURE, Indicator, ReviewState
from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import Refused
from marketplace.registry import measures
from tests.support.claims import starts
from tests.support.contracts import make_live_contract
from tests.support.life import keep_month, last_months, open_review
from tests.support.mails import mails_to
from tests.support.people import sign_in

FIRST = datetime(2027, 3, 1, tzinfo=UTC)
ROUNDS = [
    *(datetime(2027, month, 7, tzinfo=UTC) for month in (4, 5)),
    datetime(2027, 5, 20, tzinfo=UTC),
]


@pytest.fixture
def counted(app, monkeypatch):
    """What the floor above counts: three starts each month, nine of ten of everything."""
    told: dict[str, Any] = {"starts": 3, "pair": (9, 10, 4)}
    monkeypatch.setitem(
        measures(),
        "delivered",
        lambda contract_id, first, last: starts(
            contract_id, first, map("KT{:04}AC".format, range(told["starts"]))
        ),
    )
    monkeypatch.setitem(
        measures(), MEASURE, lambda contract_id, first, last: dict.fromkeys(Indicator, told["pair"])
    )
    return told


def since_march(sides, **facts):
    contract = make_live_contract(sides.charity, buyer=sides.region, **facts)
    with write():
        for model, extra in ((Contract, {"live_at": FIRST}), (ContractArea, {})):
            column = model.id if model is Contract else model.contract_id
            values = {"starts_on": FIRST.date(), "ends_on": FIRST.date().replace(year=2030)}
            db.session.execute(update(model).where(column == contract.id).values(**values, **extra))
    return contract


def reviews(contract):
    found = select(PriceReview).where(PriceReview.contract_id == contract.id)
    return db.session.scalars(found).all()


def opened(contract):
    with write():
        return reviewing.open_review(contract.id)


def test_a_month_is_kept_once_with_its_figures_and_nothing_changes_it(sides, counted):
    contract = since_march(sides, starts_medium=4)
    assert months.keep_months(datetime(2027, 4, 5, 12, tzinfo=UTC)) == 0
    assert months.keep_months(datetime(2027, 5, 7, tzinfo=UTC)) == 2
    counted["starts"] = 40
    assert months.keep_months(datetime(2027, 5, 7, tzinfo=UTC)) == 0
    kept = reviewing.kept_months(contract.id)
    assert [(each.expected, each.starts, each.is_whole) for each in kept] == [(4, 3, True)] * 2
    assert queries.total_of(contract.id).shares[Indicator.ATTENDED].percent == 90
    for model in (ContractMonth, ContractFigure):
        with pytest.raises(DatabaseError, match="append-only"), write():
            db.session.execute(update(model).values({next(iter(model.__table__.c)): None}))


@settings(max_examples=6)
@given(order=st.permutations(ROUNDS), again=st.lists(st.sampled_from(ROUNDS), max_size=4))
def test_a_review_opens_exactly_once_however_often_and_late_the_job_runs(
    sides, counted, order, again
):
    contract = since_march(sides, starts_medium=10)
    for moment in [*order, *again, ROUNDS[-1]]:
        months.keep_months(moment)
    assert len(reviews(contract)) == 1


def test_a_contract_without_expectation_is_never_reviewed(sides, counted):
    contract = since_march(sides)
    months.keep_months(datetime(2027, 6, 7, tzinfo=UTC))
    assert not reviews(contract)


def test_the_notice_of_one_area_does_not_silence_the_review_of_the_others(sides, counted):
    contract = since_march(sides, starts_medium=10, area_codes=("kent", "sussex"))
    with write():
        kent = db.session.get_one(ContractArea, contract.areas[0].id)
        kent.stopped_at = FIRST.replace(month=4, day=15)
    months.keep_months(datetime(2027, 5, 7, tzinfo=UTC))
    kept = reviewing.kept_months(contract.id)
    assert [(each.expected, each.is_whole) for each in kept] == [(10, True), (8, True)]
    assert len(reviews(contract)) == 1


def test_a_review_is_told_to_both_sides_and_ended_by_a_change_proposed_since(sides, live, again):
    review_id = open_review(live.id).id
    for role in ("contract_manager", "service_manager"):
        assert mails_to(sides.people[role].email)[-1].template.endswith("review_opened.txt")
    with pytest.raises(Refusal, match="Propose the change first"), write():
        reviewing.agree(review_id, sides.contract_manager)
    asked = {"places": {str(live.areas[0].id): 10}}
    day = clock.today() + timedelta(days=10)
    with write():
        proposal = changing.Proposal(ChangeKind.PLACES, asked, "Fewer came.", day)
        change_id = changing.propose(live.id, proposal, sides.contract_manager).id
    with write():
        reviewing.agree(review_id, sides.contract_manager)
    review = again(PriceReview, review_id)
    assert (review.state, review.change_id) == (ReviewState.AGREED, change_id)
    with pytest.raises(AlreadyChanged), write():
        reviewing.close(review_id, "Late.", sides.contract_manager)


def test_months_reviewed_call_for_no_second_review_and_later_ones_do(sides, live):
    review_id = open_review(live.id).id
    with write():
        reviewing.close(review_id, "A cold winter.", sides.contract_manager)
    assert not opened(live)
    this = last_months(1)[0]
    for number in (2, 3):
        keep_month(live.id, months.months_later(this, number), 2, 10)
    assert opened(live)
    count = select(func.count()).where(PriceReview.contract_id == live.id)
    assert db.session.scalar(count) == 2


@pytest.mark.parametrize("state", ReviewState)
def test_who_may_take_which_step_of_a_review(sides, live, again, state):
    review = again(PriceReview, open_review(live.id).id)
    for role in ("director", "contract_manager", "commissioning_officer", "service_manager"):
        by = getattr(sides, role)
        set_committed_value(review, "state", state)
        expected = ["close"] if (role, state) == ("contract_manager", ReviewState.OPEN) else []
        assert [step.name for step in REVIEW.offers(review, by)] == expected, role
    if state is ReviewState.OPEN:
        with pytest.raises(Refused), write():
            reviewing.close(review.id, "No.", sides.trustee)


def test_both_sides_see_the_months_and_the_public_only_what_is_not_small(
    sides, live, client, counted
):
    first, second = last_months(2)
    # One case counts twice for every outcome: twelve outcomes may be six people's.
    keep_month(live.id, first, 6, 10, of=12, people=6)
    sign_in(client, sides.people["service_manager"])
    page = client.get(f"/contracts/{live.id}")
    assert "How it goes" in page.text and "12 of 12" in page.text
    public = client.get(f"/published-contracts/{live.id}").text
    assert "Too few to show" in public and "100%" not in public
    keep_month(live.id, second, 6, 10, of=12, people=10)
    assert "100%" in client.get(f"/published-contracts/{live.id}").text


def test_a_review_is_closed_on_screen_with_its_reason(sides, live, client):
    review_id = open_review(live.id).id
    sign_in(client, sides.people["contract_manager"])
    page = f"/contracts/reviews/{review_id}"
    wrong = client.submit(f"{page}/end", "End the review", outcome="closed", reason="")
    assert "Enter why nothing changes" in wrong.page.text
    done = client.submit(f"{page}/end", "End the review", outcome="closed", reason="Snow & ice")
    assert "Snow & ice" in done.page.text


def test_a_review_says_what_called_for_it_however_many_months_have_followed(sides, live, client):
    review_id = open_review(live.id).id
    for number in range(1, 14):
        keep_month(live.id, months.months_later(last_months(1)[0], number), 5, 5)
    sign_in(client, sides.people["service_manager"])
    page = client.get(f"/contracts/reviews/{review_id}").text
    assert page.count("2 started, 10 expected") == 2 and "5 started" not in page
