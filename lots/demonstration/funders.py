"""A lot paid for by three, one of whose signatures is still waited for; and a fund near its limit.

Told after the lots, so that the money they take is known.
"""

from __future__ import annotations

from datetime import timedelta

from lots.demonstration.data import Told
from lots.demonstration.funding import SERVICES_FUND, fund_of, keeper
from lots.demonstration.lots import each_found
from lots.funding import actions, cosigning, fund_actions
from lots.funding.books import books_of
from lots.funding.models import FunderState
from lots.funding.signing import terms_hash
from lots.models import Lot
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.calendar import financial_year
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, moment_of, on_the_day, organisation

TOGETHER = "families-north-east"
# (funder, pounds, whether it asks to sign)
SHARES = (("commissioner", 30_000, True), ("funder", 12_500, True))
SIGNED_BY = "funder"
GRANT_TEST = dict.fromkeys(("specify", "control", "ordered", "penalties", "profit", "market"), "no")
NEARLY_SPENT = "wales"
LEFT_POUNDS = 4_000


def build() -> None:
    """Share the lot out, have one of two signatures given, and lower one budget."""
    each_found(_share, TOGETHER)
    with write():
        _lower_budget()


def _share(told: Told, lot: Lot) -> None:
    if lot.funders:
        return
    officer = keeper(told.buyer)
    today = clock.today()
    with on_the_day(moment_of(today - timedelta(days=3))):
        actions.save_grant_test(lot.id, GRANT_TEST, officer)
        for key, pounds, _asks in SHARES:
            note = "We spoke on the phone: two years, as in the plan you saw. Please answer soon."
            actions.invite(lot.id, organisation(key).id, pounds * 100, note, officer)
    with on_the_day(moment_of(today - timedelta(days=2))):
        for key, pounds, asks in SHARES:
            actions.accept(lot.id, pounds * 100, asks, _lead(key))
    with on_the_day(moment_of(today - timedelta(days=1))):
        cosigning.ask_to_sign(lot.id, officer)
        db.session.flush()
        decider = acting_for(SIGNED_BY, Role.DECISION_MAKER)
        cosigning.sign_publication(lot.id, terms_hash(lot), decider)
    assert all(each.state == FunderState.ACCEPTED for each in lot.funders)


def _lead(key: str) -> Acting:
    return acting_for(key, Role.COMMISSIONER_LEAD)


def _lower_budget() -> None:
    """So little is left this year that the next lot planned there will not fit."""
    fund = fund_of(NEARLY_SPENT, SERVICES_FUND)
    if fund is None:
        return
    year = financial_year(clock.today()) + 1
    figures = {each.year: each for each in books_of([fund.id])[fund.id].years()}
    now = figures.get(year)
    if now is not None and now.committed and now.left > LEFT_POUNDS * 100:
        budget = (now.committed // 1_000_00 + 1) * 1_000_00 + LEFT_POUNDS * 100
        fund_actions.set_budget(fund.id, year, budget, keeper(NEARLY_SPENT))
