"""From the award to a live contract: drawn up, signed on both sides, made ready, opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from lots.contracts import actions, agreement
from lots.contracts.models import (
    Contract,
    ContractSignature,
    ContractState,
    ItemKind,
    MobilisationItem,
)
from lots.vocabulary import PriceBasis
from marketplace import calendar, clock
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused
from tests.support.contracts import make_contract


def sign(contract, by, seen=None):
    with write():
        actions.sign(contract.id, by.name, seen or contract.text_hash, by)


def sign_both(contract, sides):
    sign(contract, sides.trustee)
    sign(contract, sides.director)


def confirm_all(contract, sides):
    for kind, by in (
        (ItemKind.INSURANCE, sides.service_manager),
        (ItemKind.VETTING, sides.contract_manager),
        (ItemKind.DATA_PROTECTION, sides.trustee),
    ):
        with write():
            actions.confirm_item(contract.id, kind, "Seen on 3 May", by)


def mails():
    return sorted(db.session.scalars(select(OutboxMessage.template)))


def test_a_contract_is_drawn_up_from_its_lot(sides):
    contract = make_contract(
        sides.charity,
        sides.region,
        area_codes=("kent", "sussex"),
        places=12,
        price_basis=PriceBasis.MONTHLY_FEE,
        price=1_000_00,
        term_months=24,
        starts_on=date(2090, 1, 31),
    )
    assert contract.state is ContractState.DRAFTED
    assert (contract.monthly_fee_pence, contract.unit_price_pence) == (1_000_00, None)
    assert contract.value_pence == 24 * 1_000_00
    assert contract.ends_on == date(2092, 1, 30)
    assert [(a.area_code, a.contracted_places, a.places) for a in contract.areas] == [
        ("kent", 12, 0),
        ("sussex", 12, 0),
    ]
    assert contract.text_hash == agreement.hash_of(contract.text)
    for fact in ("Harbour Trust", "Kent, Surrey and Sussex", "£1,000", "up to 12 places"):
        assert fact in contract.text
    assert mails() == ["lots/contracts/mail/ready_to_sign.txt"] * 2


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 12, 1), 12, date(2028, 12, 1)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
        (date(2027, 11, 1), 1, date(2027, 12, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, expected):
    assert calendar.months_later(day, months) == expected


@pytest.mark.parametrize("order", [("trustee", "director"), ("director", "trustee")])
def test_with_the_second_signature_the_contract_is_signed_and_the_list_opens(
    drafted, sides, order, again
):
    sign(drafted, getattr(sides, order[0]))
    assert again(Contract, drafted.id).state is ContractState.DRAFTED
    sign(drafted, getattr(sides, order[1]))
    contract = again(Contract, drafted.id)
    assert contract.state is ContractState.MOBILISING
    assert contract.signed_at is not None
    kinds = set(db.session.scalars(select(MobilisationItem.kind)))
    assert kinds == set(ItemKind)
    done = set(db.session.scalars(select(AuditEvent.action)))
    assert {"contract:signed", "contract:complete_signing", "contract:mobilise"} <= done
    assert "lots/contracts/mail/signed.txt" in mails()


def test_a_side_signs_once(drafted, sides):
    sign(drafted, sides.trustee)
    with pytest.raises(AlreadyChanged):
        sign(drafted, sides.trustee)
    assert db.session.scalar(select(func.count()).select_from(ContractSignature)) == 1


@pytest.mark.parametrize(
    "who", ["contract_manager", "commissioning_officer", "finance", "service_manager"]
)
def test_who_has_no_authority_cannot_sign(drafted, sides, who):
    with pytest.raises(Refused):
        sign(drafted, getattr(sides, who))


def test_a_stranger_cannot_sign(sides):
    with pytest.raises(Refused):
        sign(make_contract(), sides.trustee)


def test_one_person_never_signs_for_both_sides(drafted, sides):
    sign(drafted, sides.trustee)
    both = replace(sides.director, person_id=sides.trustee.person_id)
    with pytest.raises(Refusal, match="other side"):
        sign(drafted, both)


def test_only_the_text_that_was_shown_is_signed(drafted, sides):
    with pytest.raises(Refusal, match="not the one"):
        sign(drafted, sides.trustee, seen="0" * 64)
    with write():
        db.session.execute(update(Contract).values(text=Contract.text + "and a pony\n"))
    with pytest.raises(Refusal, match="not the one"):
        sign(drafted, sides.trustee)


def test_referrals_open_when_all_is_confirmed_and_places_are_set(drafted, sides, again):
    sign_both(drafted, sides)
    with pytest.raises(Refusal, match="confirmed"), write():
        actions.go_live(drafted.id, sides.contract_manager)
    confirm_all(drafted, sides)
    with pytest.raises(Refusal, match="confirmed"), write():
        actions.go_live(drafted.id, sides.contract_manager)
    with write():
        actions.set_places(drafted.areas[0].id, 15, sides.service_manager)
    with write():
        actions.go_live(drafted.id, sides.contract_manager)
    contract = again(Contract, drafted.id)
    assert contract.state is ContractState.LIVE
    assert contract.areas[0].opened_at is not None
    assert mails().count("lots/contracts/mail/live.txt") == 2
    with pytest.raises(AlreadyChanged), write():
        actions.go_live(drafted.id, sides.contract_manager)


def test_places_count_as_set_when_the_last_area_has_them(sides):
    contract = make_contract(sides.charity, sides.region, area_codes=("kent", "sussex"))
    sign_both(contract, sides)
    confirm_all(contract, sides)
    confirmed = select(MobilisationItem.confirmed_at).where(
        MobilisationItem.kind == ItemKind.PLACES
    )
    for area, done in zip(contract.areas, (False, True), strict=True):
        with write():
            actions.set_places(area.id, 3, sides.service_manager)
        assert (db.session.scalar(confirmed) is not None) == done


def test_nothing_opens_before_the_first_day(sides):
    contract = make_contract(
        sides.charity, sides.region, starts_on=clock.today() + timedelta(days=1)
    )
    sign_both(contract, sides)
    confirm_all(contract, sides)
    with write():
        actions.set_places(contract.areas[0].id, 3, sides.service_manager)
    with pytest.raises(Refusal, match="first day"), write():
        actions.go_live(contract.id, sides.contract_manager)


def test_each_side_confirms_its_own_points(drafted, sides):
    sign_both(drafted, sides)
    for kind, by in (
        (ItemKind.INSURANCE, sides.contract_manager),
        (ItemKind.VETTING, sides.service_manager),
        (ItemKind.VETTING, sides.director),
    ):
        with pytest.raises(Refused), write():
            actions.confirm_item(drafted.id, kind, "Seen", by)
    with pytest.raises(Refusal, match="setting the places"), write():
        actions.confirm_item(drafted.id, ItemKind.PLACES, "Seen", sides.service_manager)
    assert db.session.scalar(select(func.count(MobilisationItem.confirmed_at))) == 0


def test_the_provider_does_not_open_its_own_contract(drafted, sides):
    sign_both(drafted, sides)
    with pytest.raises(Refused), write():
        actions.go_live(drafted.id, sides.service_manager)
