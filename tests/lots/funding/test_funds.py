"""Funds: what is committed, spent and left in each financial year, and never over it in silence."""

from __future__ import annotations

from datetime import date

import pytest

from lots import actions as lots
from lots.funding import fund_actions
from lots.funding.books import books_of
from lots.funding.fund_actions import ROIF, load_funds
from lots.funding.models import RULES, Fund
from lots.funding.permissions import owns
from lots.models import Lot
from lots.proportionality import findings
from lots.proportionality.actions import override
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.calendar import financial_year
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.overtaken import fingerprint
from marketplace.permissions import NotYours, Refused
from tests.support.funding import (
    accept,
    budgets_from_now,
    decider_of,
    invite,
    lead_of,
    make_fund,
    make_funder,
    save,
    shares,
)
from tests.support.lots import make_lot
from tests.support.people import acting_as, make_organisation, make_person

VALUE = 360_000_00
PLENTY = 500_000_00


def _drawing(fund, state=LotState.DRAFT, **facts):
    """A lot that draws on the fund, brought to a state."""
    buyer = db.session.get_one(Organisation, fund.organisation_id)
    lot = make_lot(LotState.DRAFT, buyer=buyer, **facts)
    save(lot, {}, fund.id)
    if state is LotState.OPEN:
        _publish(lot)
    return lot


def _publish(lot):
    with write():
        lots.publish_lot(lot.id, decider_of(lot.lead_buyer))


def _years(fund):
    db.session.expire_all()
    return {each.year: each for each in books_of([fund.id])[fund.id].years()}


def _found(lot):
    db.session.expire_all()
    return findings(db.session.get_one(Lot, lot.id))


def test_a_draft_is_planned_and_an_open_lot_committed_over_its_term(region):
    fund = make_fund(region, budgets_from_now(PLENTY))
    lot = _drawing(fund)
    planned = {year: each.planned for year, each in _years(fund).items() if each.planned}
    assert sum(planned.values()) == VALUE
    assert min(planned) == financial_year(lot.starts_on)
    assert not any(each.committed for each in _years(fund).values())
    _publish(lot)
    committed = {year: each.committed for year, each in _years(fund).items() if each.committed}
    assert committed == planned
    now = _years(fund)[min(planned)]
    assert now.left == PLENTY - committed[min(planned)]


def test_the_fund_bears_the_lead_buyers_share_only(region):
    fund = make_fund(region, budgets_from_now(PLENTY))
    lot = _drawing(fund)
    funder = make_funder()
    invite(lot, funder, 60_000_00)
    accept(lot, funder, asks_to_sign=False)
    assert sum(each.planned for each in _years(fund).values()) == 300_000_00


def test_a_cancelled_lot_gives_the_money_back(region):
    fund = make_fund(region, budgets_from_now(PLENTY))
    lot = _drawing(fund, LotState.OPEN)
    with write():
        db.session.get_one(Lot, lot.id).state = LotState.CANCELLED
    assert not any(each.committed for each in _years(fund).values())


def test_a_lot_over_the_budget_does_not_open_and_says_by_how_much(region):
    fund = make_fund(region, budgets_from_now(1_000_00))
    lot = _drawing(fund)
    with pytest.raises(Refusal, match="takes more from “Local fund” than it has left: £"):
        _publish(lot)


def test_what_another_lot_has_taken_counts(region):
    fund = make_fund(region, budgets_from_now(200_000_00))
    _drawing(fund, LotState.OPEN)
    second = _drawing(fund)
    with pytest.raises(Refusal, match="takes more"):
        _publish(second)
    for year in budgets_from_now(0):
        with write():
            fund_actions.set_budget(fund.id, year, 300_000_00, lead_of(region))
    _publish(second)


def test_the_director_opens_a_lot_over_the_budget_with_a_reason(region):
    fund = make_fund(region, budgets_from_now(1_000_00))
    lot = _drawing(fund)
    director = decider_of(region)
    (over,) = [each for each in _found(lot) if each.code == "fund_over_budget"]
    with write():
        seen = fingerprint(dict(over.figures))
        override(lot.id, over.code, "The ministry raises it in spring.", seen, director)
    with write():
        lots.publish_lot(lot.id, director)
    assert db.session.get_one(Lot, lot.id).state is LotState.OPEN


def test_a_year_without_a_budget_is_said_and_does_not_block(region):
    fund = make_fund(region)
    lot = _drawing(fund)
    texts = [str(each.text) for each in _found(lot) if not each.stands]
    assert any("has no budget yet for" in text for text in texts)
    _publish(lot)


def test_a_fund_pays_for_its_services_and_in_its_days_only(region):
    narrow = make_fund(
        region,
        budgets_from_now(PLENTY),
        name="Homes only",
        services=["accommodation"],
        valid_to=clock.today(),
    )
    lot = _drawing(narrow)
    texts = " ".join(str(each.text) for each in _found(lot) if each.stands)
    assert "does not pay for this service" in texts
    assert "is not in force on the day the service starts" in texts


@pytest.mark.parametrize("has_fund", [True, False])
def test_whoever_has_a_fund_is_reminded_to_choose_it(region, has_fund):
    if has_fund:
        make_fund(region)
    lot = make_lot(LotState.DRAFT, buyer=region)
    reminded = [each for each in _found(lot) if "No fund is chosen" in str(each.text)]
    assert [each.stands for each in reminded] == [False] * has_fund


def test_nobody_pays_from_anothers_fund(region):
    other = make_fund(make_organisation(OrganisationKind.PCC))
    lot = make_lot(LotState.DRAFT, buyer=region)
    with pytest.raises(NotYours):
        save(lot, {}, other.id)


def test_every_region_has_its_innovation_fund_once(app, region):
    with write():
        load_funds()
    with write():
        assert load_funds() == 0
    found = db.session.query(Fund).filter(Fund.name == ROIF).all()
    assert len({each.region_code for each in found}) == len(found) == 12
    own = next(each for each in found if each.region_code == region.region_code)
    officer = lead_of(region)
    assert owns(officer, own)
    assert not owns(officer, next(each for each in found if each is not own))
    lot = make_lot(LotState.DRAFT, buyer=region)
    save(lot, {}, own.id)
    db.session.expire_all()
    fund = db.session.get_one(Lot, lot.id).fund
    assert not any(getattr(fund, name) for name in RULES)


def test_a_changed_budget_is_on_record(region):
    fund = make_fund(region, {2026: 100_00})
    by = lead_of(region)
    with write():
        fund_actions.set_budget(fund.id, 2026, 250_00, by)
    with write():
        fund_actions.set_budget(fund.id, 2026, 250_00, by)
    events = db.session.query(AuditEvent).filter(AuditEvent.subject_id == str(fund.id)).all()
    changed = [each.details for each in events if each.action == "fund:budget_set"]
    assert [(each["before"], each["pence"]) for each in changed] == [
        (None, 100_00),
        (100_00, 250_00),
    ]
    assert events[-1].person_id == by.person_id


def test_a_fund_is_kept_by_its_owner(region):
    fund = make_fund(region)
    stranger = lead_of(make_organisation(OrganisationKind.PCC))
    evaluator = acting_as(make_person(Role.EVALUATOR, region), region)
    for by in (stranger, evaluator):
        with pytest.raises(Refused), write():
            fund_actions.set_budget(fund.id, 2026, 1, by)
    with pytest.raises(Refusal, match="fund of this name already"):
        make_fund(region)
    assert fund.is_in_force(date(2026, 1, 1))
    assert shares(make_lot(LotState.DRAFT, buyer=region).id)[region.id] == VALUE
