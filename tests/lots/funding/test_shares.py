"""Shares of a lot: they add up to its value, and a promise is of one amount."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lots.funding import actions
from lots.funding.models import FunderState, LotFunder
from lots.funding.parties import proportions
from lots.models import Lot
from lots.proportionality import findings
from lots.vocabulary import LotState, Task
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from tests.support.funding import (
    accept,
    invite,
    lead_of,
    make_funded_lot,
    make_funder,
    save,
    shares,
)
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_organisation, make_person

VALUE = 360_000_00


def _row(lot, funder):
    found = select(LotFunder).where(
        LotFunder.lot_id == lot.id, LotFunder.organisation_id == funder.id
    )
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def _blocks(lot):
    db.session.expire_all()
    held = db.session.get_one(Lot, lot.id)
    return [str(each.text) for each in findings(held) if each.stands and each.task is Task.FUNDERS]


def _mails():
    return {each.template.rpartition("/")[2] for each in db.session.scalars(select(OutboxMessage))}


def test_a_lot_without_funders_is_its_lead_buyers_alone(app):
    lot = make_lot(LotState.DRAFT)
    assert shares(lot.id) == {lot.lead_buyer_id: VALUE}
    assert _blocks(lot) == []


@pytest.mark.parametrize(
    "kind", [OrganisationKind.PCC, OrganisationKind.OTHER_BUYER, OrganisationKind.REGION]
)
def test_buyers_of_every_kind_are_asked_and_accept(app, kind):
    lot = make_lot(LotState.DRAFT)
    facts = {"region_code": "A"} if kind is OrganisationKind.REGION else {}
    funder = make_funder(kind, **facts)
    invite(lot, funder, 110_000_00)
    assert shares(lot.id) == {lot.lead_buyer_id: 250_000_00, funder.id: 110_000_00}
    assert _blocks(lot) == [f"{funder.name} has not accepted its share yet."]
    accept(lot, funder, asks_to_sign=False)
    assert _blocks(lot) == []
    assert _mails() == {"invited.txt", "accepted.txt"}


def test_a_funder_who_declines_leaves_the_share_to_the_lead_buyer_with_the_reason(app):
    lot = make_lot(LotState.DRAFT)
    funder = make_funder()
    invite(lot, funder, 60_000_00)
    with write():
        actions.leave(lot.id, "Our year’s money is spent.", lead_of(funder))
    assert shares(lot.id) == {lot.lead_buyer_id: VALUE}
    assert (_row(lot, funder).state, _row(lot, funder).answer) == (
        FunderState.DECLINED,
        "Our year’s money is spent.",
    )
    assert "left.txt" in _mails()


def test_a_declined_funder_can_be_asked_again(app):
    lot = make_lot(LotState.DRAFT)
    funder = make_funder()
    invite(lot, funder, 60_000_00)
    with write():
        actions.leave(lot.id, "Too much.", lead_of(funder))
    invite(lot, funder, 20_000_00)
    accept(lot, funder)
    assert shares(lot.id)[funder.id] == 20_000_00


@pytest.mark.parametrize(
    ("lead", "words"),
    [(250_000_00, "£10,000 of the value is missing"), (270_000_50, "£10,000.50 too much")],
)
def test_shares_that_do_not_add_up_are_refused_with_the_difference(app, lead, words):
    lot, (funder,) = make_funded_lot(110_000_00)
    before = shares(lot.id)
    with pytest.raises(Refusal, match=words):
        save(lot, {lot.lead_buyer_id: lead, funder.id: 100_000_00})
    assert shares(lot.id) == before


def test_a_changed_share_is_accepted_afresh(app):
    lot, (one, other) = make_funded_lot(60_000_00, 40_000_00, asks_to_sign=False)
    save(lot, {lot.lead_buyer_id: 250_000_00, one.id: 70_000_00, other.id: 40_000_00})
    assert _row(lot, one).state is FunderState.INVITED
    assert _row(lot, other).state is FunderState.ACCEPTED
    assert _blocks(lot) == [f"{one.name} has not accepted its share yet."]
    assert "share_changed.txt" in _mails()


def test_an_answer_is_to_the_amount_that_was_read(app):
    lot = make_lot(LotState.DRAFT)
    funder = make_funder()
    invite(lot, funder, 60_000_00)
    with pytest.raises(Refusal, match="changed to £60,000"), write():
        actions.accept(lot.id, 50_000_00, True, lead_of(funder))


def test_two_officers_on_one_page_the_later_is_told(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    by = lead_of(lot.lead_buyer)
    seen = actions.shares_seen(db.session.get_one(Lot, lot.id))
    save(lot, {lot.lead_buyer_id: 280_000_00, funder.id: 80_000_00})
    with pytest.raises(Refusal, match="changed after you opened"), write():
        kept = {lot.lead_buyer_id: 300_000_00, funder.id: 60_000_00}
        actions.save_shares(lot.id, kept, None, seen, by)
    assert shares(lot.id)[funder.id] == 80_000_00


def test_a_changed_value_makes_the_shares_incomplete(app):
    lot, _funders = make_funded_lot(60_000_00, asks_to_sign=False)
    with write():
        db.session.get_one(Lot, lot.id).value_net_pence = VALUE + 5_000_00
    assert _blocks(lot) == ["£5,000 of the value has no funder."]
    with write():
        db.session.get_one(Lot, lot.id).value_net_pence = VALUE - 1
    assert _blocks(lot) == ["The funders’ shares are £0.01 more than the value."]


def test_nobody_is_asked_for_more_than_the_lead_buyer_has(app):
    lot, _funders = make_funded_lot(300_000_00)
    with pytest.raises(Refusal, match="own share is £60,000"):
        invite(lot, make_funder(), 60_000_01)


def test_who_cannot_answer_is_not_asked(app):
    lot = make_lot(LotState.DRAFT)
    with pytest.raises(Refusal, match="nobody here yet who could answer"):
        invite(lot, make_organisation(OrganisationKind.PCC), 100)
    for kind in (OrganisationKind.PROVIDER, OrganisationKind.PRISON, OrganisationKind.NATIONAL):
        with pytest.raises(Refusal, match="cannot fund a lot"):
            invite(lot, make_organisation(kind), 100)


def test_an_invented_funder_is_never_asked_for_real_money(app):
    lot = make_lot(LotState.DRAFT)
    with pytest.raises(Refusal, match="cannot fund a lot"):
        invite(lot, make_funder(is_demonstration=True), 100)


def test_the_lead_buyer_takes_a_funder_off(app):
    lot, (one, other) = make_funded_lot(60_000_00, 40_000_00)
    with write():
        actions.take_off(lot.id, _row(lot, one).id, lead_of(lot.lead_buyer))
    assert shares(lot.id) == {lot.lead_buyer_id: 320_000_00, other.id: 40_000_00}
    assert _row(lot, one).state is FunderState.WITHDRAWN
    assert "taken_off.txt" in _mails()


def test_the_lead_buyers_own_row_cannot_be_taken_off(app):
    lot, _funders = make_funded_lot(60_000_00)
    with pytest.raises(NotYours), write():
        actions.take_off(lot.id, _row(lot, lot.lead_buyer).id, lead_of(lot.lead_buyer))


def test_strangers_arrange_and_answer_nothing(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    stranger = lead_of(make_funder())
    with pytest.raises(Refused), write():
        actions.take_off(lot.id, _row(lot, funder).id, stranger)
    with pytest.raises(NotYours), write():
        actions.leave(lot.id, "No.", stranger)
    evaluator = acting_as(make_person(Role.EVALUATOR, funder), funder)
    with pytest.raises(Refused), write():
        actions.leave(lot.id, "No.", evaluator)


def test_money_is_settled_once_the_lot_is_open(app):
    lot, (funder,) = make_funded_lot(60_000_00, asks_to_sign=False)
    with write():
        db.session.get_one(Lot, lot.id).state = LotState.CLOSED
    for act in (
        lambda: actions.leave(lot.id, "No.", lead_of(funder)),
        lambda: actions.take_off(lot.id, _row(lot, funder).id, lead_of(lot.lead_buyer)),
    ):
        with pytest.raises(Refusal, match="its money is settled"), write():
            act()


def test_vat_and_extensions_follow_the_same_proportions(app):
    lot, (one, other) = make_funded_lot(120_000_00, 60_000_01)
    parts = proportions(db.session.get_one(Lot, lot.id), 432_000_00)
    assert sum(parts.values()) == 432_000_00
    assert parts[one.id] == 144_000_00
    assert parts[other.id] == 72_000_01
    assert whole_lot(lot.id).value_gross_pence == 432_000_00
