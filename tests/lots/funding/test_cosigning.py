"""Co-signatures: who must give one, for what exactly, and what voids it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lots import actions as lots
from lots import jobs
from lots.funding import cosigning
from lots.funding.models import LotSignature, Purpose
from lots.funding.parties import signers
from lots.funding.signing import terms_hash, unsigned
from lots.models import Lot
from lots.proportionality.actions import overridable_finding, override, withdraw_override
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.overtaken import fingerprint
from marketplace.permissions import Refused
from tests.support.competition import move_to
from tests.support.funding import (
    accept,
    decider_of,
    invite,
    lead_of,
    make_funded_lot,
    make_funder,
    save,
    shares,
    sign,
)
from tests.support.lots import make_lot, make_region
from tests.support.people import acting_as, give_role, make_organisation, make_person


def _held(lot):
    db.session.expire_all()
    return db.session.get_one(Lot, lot.id)


def _unsigned(lot):
    return [each.name for each in unsigned(_held(lot), Purpose.PUBLICATION)]


def _publish(lot):
    with write():
        lots.publish_lot(lot.id, decider_of(lot.lead_buyer))
    return _held(lot).state


def test_a_lot_opens_once_every_funder_that_asks_for_it_has_signed(app):
    lot, (one, other) = make_funded_lot(60_000_00, 40_000_00)
    assert sorted(_unsigned(lot)) == sorted([one.name, other.name])
    sign(lot, one)
    with pytest.raises(Refusal, match=f"{other.name} has not co-signed"):
        _publish(lot)
    sign(lot, other)
    assert _publish(lot) is LotState.OPEN


def test_a_funder_that_does_not_ask_to_sign_does_not_hold_the_lot_up(app):
    lot, _funders = make_funded_lot(60_000_00, asks_to_sign=False)
    assert _unsigned(lot) == []
    assert _publish(lot) is LotState.OPEN


@pytest.mark.parametrize(
    "change",
    [
        lambda lot: setattr(lot, "summary", "Something else."),
        lambda lot: setattr(lot, "price_weight", 31),
        lambda lot: setattr(lot.areas[0], "places", 31),
        lambda lot: setattr(lot.criteria[0], "weight", 49),
        lambda lot: setattr(lot.questions[0], "text", "Otherwise?"),
    ],
    ids=["summary", "price weight", "places", "criterion", "question"],
)
def test_any_change_of_what_was_signed_voids_the_signature(app, change):
    lot, (funder,) = make_funded_lot(60_000_00)
    sign(lot, funder)
    assert _unsigned(lot) == []
    with write():
        change(db.session.get_one(Lot, lot.id))
    assert _unsigned(lot) == [funder.name]
    with pytest.raises(Refusal):
        _publish(lot)


def test_changed_shares_void_every_signature(app):
    lot, (one, other) = make_funded_lot(60_000_00, 40_000_00)
    sign(lot, one)
    save(lot, {lot.lead_buyer_id: 255_000_00, one.id: 60_000_00, other.id: 45_000_00})
    assert one.name in _unsigned(lot)


def test_what_merely_happens_to_a_lot_voids_nothing(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    sign(lot, funder)
    with write():
        lots.plan_lot(lot.id, lead_of(lot.lead_buyer))
    assert _held(lot).state is LotState.PLANNED
    assert _unsigned(lot) == []


def test_a_signed_lot_opens_by_itself_on_another_day_than_it_expected(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    sign(lot, funder)
    opens_at = clock.now() + timedelta(days=3)
    assert calendar.day_of(opens_at) != lot.opens_on
    with write():
        lots.approve_lot(lot.id, opens_at, decider_of(lot.lead_buyer))
    assert _unsigned(lot) == []
    move_to(opens_at)
    assert jobs.open_due(clock.now()) == 1
    assert _held(lot).state is LotState.OPEN


def test_a_rule_set_aside_for_another_reason_voids_the_signature(app):
    lot, (funder,) = make_funded_lot(60_000_00, forbids_speaking=True)
    director = decider_of(lot.lead_buyer)

    def set_aside(reason):
        figures = dict(overridable_finding(_held(lot), "gagging").figures)
        with write():
            override(lot.id, "gagging", reason, fingerprint(figures), director)

    set_aside("The ward asked for it.")
    sign(lot, funder)
    assert _unsigned(lot) == []
    set_aside("The court asked for it.")
    assert _unsigned(lot) == [funder.name]
    sign(lot, funder)
    with write():
        withdraw_override(lot.id, _held(lot).overrides[-1].id, director)
    assert _unsigned(lot) == [funder.name]


def test_what_is_signed_is_what_was_read(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    seen = terms_hash(_held(lot))
    with write():
        db.session.get_one(Lot, lot.id).summary = "Something else."
    with pytest.raises(Refusal, match="changed after you opened it"), write():
        cosigning.sign_publication(lot.id, seen, decider_of(funder))


def test_an_unfinished_lot_is_not_signed(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    with write():
        db.session.get_one(Lot, lot.id).summary = ""
    with pytest.raises(Refusal, match="not complete"):
        sign(lot, funder)
    with pytest.raises(Refusal, match="not complete"), write():
        cosigning.ask_to_sign(lot.id, lead_of(lot.lead_buyer))


def test_one_person_signs_for_one_organisation_only(app):
    lot, (one, other) = make_funded_lot(60_000_00, 40_000_00)
    person = make_person(Role.DECISION_MAKER, one)
    give_role(person, other, Role.DECISION_MAKER)
    give_role(person, lot.lead_buyer, Role.DIRECTOR)
    sign(lot, one, acting_as(person, one))
    with pytest.raises(Refusal, match="signed for another organisation"):
        sign(lot, other, acting_as(person, other))
    sign(lot, other)
    with pytest.raises(Refusal, match="co-signed this lot for another"), write():
        lots.publish_lot(lot.id, acting_as(person, lot.lead_buyer))


def test_who_wrote_in_the_draft_does_not_sign_it(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    drafter = db.session.get_one(Lot, lot.id).drafted_by_id
    both = make_person(Role.DECISION_MAKER, funder)
    with write():
        db.session.get_one(Lot, lot.id).drafted_by_id = both.id
    with pytest.raises(Refusal, match="You wrote in this draft"):
        sign(lot, funder, acting_as(both, funder))
    assert drafter is not None


def test_a_lead_or_a_stranger_does_not_sign(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    for by in (lead_of(funder), decider_of(make_funder()), decider_of(lot.lead_buyer)):
        with pytest.raises(Refused):
            sign(lot, funder, by)


def test_the_same_signature_is_given_once(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    sign(lot, funder)
    with pytest.raises(AlreadyChanged):
        sign(lot, funder)
    given = db.session.scalars(select(LotSignature).where(LotSignature.lot_id == lot.id)).all()
    assert [(each.organisation_id, each.role) for each in given] == [
        (funder.id, Role.DECISION_MAKER)
    ]


def test_those_who_must_sign_are_asked_by_mail_and_the_lead_hears_when_all_have(app):
    lot, (funder,) = make_funded_lot(60_000_00)
    decider = decider_of(funder)
    with write():
        assert cosigning.ask_to_sign(lot.id, lead_of(lot.lead_buyer)) == 1
    sign(lot, funder, decider)
    mails = {each.template.rpartition("/")[2] for each in db.session.scalars(select(OutboxMessage))}
    assert {"please_sign.txt", "all_signed.txt"} <= mails


TWO_REGIONS = [("F", "derbyshire", 30), ("C", "south-yorkshire", 10)]


def test_the_director_of_every_other_region_reached_signs(app):
    yorkshire = make_region("C")
    lot = make_lot(LotState.DRAFT, areas=TWO_REGIONS)
    (signer,) = signers(_held(lot))
    assert yorkshire.id in signer.organisation_ids
    with pytest.raises(Refusal, match="has not co-signed"):
        _publish(lot)
    sign(lot, yorkshire)
    assert _publish(lot) is LotState.OPEN
    assert shares(lot.id) == {lot.lead_buyer_id: 360_000_00}


def test_a_region_that_is_not_here_yet_cannot_be_left_out(app):
    lot = make_lot(LotState.DRAFT, areas=[("F", "derbyshire", 30), ("L", "cheshire", 10)])
    with pytest.raises(Refusal, match="whose director must co-sign"):
        _publish(lot)


def test_a_commissioner_buys_alone_in_one_region_and_with_directors_beyond(app):
    pcc = make_organisation(OrganisationKind.PCC, region_code="F", area_code="derbyshire")
    lot = make_lot(LotState.DRAFT, buyer=pcc)
    assert signers(_held(lot)) == []
    region = make_region("C")
    wider = make_lot(LotState.DRAFT, buyer=pcc, areas=TWO_REGIONS)
    assert [region.id in each.organisation_ids for each in signers(_held(wider))] == [True]


def test_a_national_lot_of_another_buyer_is_signed_by_every_region(app):
    fund = make_organisation(OrganisationKind.OTHER_BUYER)
    regions = {code: make_region(code) for code in ("C", "F", "K")}
    areas = [*TWO_REGIONS, ("K", "kent", 5)]
    lot = make_lot(LotState.DRAFT, buyer=fund, areas=areas)
    assert len(signers(_held(lot))) == 3
    for region in regions.values():
        sign(lot, region)
    assert _publish(lot) is LotState.OPEN


def test_a_commissioner_leads_and_a_region_pays_and_signs(app):
    pcc = make_organisation(OrganisationKind.PCC, region_code="F", area_code="derbyshire")
    lot = make_lot(LotState.DRAFT, buyer=pcc)
    region = make_funder(OrganisationKind.REGION, region_code="F")
    invite(lot, region, 160_000_00)
    accept(lot, region)
    sign(lot, region)
    assert _publish(lot) is LotState.OPEN
    assert shares(lot.id) == {pcc.id: 200_000_00, region.id: 160_000_00}
