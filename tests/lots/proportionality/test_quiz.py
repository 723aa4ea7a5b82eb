"""Worth bidding for you? Five answers, an answer with reasons, nothing kept, nobody refused."""

from __future__ import annotations

import pytest

from lots.models import LotDemand
from lots.proportionality.burden import Asked, reckoned
from lots.proportionality.quiz import Answers, Fit, Kind, Ready, Where, readings, verdict
from lots.vocabulary import Demand, LotState, Transfer
from marketplace.organisations.models import IncomeBand
from tests.lots.proportionality.worked import sound
from tests.support.lots import make_lot
from tests.support.proportionality import shipped_policy
from tests.support.statements import statements_sent

GOOD = {
    "where": Where.ALL,
    "kind": Kind.NOW,
    "income": IncomeBand.TO_1M,
    "ready": Ready.YES,
    "hours": 20,
}


def _fits(lot=None, **answers):
    lot = lot or sound()
    meter = reckoned(Asked(1, 500, 0, 0), shipped_policy(), 6, None, [])
    return [each.fit for each in readings(lot, Answers(**GOOD | answers), meter)]


def test_all_that_fits_looks_worth_it(app):
    assert _fits() == [Fit.GOOD] * 5


# The lot is worth £100,000 a year, and a bid takes 8 hours (7.5 rounded).
CASES = [
    (0, {"where": Where.SOME}, Fit.SETTLE),
    (0, {"where": Where.NONE}, Fit.HARD),
    (1, {"kind": Kind.CLOSE}, Fit.SETTLE),
    (1, {"kind": Kind.NEW}, Fit.HARD),
    (2, {"income": IncomeBand.UNDER_10K}, Fit.HARD),
    (2, {"income": IncomeBand.TO_100K}, Fit.SETTLE),
    (2, {"income": IncomeBand.OVER_10M}, Fit.GOOD),
    (3, {"ready": Ready.PARTLY}, Fit.SETTLE),
    (3, {"ready": Ready.NO}, Fit.HARD),
    (4, {"hours": 8}, Fit.GOOD),
    (4, {"hours": 7}, Fit.SETTLE),
    (4, {"hours": 3}, Fit.HARD),
]


@pytest.mark.parametrize(("place", "answers", "fit"), CASES)
def test_each_answer_is_read_against_the_lot(app, place, answers, fit):
    assert _fits(**answers)[place] is fit


def test_a_turnover_beyond_the_band_is_hard_and_moving_staff_is_to_settle(app):
    asks = [LotDemand(kind=Demand.TURNOVER, least_pence=2_000_000_00)]
    assert _fits(sound(demands=asks))[2] is Fit.HARD
    assert _fits(sound(transfer=Transfer.MAY))[3] is Fit.SETTLE


def test_it_never_says_no(app):
    worst = {
        "where": Where.NONE,
        "kind": Kind.NEW,
        "income": IncomeBand.UNDER_10K,
        "ready": Ready.NO,
        "hours": 0,
    }
    meter = reckoned(Asked(1, 500, 0, 0), shipped_policy(), 6, None, [])
    assert "partner" in verdict(readings(sound(), Answers(**worst), meter))


def test_anybody_answers_without_an_account_and_nothing_is_written(client):
    lot = make_lot(LotState.OPEN)
    page = client.show(f"/opportunities/{lot.id}")
    assert "Worth bidding for you?" in page.text
    url = f"/opportunities/{lot.id}/worth-it"
    answers = {
        "where": "some",
        "kind": "now",
        "income": "100k_to_1m",
        "ready": "yes",
        "hours": "4",
    }
    with statements_sent() as statements:
        answer = client.submit(url, "See what it looks like", answers)
    assert "you may bid whatever it says" in answer.page.text
    assert "You could bid for a part of the areas" in answer.page.text
    assert not [
        each
        for each in statements
        if str(each).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert dict(answer.page.form("See what it looks like").values())["where"] == "some"


def test_what_is_left_out_is_asked_for_and_the_rest_is_kept(client):
    lot = make_lot(LotState.OPEN)
    url = f"/opportunities/{lot.id}/worth-it?where=some&hours=many&income=a-lot&kind=now"
    page = client.show(url)
    for words in ("There is a problem", "Select whether you could start", "whole number"):
        assert words in page.text
    assert dict(page.form("See what it looks like").values())["kind"] == "now"


def test_a_draft_has_no_quiz(client):
    lot = make_lot(LotState.DRAFT)
    client.show(f"/opportunities/{lot.id}/worth-it", 404)
