"""Whatever funders and their lead do, in any order: the shares add up to the value."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from lots.drafting.actions import start_draft
from lots.funding import actions
from lots.funding.models import FunderState
from lots.models import Lot
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from tests.support.funding import lead_of, make_funder
from tests.support.lots import make_region

FUNDERS = 3
VALUE = 360_000_00
amounts = st.integers(0, 400_000_00)
who = st.integers(0, FUNDERS - 1)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("invite"), who, amounts),
        st.tuples(st.just("accept"), who, st.booleans()),
        st.tuples(st.just("leave"), who, st.none()),
        st.tuples(st.just("take_off"), who, st.none()),
        st.tuples(st.just("save"), who, amounts),
        st.tuples(st.just("value"), who, st.integers(1, 400_000_00)),
    ),
    max_size=12,
)


def test_the_shares_add_up_after_any_accepted_sequence(app):
    buyer = make_region()
    lead = lead_of(buyer)
    funders = [lead_of(make_funder()) for _number in range(FUNDERS)]

    @given(moves)
    def holds(sequence):
        with write():
            lot = start_draft("Any", "womens-services", lead)
            lot.value_net_pence = VALUE
            lot_id = lot.id
        balanced = True
        for move, number, given_value in sequence:
            if _move(lot_id, move, funders[number], lead, given_value):
                # Only the page of the value can unbalance shares, and only for a while.
                balanced = _checked(lot_id, balanced and move != "value")

    holds()


def _move(lot_id, move, funder, lead, given_value) -> bool:
    with suppress(Refusal, NotYours), write():
        lot = actions.locked(lot_id)
        rows = {each.organisation_id: each for each in lot.funders}
        if move == "value":
            lot.value_net_pence = given_value
        elif move == "invite":
            actions.invite(lot_id, funder.organisation_id, given_value, "", lead)
        elif move == "accept":
            row = rows.get(funder.organisation_id)
            actions.accept(lot_id, row.share_pence if row else 0, given_value, funder)
        elif move == "leave":
            actions.leave(lot_id, "No.", funder)
        elif move == "take_off":
            row = rows.get(funder.organisation_id)
            actions.take_off(lot_id, row.id if row else lot_id, lead)
        else:
            typed = {each.organisation.id: each.pence for each in actions.shares_of(lot)}
            typed[funder.organisation_id] = given_value
            others = sum(p for who, p in typed.items() if who != lead.organisation_id)
            typed[lead.organisation_id] = max(lot.value_net_pence - others, 0)
            actions.save_shares(lot_id, typed, None, actions.shares_seen(lot), lead)
        return True
    return False


def _checked(lot_id, balanced) -> bool:
    db.session.expire_all()
    lot = db.session.get_one(Lot, lot_id)
    shares = actions.shares_of(lot)
    total = sum(each.pence for each in shares)
    others = total - shares[0].pence
    assert all(each.pence >= 0 for each in shares)
    if balanced:
        assert total == lot.value_net_pence
    for row in lot.funders:
        assert row.state in (FunderState.INVITED, FunderState.ACCEPTED) or row.share_pence == 0
    return total == lot.value_net_pence or (not others and len(shares) == 1)
