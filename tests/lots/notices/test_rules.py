"""Which notice is due when, its check, and what may stand here before the platform has it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest
from sqlalchemy import select, update

from lots import queries
from lots.contracts.books import owing
from lots.contracts.claims.actions import APPROVED_CAUSE
from lots.contracts.claims.models import Claim, ClaimState
from lots.models import Lot
from lots.notices import carriers, periodic, posting
from lots.notices.due import DUE, is_due
from lots.notices.models import Notice, is_held
from lots.notices.schemas import problems
from lots.notices.vocabulary import NoticeKind, NoticeState, Regime
from lots.proportionality import policy_today
from lots.proportionality.models import MarketPolicy
from lots.proportionality.queries import forget_kept
from lots.releases import queries as published
from lots.releases.publication import published_here
from lots.vocabulary import LotState, Route
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.payments.actions import Cause
from marketplace.payments.paying.models import PaymentState
from marketplace.permissions import NotYours
from tests.support.competition import officer_of
from tests.support.contracts import make_live_contract
from tests.support.lots import make_lot, make_open_lot
from tests.support.people import make_person, sign_in, written
from tests.support.statements import statements_sent

LARGE = {"value_net_pence": 3_000_000_00, "value_gross_pence": 3_600_000_00}
COVERED = {"value_net_pence": 600_000_00, "value_gross_pence": 720_000_00}


def under_the_act():
    with written():
        db.session.execute(update(MarketPolicy).values(regime=Regime.ACT_2023))
    forget_kept()


def kinds(lot):
    return {each.kind for each in posting.notices_of(lot.id)}


def notice_of(lot, kind=NoticeKind.OPENING):
    return db.session.scalars(
        select(Notice).where(Notice.lot_id == lot.id, Notice.kind == kind)
    ).one()


def test_uk1_to_uk17_are_all_in_the_table_by_their_names():
    names = [str(line.name) for (regime, _kind), line in DUE.items() if regime is Regime.ACT_2023]
    numbers = {int(name.split()[0].removeprefix("UK")) for name in names}
    assert numbers == set(range(1, 18))


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({}, set()),
        (COVERED, {NoticeKind.PLANNED}),
        (LARGE, {NoticeKind.PIPELINE, NoticeKind.PLANNED}),
        ({"route": Route.GRANT}, {NoticeKind.PLANNED}),
    ],
)
def test_under_the_act_the_value_says_what_is_due_of_a_plan(app, facts, due):
    under_the_act()
    assert kinds(make_lot(LotState.PLANNED, **facts)) == due


def test_a_light_touch_contract_has_no_change_notice_under_the_act_and_one_before_it(app):
    lot, policy = make_open_lot(**COVERED), policy_today()
    changed = NoticeKind.CONTRACT_CHANGE
    assert not is_due(changed, Regime.ACT_2023, lot, policy)
    assert is_due(changed, Regime.PCR_2015, lot, policy)
    assert not is_due(NoticeKind.TRANSPARENCY, Regime.ACT_2023, lot, policy)


def test_a_notice_that_does_not_pass_is_kept_and_shown_but_not_sent(app, client, monkeypatch):
    lot = make_open_lot()
    with written():
        posting.post(db.session.get_one(Lot, lot.id), NoticeKind.CHANGE)
    stuck = notice_of(lot, NoticeKind.CHANGE)
    assert (stuck.state, stuck.problems) == (NoticeState.INCOMPLETE, ["change"])
    monkeypatch.setattr(app.extensions["settings"], "demonstration", True)
    assert carriers.send_due(clock.now()) == 1
    assert notice_of(lot, NoticeKind.CHANGE).state is NoticeState.INCOMPLETE
    with pytest.raises(Refusal, match="What has changed"), write():
        posting.mend(stuck.id, officer_of(lot))
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    page = client.show("/lots/notices?state=incomplete")
    assert "F14" in page.text and "Which notice is due when" in page.text
    page = client.show(f"/lots/notices/{stuck.id}")
    assert "What has changed" in page.text and "Check it again" in page.text
    with write():
        posting.record_sent(stuck.id, "2026/S 1", officer_of(lot))
    assert notice_of(lot, NoticeKind.CHANGE).state is NoticeState.SENT


def test_the_practice_platform_accepts_and_rejects_where_asked(app, monkeypatch):
    monkeypatch.setattr(app.extensions["settings"], "demonstration", True)
    lot, other = make_open_lot(), make_open_lot()
    with write():
        posting.ask_rejection(notice_of(lot).id, officer_of(lot))
    assert carriers.send_due(clock.now()) == 2
    assert carriers.answer_due(clock.now()) == 2
    assert notice_of(lot).state is NoticeState.REJECTED
    assert notice_of(other).state is NoticeState.ACCEPTED
    with write():
        posting.record_sent(notice_of(lot).id, "again", officer_of(lot))
    assert carriers.answer_due(clock.now()) == 1
    assert notice_of(lot).state is NoticeState.ACCEPTED


def test_under_the_act_nothing_is_public_here_before_the_platform_has_it(app):
    under_the_act()
    lot = make_open_lot(**COVERED)
    with pytest.raises(NotYours):
        queries.opportunity(lot.id)
    before = published.newest()
    officer = officer_of(lot)
    with write():
        posting.record_sent(notice_of(lot).id, "2026/S 1", officer)
    assert published.newest() == before
    with write():
        posting.record_accepted(notice_of(lot).id, officer)
    assert queries.opportunity(lot.id).id == lot.id
    assert published.newest() == before + 1


def test_while_the_platform_is_down_the_notice_may_stand_here_first(app):
    under_the_act()
    lot = make_open_lot(**COVERED)
    with write():
        posting.record_platform_down(notice_of(lot).id, officer_of(lot))
    assert queries.opportunity(lot.id).id == lot.id
    assert notice_of(lot).state is NoticeState.TO_SEND


def test_grants_and_todays_law_hold_nothing_back(app):
    assert queries.opportunity(make_open_lot().id)
    under_the_act()
    assert queries.opportunity(make_open_lot(route=Route.GRANT).id)


def test_the_ocid_that_the_platform_gives_first_is_kept_for_good(app):
    under_the_act()
    lot = make_open_lot(**COVERED)
    officer = officer_of(lot)
    with write():
        notice = notice_of(lot)
        posting.record_sent(notice.id, "2026/S 1", officer)
        notice.ocid = "ocds-h6vhtk-0a1b2c"
    with write():
        posting.record_accepted(notice_of(lot).id, officer)
    assert published.record("ocds-h6vhtk-0a1b2c").items[0]["releases"]


@pytest.mark.parametrize(
    ("day", "quarter", "half"),
    [
        (date(2026, 4, 1), (date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 10, 1),)),
        (date(2026, 9, 30), (date(2026, 4, 1), date(2026, 6, 30)), (date(2025, 10, 1),)),
        (date(2026, 11, 22), (date(2026, 7, 1), date(2026, 9, 30)), (date(2026, 4, 1),)),
        (date(2027, 1, 5), (date(2026, 10, 1), date(2026, 12, 31)), (date(2026, 4, 1),)),
    ],
)
def test_periods_of_payment_notices_follow_the_financial_year(day, quarter, half):
    of_quarter, of_half = periodic.ended_before(day)
    assert (of_quarter.first, of_quarter.last) == quarter
    assert of_half.first == half[0] and of_half.last.month in (3, 9)


def test_the_rule_of_what_may_stand_here_is_the_same_in_lists_and_alone(app):
    """`is_held` and `published_here` are one rule, written for the database and without it."""
    lot = make_open_lot()
    made = product(NoticeState, Regime, (*Route, None), (False, True))
    with written():
        for state, regime, route, platform_down in made:
            facts = {"buyer": "Kent"} | ({"route": route.value} if route else {})
            notice = posting.put(NoticeKind.CHANGE, regime, facts, lot.lead_buyer_id, lot.id)
            notice.state, notice.sent_at = state, clock.now()
            notice.platform_down_at = clock.now() if platform_down else None
    held = set(db.session.scalars(select(Notice.id).where(is_held())))
    found = db.session.scalars(select(Notice)).all()
    assert len(found) > 5 * 2 * 3 * 2 - 1
    assert held == {each.id for each in found if not published_here(each)} != set()


def test_an_officer_records_the_ocid_that_the_platform_gave(app, client):
    under_the_act()
    lots = [make_open_lot(**COVERED) for _time in range(2)]
    for lot, told in zip(lots, ("ocds-h6vhtk-0b1", "ocds-h6vhtk-0b1"), strict=True):
        notice_id = notice_of(lot).id
        officer = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer)
        sign_in(client, officer)
        page = f"/lots/notices/{notice_id}/sent"
        wrong = client.submit(page, "Record it as sent", reference="2026/S 9", ocid="0b1")
        assert "Enter the OCID as the platform shows it" in wrong.page.text
        client.submit(page, "Record it as sent", reference="2026/S 9", ocid=told)
        with write():
            posting.record_accepted(notice_id, officer_of(lot))
    assert published.record("ocds-h6vhtk-0b1").items[0]["releases"]
    # The same once more was mistyped: the second lot goes by our own.
    assert published.record(f"ocds-dfmkt0-{lots[1].reference}").items[0]["releases"]


def paid_under_the_act(*moments):
    """A claim paid at each of these moments, each under a contract of another buyer."""
    for moment in moments:
        contract = make_live_contract()
        policy = policy_today()
        somebody = make_person(Role.CONTRACT_MANAGER)
        with written():
            lot = db.session.get_one(Lot, contract.lot_id)
            lot.policy_version = policy.version
            contract = db.session.merge(contract)
            claim = Claim(
                contract_id=contract.id,
                month=moment.date().replace(day=1),
                state=ClaimState.PAID,
                computed_at=moment,
                due_on=moment.date(),
                law_due_on=moment.date(),
                approved_by_id=somebody.id,
                paid_at=moment,
            )
            db.session.add(claim)
            db.session.flush()
            cause = Cause(APPROVED_CAUSE, claim.id)
            day = moment.date()
            payment = owing.owe(
                contract, cause, net=40_000_00, vat=0, owed_from=day, about="Claim", by=None
            )
            payment.state, payment.paid_at, payment.paid_on = PaymentState.PAID, moment, day
    under_the_act()


def test_every_quarter_that_ended_is_noticed_once_even_after_a_year_without_jobs(app):
    paid_under_the_act(datetime(2025, 5, 2, tzinfo=UTC), datetime(2025, 8, 2, tzinfo=UTC))
    now = datetime(2026, 7, 20, tzinfo=UTC)
    assert periodic.post_due(now) == 4  # two quarters, and for each buyer the half year of both
    found = db.session.scalars(select(Notice).where(Notice.lot_id.is_(None))).all()
    periods = sorted((each.kind, each.facts["first_day"]) for each in found)
    assert periods == [
        (NoticeKind.PAYMENTS, "2025-04-01"),
        (NoticeKind.PAYMENTS, "2025-07-01"),
        (NoticeKind.PAYMENTS_COMPLIANCE, "2025-04-01"),
        (NoticeKind.PAYMENTS_COMPLIANCE, "2025-04-01"),
    ]
    with statements_sent() as sent:
        assert periodic.post_due(now) == 0
    assert not [each for each in sent if not each.startswith("SELECT") or "FOR UPDATE" in each]


def test_the_clock_stops_where_a_quarter_with_payments_ends(app):
    assert periodic.next_due(datetime(2026, 5, 1, tzinfo=UTC)) is None
    paid_under_the_act(datetime(2026, 5, 2, tzinfo=UTC))
    for month, ends in ((5, date(2026, 7, 1)), (8, date(2026, 10, 1))):
        ahead = periodic.next_due(datetime(2026, month, 20, tzinfo=UTC))
        assert ahead == calendar.start_of(ends)
    assert periodic.next_due(datetime(2026, 11, 1, tzinfo=UTC)) is None


def test_the_schema_of_an_award_asks_for_the_summaries():
    assert "summaries_sent_at" in problems(NoticeKind.AWARD, {"buyer": "Kent"})
