"""Price and costs of a bid: kept, checked, sealed, and read once prices are open."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import update

from bids.evaluation import queries
from bids.models import BidState, OpenedBid
from bids.price import actions
from bids.price.arithmetic import Costs, Line, Part
from bids.price.checklist import tasks_of
from bids.price.opened import opened_sheet
from bids.price.sheet import content_of
from bids.sealing import OwnCopy
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.working import TypedMeanwhile
from lots.proportionality.models import MarketPolicy
from lots.proportionality.queries import forget_kept
from lots.vocabulary import PriceBasis
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from tests.support.bids import (
    COSTS,
    bid_as_stored,
    bidder,
    fill_in,
    moderating_competition,
    priced_competition,
    seen_of,
    submitted_bid,
)
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, make_person, sign_in

SHORT = Costs(staff=(Line("Caseworker", 320_000_00),))


def written(lot=None, price=9_000_00, costs=SHORT):
    """A bid with every answer, this price and these costs; its id and who wrote it."""
    organisation, person = bidder()
    by = acting_as(person, organisation)
    bid_id = fill_in(lot or make_open_lot(), by, price=price)
    with write():
        actions.save_costs(bid_id, costs, 1, by)
    return bid_id, by


def problems(bid_id):
    return [task.problem for task in tasks_of(bid_as_stored(bid_id)) if task.problem]


def submit(bid_id, by):
    with write():
        return submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)


def test_a_price_and_one_line_of_costs_are_enough(app):
    bid_id, by = written()
    assert problems(bid_id) == []
    submit(bid_id, by)
    assert bid_as_stored(bid_id).state is BidState.SUBMITTED


def test_without_any_cost_the_bid_is_not_ready(app):
    bid_id, by = written(costs=Costs())
    assert problems(bid_id) == ["What the service costs is missing. Enter at least one cost."]
    with pytest.raises(Refusal, match="at least one cost"):
        submit(bid_id, by)


@pytest.mark.parametrize(("price", "asked"), [(8_000_00, False), (7_999_99, True)])
def test_a_price_further_below_the_value_than_the_policy_says_is_explained(app, price, asked):
    bid_id, by = written(price=price, costs=Costs(staff=(Line("Caseworker", 1_00),)))
    assert bool(problems(bid_id)) is asked
    if not asked:
        return
    assert "more than 20% below the value of the lot" in problems(bid_id)[0]
    explained = Costs(staff=(Line("Caseworker", 1_00),), explanation="Our rent is given to us.")
    with write():
        actions.save_costs(bid_id, explained, 2, by)
    assert problems(bid_id) == []


def test_a_price_that_does_not_cover_its_cost_is_explained(app):
    bid_id, by = written(costs=Costs(staff=(Line("Caseworker", 330_000_00),)))
    assert "£6,000 below what the service costs" in problems(bid_id)[0]
    with pytest.raises(Refusal, match="Explain who pays the rest"):
        submit(bid_id, by)


def test_a_price_above_the_value_is_told_before_it_is_submitted(app):
    bid_id, by = written(price=10_000_01)
    assert "£360,000.36" in problems(bid_id)[0] and "£360,000, and" in problems(bid_id)[0]
    with pytest.raises(Refusal, match="a bid above it is set aside"):
        submit(bid_id, by)
    with write():
        actions.save_price(bid_id, 10_000_00, 1, by)
    assert problems(bid_id) == []


def test_a_price_for_each_start_counts_the_expected_starts(app):
    lot = make_open_lot(price_basis=PriceBasis.PER_START)
    bid_id, _by = written(lot, price=950_00, costs=Costs(other=(Line("All", 300_000_00),)))
    content = content_of(bid_as_stored(bid_id))
    assert (content["times"], content["total_pence"]) == (360, 342_000_00)
    assert problems(bid_id) == []


def test_two_people_in_one_sheet_lose_no_words(app):
    bid_id, by = written()
    colleague = replace(SHORT, explanation="Written by a colleague")
    with write():
        actions.save_costs(bid_id, colleague, 2, by)
    with pytest.raises(TypedMeanwhile) as clash, write():
        actions.save_costs(bid_id, COSTS, 2, by)
    assert "Staff: Caseworker, £320,000" in clash.value.theirs
    assert "Written by a colleague" in clash.value.theirs
    with write():
        actions.save_costs(bid_id, COSTS, clash.value.edition, by)
    assert bid_as_stored(bid_id).costs == COSTS.as_text()


def test_saving_the_same_again_changes_nothing(app):
    bid_id, by = written()
    submit(bid_id, by)
    with write():
        actions.save_costs(bid_id, SHORT, 0, by)
        actions.save_price(bid_id, 9_000_00, 0, by)
    bid = bid_as_stored(bid_id)
    assert not bid.edited and bid.costs_edition == 2
    with write():
        actions.save_price(bid_id, None, 1, by)
    assert bid_as_stored(bid_id).edited and "The price is missing." in problems(bid_id)


def test_the_sheet_is_the_bidders_alone_and_its_trail_names_nobody(app):
    bid_id, _by = written(costs=Costs(staff=(Line("Zwetschge", 320_000_00),)))
    _other, stranger = bidder()
    with pytest.raises(NotYours), write():
        actions.save_costs(bid_id, Costs(), 2, acting_as(stranger))
    assert b"Zwetschge" not in bid_as_stored(bid_id).sealed_costs
    events = db.session.query(AuditEvent).filter_by(action="bid:costs_saved").all()
    assert events and all(event.person_id is None for event in events)


def test_the_envelope_holds_the_sheet_and_the_buyer_reads_it_only_with_the_price(app):
    competition = moderating_competition(prices=(9_000_00,))
    page = buyers_page(app, competition)
    assert "Two caseworkers" not in page and "Volunteers give two days" not in page
    opened = queries.opened_bid(queries.get(competition.evaluation_id), competition.bids[0])
    assert opened.costs is None and opened_sheet(opened) is None
    assert "caseworkers" not in opened.content
    sealed = OwnCopy.of(opened.version.own_copy).price
    assert "Two caseworkers" in sealed

    competition = priced_competition()
    page = buyers_page(app, competition)
    for shown in ("What the price is made of", "Two caseworkers", "£150,000", "£324,000"):
        assert shown in page
    assert "Volunteers give two days a week." in page
    opened = queries.opened_bid(queries.get(competition.evaluation_id), competition.bids[0])
    sheet = opened_sheet(opened)
    assert sheet is not None and sheet.costs == COSTS
    assert sheet.cost_pence == 180_000_00


def buyers_page(app, competition):
    client = app.test_client()
    sign_in(client, competition.officer)
    return client.show(f"/evaluations/{competition.evaluation_id}/bids/{competition.bids[0]}").text


def test_a_bid_sealed_before_there_were_sheets_opens_without_one(app):
    competition = priced_competition()
    evaluation = queries.get(competition.evaluation_id)
    opened = queries.opened_bid(evaluation, competition.bids[0])
    with write():
        held = db.session.get_one(OpenedBid, opened.id)
        held.costs = json.dumps({"basis": "monthly_fee", "pence": 9_000_00})
    db.session.expire_all()
    opened = queries.opened_bid(queries.get(competition.evaluation_id), competition.bids[0])
    assert opened_sheet(opened) is None
    assert "What the price is made of" not in buyers_page(app, competition)


def test_lines_are_whole_or_empty_and_what_was_typed_is_kept(app):
    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = submitted_bid(lot, organisation)
    client = app.test_client()
    sign_in(client, person)
    typed = {"staff-what-2": "A’r gweithiwr", "overheads-pence-2": "12.5", "other-pence-1": "1.234"}
    page = client.submit(f"/bids/{bid_id}/price", "Save and continue", typed).page
    assert "Enter what “A’r gweithiwr” costs" in page.text
    assert "Enter what the amount in line 2 is for" in page.text
    assert "must be an amount of money" in page.text
    values = page.form("Save and continue").values()
    assert ("staff-what-2", "A’r gweithiwr") in values and ("other-pence-1", "1.234") in values
    assert bid_as_stored(bid_id).costs_edition == 1


def test_totals_are_brought_up_to_date_without_leaving_the_page(app):
    lot = make_open_lot()
    _organisation, person = bidder()
    by = acting_as(person)
    bid_id = fill_in(lot, by)
    client = app.test_client()
    sign_in(client, person)
    address = f"/bids/{bid_id}/price"
    page = client.submit(address, "Save and update totals", {"staff-pence-1": "290,000"}).page
    assert page.h1 == "Price and costs"
    assert "£320,000" in page.text and "£4,000" in page.text
    cleared = {f"{part}-{what}-1": "" for part in Part for what in ("what", "pence")}
    page = client.submit(page, "Save and continue", cleared | {"explanation": ""}).page
    assert "Enter at least one cost" in page.text
    page = client.submit(page, "Save and continue", {"staff-what-1": "All", "staff-pence-1": "1"})
    assert page.page.h1.startswith("Your bid")


def test_a_colleagues_sheet_is_shown_beside_ones_own(app):
    lot = make_open_lot()
    organisation, person = bidder()
    colleague = make_person(Role.TRUSTEE, organisation)
    bid_id = fill_in(lot, acting_as(person))
    clients = []
    for each in (person, colleague):
        client = app.test_client()
        sign_in(client, each, organisation)
        clients.append((client, client.show(f"/bids/{bid_id}/price")))
    (hers, page), (his, his_page) = clients
    hers.submit(page, "Save and continue", {"staff-what-1": "Her worker"})
    clash = his.submit(his_page, "Save and continue", {"staff-what-1": "His"}, amount="9,100")
    assert clash.status_code == 409
    assert "Her worker" in clash.page.text
    assert ("staff-what-1", "His") in clash.page.form("Save and continue").values()
    assert bid_as_stored(bid_id).price_pence == "910000"
    his.submit(clash.page, "Save and continue")
    assert "His" in bid_as_stored(bid_id).costs


def test_a_tampered_or_endless_sheet_is_refused_or_left_out(app):
    lot = make_open_lot()
    _organisation, person = bidder()
    bid_id = fill_in(lot, acting_as(person))
    client = app.test_client()
    sign_in(client, person)
    page = client.show(f"/bids/{bid_id}/price")
    values = dict(page.form("Save and continue").values()) | {
        "staff-what-²": "x",
        "staff-what-99": "x",
        "staff-what-1": "y" * 201,
        "costs_edition": "9" * 40,
    }
    answer = client.post(f"/bids/{bid_id}/price", data=values)
    assert answer.status_code == 200 and "200 characters or fewer" in answer.get_data(as_text=True)


def test_the_policys_figure_is_what_counts(app):
    bid_id, _by = written(price=7_000_00, costs=Costs(staff=(Line("Caseworker", 1_00),)))
    assert problems(bid_id)
    with write():
        db.session.execute(update(MarketPolicy).values(low_price_percent=40))
    forget_kept()
    assert problems(bid_id) == []
