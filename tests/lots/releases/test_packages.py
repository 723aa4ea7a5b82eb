"""Everything published at once: the field's validator and our own rules find nothing."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bids.awards.jobs import confirm_due
from bids.challenges import actions as challenges
from bids.challenges.models import Outcome
from lots.contracts import actions as signing
from lots.contracts.claims import actions as claims
from lots.contracts.claims.models import Claim, ClaimLine, LineKind
from lots.contracts.delivery.models import ContractFigure, ContractMonth
from lots.contracts.delivery.vocabulary import Happening, Indicator
from lots.contracts.models import Contract, ContractState
from lots.market.load import DAY_ONE, load_awards
from lots.market.queries import live_contracts
from lots.releases import queries
from lots.releases.packages import record_package, release_package
from lots.vocabulary import LotState, Route
from marketplace import clock, events
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.payments.paying import outside
from tests.support import ocds, ocds_rules
from tests.support.bids import decided_competition
from tests.support.challenges import bidder_of, challenged, pass_days
from tests.support.claims import payment_of
from tests.support.competition import (
    answer,
    approved_lot,
    asked,
    clarified,
    corrected,
    director_of,
    materially_changed,
    officer_of,
)
from tests.support.lots import make_lot, make_open_lot
from tests.support.people import acting_as, make_person

PREFIX = "ocds-dfmkt0"
DAY_ONE_POUNDS = 196074277


MONTH = date(2026, 5, 1)
LIFE = [
    ["tender"],
    ["award", "contract"],
    ["awardUpdate"],
    ["awardUpdate"],
    ["awardUpdate"],
    ["awardUpdate", "contractUpdate"],
    ["implementation"],
    ["implementationUpdate"],
    ["contractTermination"],
]
BACK = [
    ["tender"],
    ["award", "contract"],
    ["awardUpdate"],
    ["awardCancellation", "contractTermination"],
]


def record_of(records, competition):
    ocid = f"{PREFIX}-{competition.lot.reference}"
    return next(each for each in records.items if each["ocid"] == ocid)


def tags(records, competition):
    return [each["tag"] for each in record_of(records, competition)["releases"]]


def compiled(records, competition):
    return record_of(records, competition)["compiledRelease"]


def everything():
    return queries.releases(0, size=10_000), queries.records(0, size=10_000)


def live_through_a_competition():
    """Every public step of lots: planned, opened, asked, changed, ended, decided."""
    make_lot(LotState.PLANNED)
    approved_lot()
    lot = make_open_lot()
    answer(asked(lot), officer_of(lot), "Yes: “both” may.")
    corrected(lot)
    clarified(lot)
    materially_changed(lot, values={"summary": "Support for women, and for their children."})
    make_lot(LotState.NO_AWARD)
    make_lot(LotState.CANCELLED)
    return lot, decided_competition(), decided_competition(route=Route.GRANT)


def award_and_live_through():
    """An award after a challenge; its contract signed, paid, measured, and run out."""
    competition = decided_competition()
    dismissed = challenged(competition, 1)
    director = competition.acting(competition.director)
    with write():
        challenges.dismiss(dismissed, "It was read as it was asked.", director)
    pass_days(30)
    confirm_due(clock.now())
    found = select(Contract).where(Contract.lot_id == competition.lot.id)
    contract = db.session.scalars(found).one()
    for by in (bidder_of(competition, 0, Role.TRUSTEE), director_of(competition.lot)):
        with write():
            signing.sign(contract.id, by.name, contract.text_hash, by)
    with write():
        _month(
            contract.id,
            acting_as(make_person(Role.CONTRACT_MANAGER, competition.buyer), competition.buyer),
        )
    with write():
        held = db.session.get_one(Contract, contract.id)
        held.state, held.live_at, held.ends_on = ContractState.LIVE, clock.now(), held.starts_on
    pass_days(500)
    with write():
        signing.run_out(contract.id)
    return competition


def _month(contract_id, manager):
    claim = Claim(
        contract_id=contract_id,
        month=MONTH,
        computed_at=clock.now(),
        due_on=clock.today(),
        law_due_on=clock.today(),
    )
    claim.lines = [
        ClaimLine(
            position=1,
            kind=LineKind.MONTHLY_FEE,
            month=MONTH,
            quantity=1,
            unit_pence=9_000_00,
            amount_pence=9_000_00,
        )
    ]
    figure = ContractFigure(indicator=Indicator.CONTACT, numerator=9, denominator=12, people=10)
    few = ContractFigure(indicator=Indicator.ATTENDED, numerator=9, denominator=40, people=9)
    month = ContractMonth(
        contract_id=contract_id, month=MONTH, starts=3, is_whole=True, kept_at=clock.now()
    )
    month.figures = [figure, few]
    db.session.add_all([claim, month])
    db.session.flush()
    events.emit(Happening.MONTH_KEPT, month, None)
    claims.approve(claim.id, manager)
    outside.record([payment_of(claim.id).id], clock.today(), "BACS 1", manager)


def take_an_award_back():
    """An award that a challenge brings down, and the second one that follows."""
    competition = decided_competition()
    upheld = challenged(competition, 1)
    director = competition.acting(competition.director)
    with write():
        challenges.uphold(upheld, Outcome.RANKING, "Question 2 is ranked again.", director)
    return competition


def test_neither_the_validator_nor_our_rules_find_anything(app):
    live_through_a_competition()
    lived = award_and_live_through()
    reopened = take_an_award_back()
    releases, records = everything()
    assert not [each for record in records.items for each in ocds_rules.problems(record)]
    assert tags(records, lived) == LIFE
    assert tags(records, reopened) == BACK
    (award,) = compiled(records, reopened)["awards"]
    assert award["status"] == "cancelled"
    (awarded,) = compiled(records, lived)["awards"]
    assert "Standstill over" in [each["description"] for each in awarded["amendments"]]
    assert "description" not in awarded
    assert [each["noticeType"] for each in awarded["documents"]] == ["F21"]
    (contract,) = compiled(records, lived)["contracts"]
    assert contract["status"] == "terminated" and contract["dateSigned"]
    assert [each["id"] for each in contract["implementation"]["metrics"]] == ["contact"]
    assert contract["implementation"]["transactions"][0]["value"]["amount"] == 9000
    if db.engine.dialect.name != "sqlite":
        return  # what is published does not hang on the database, and the validator is slow
    assert not ocds.findings(release_package("/releases.json", releases.at, releases.items))
    assert not ocds.findings(record_package("/records.json", records.at, records.items))


def test_the_published_awards_are_in_it_and_add_up_to_the_market_report(app):
    with write():
        load_awards(DAY_ONE)
    releases, records = everything()
    found = [each for each in records.items if each["ocid"] != f"{PREFIX}-DF"]
    assert len(found) == 66
    contracts = [each["compiledRelease"]["contracts"][0] for each in found]
    assert sum(each["value"]["amount"] for each in contracts) == DAY_ONE_POUNDS
    day = date(2021, 7, 1)
    live = {each.line: each.value_pence for each in live_contracts(day)}
    assert sum(live.values()) == DAY_ONE_POUNDS * 100
    assert not [each for record in found for each in ocds_rules.problems(record)]
    first = min(releases.items[1:], key=lambda each: each["id"])
    assert (first["ocid"], first["id"]) == (f"{PREFIX}-D1-001", "D1-001-1")
    assert first["date"] == "2021-05-30T23:00:00.000Z"
    # By the day that a release tells of, though all of them became public today.
    dated = list(queries.streamed(2021, queries.newest()))
    assert len(dated) >= 66 and {each["date"][:4] for each in dated} == {"2021"}
    changed = [each for contract in contracts for each in contract.get("amendments", ())]
    assert any("No longer in: " in each["description"] for each in changed)
    with write():
        load_awards(DAY_ONE)
    assert queries.newest() == len(releases.items)
