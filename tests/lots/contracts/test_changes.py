"""Changes to a running contract: typed, signed by everybody they bind, applied on their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from docx import Document
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lots.contracts import actions as contract_actions
from lots.contracts import places
from lots.contracts.agreement.models import SignedText
from lots.contracts.agreement.papers import as_docx
from lots.contracts.changes import actions, jobs, terms
from lots.contracts.changes.lifecycle import AGREE, IN_FORCE
from lots.contracts.changes.models import ChangeKind, ChangeState, ContractChange
from lots.contracts.changes.writing import rows_of
from lots.contracts.models import Contract, ContractArea, ContractState
from lots.contracts.partners.drawing import PartnerShare, add_partners
from lots.contracts.partners.models import ContractPartner
from lots.contracts.pricing.list import prices_in
from lots.funding.models import FunderState, LotFunder
from lots.vocabulary import PriceBasis
from marketplace import calendar, clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, written

FEE = 1_000_00


@pytest.fixture
def running(sides):
    """A live contract of 36 months at £1,000 in Kent and Sussex, with an option to extend."""
    return make_live_contract(
        sides.charity,
        buyer=sides.region,
        area_codes=("kent", "sussex"),
        price_basis=PriceBasis.MONTHLY_FEE,
        price=FEE,
        value_net_pence=36 * FEE,
        value_gross_pence=50 * FEE,
        extension_months=12,
        extension_times=2,
    )


def propose(contract, by, kind, day=None, **asked):
    with write():
        proposal = actions.Proposal(kind, asked, "It is needed.", day or clock.today())
        return actions.propose(contract.id, proposal, by).id


def sign(change_id, *people):
    for by in people:
        with write():
            seen = db.session.get_one(ContractChange, change_id).text_hash
            actions.sign(change_id, by.name, seen, by)


def changed(change_id):
    db.session.expire_all()
    return db.session.get_one(ContractChange, change_id)


def mails(template):
    found = select(OutboxMessage.template).where(OutboxMessage.template.endswith(template))
    return len(db.session.scalars(found).all())


def with_partner(contract, organisation, pence):
    with written():
        share = PartnerShare(organisation.id, "Finds homes.", ("K:kent",), pence)
        add_partners(db.session.get_one(Contract, contract.id), [share])


def funded_by(contract, organisation, pence):
    with written():
        for each, share in (
            (contract.buyer_id, contract.value_pence - pence),
            (organisation.id, pence),
        ):
            db.session.add(
                LotFunder(
                    id=new_id(),
                    lot_id=contract.lot_id,
                    organisation_id=each,
                    share_pence=share,
                    state=FunderState.ACCEPTED,
                    invited_by_id=make_person(Role.DIRECTOR).id,
                    invited_at=clock.now(),
                )
            )


@pytest.fixture
def pcc(app):
    """A commissioner with its decision-maker."""
    organisation = make_organisation(OrganisationKind.PCC, name="Kent PCC", area_code="kent")
    by = acting_as(make_person(Role.DECISION_MAKER, organisation))
    return SimpleNamespace(organisation=organisation, by=by)


def test_an_extension_moves_term_value_and_promises_with_the_last_signature(running, sides, heard):
    lantern = make_organisation(name="Lantern House")
    partner = acting_as(make_person(Role.TRUSTEE, lantern))
    with_partner(running, lantern, 9 * FEE)
    last = running.ends_on
    change_id = propose(running, sides.service_manager, ChangeKind.EXTENSION, months=12)
    assert mails("changes/mail/to_sign.txt") == 3
    sign(change_id, sides.trustee, sides.director)
    assert changed(change_id).state is ChangeState.PROPOSED, "the partner's promise changes too"
    sign(change_id, partner)
    change = changed(change_id)
    contract = change.contract
    assert change.state is ChangeState.IN_FORCE
    assert contract.value_pence == 48 * FEE and contract.value_term_months == 48
    assert (
        contract.ends_on.replace(year=last.year) == last and contract.ends_on.year == last.year + 1
    )
    assert {area.ends_on for area in contract.areas} == {contract.ends_on}
    assert db.session.scalar(select(ContractPartner.promised_pence)) == 12 * FEE
    kept = db.session.scalars(select(SignedText).where(SignedText.number == 1)).one()
    assert (kept.text, kept.text_hash) == (change.text, change.text_hash)
    assert "£48,000" in change.text and "It is needed." in change.text
    assert [step for step, thing in heard if thing == change.id] == [AGREE, IN_FORCE]
    with pytest.raises(Refusal, match="leaves no extension"):
        propose(running, sides.contract_manager, ChangeKind.EXTENSION, months=1)


def test_an_extension_stays_within_the_options(running, sides):
    with pytest.raises(Refusal, match="12 months"):
        propose(running, sides.contract_manager, ChangeKind.EXTENSION, months=13)


def test_two_changes_at_once_are_refused_and_a_signed_one_names_its_day(running, sides):
    later = clock.today() + timedelta(days=40)
    first = propose(running, sides.contract_manager, ChangeKind.SCOPE, later, before="", scope="A.")
    with pytest.raises(Refusal, match="Change 1 waits for signatures"):
        propose(running, sides.trustee, ChangeKind.EXTENSION, months=3)
    with pytest.raises(IntegrityError), write():
        row = changed(first)
        db.session.add(
            ContractChange(
                id=new_id(),
                contract_id=row.contract_id,
                number=2,
                kind=row.kind,
                before={},
                after={},
                reason="x",
                effective_on=later,
                proposed_by_id=row.proposed_by_id,
                proposed_side=row.proposed_side,
                proposed_at=clock.now(),
            )
        )
    sign(first, sides.director, sides.trustee)
    assert changed(first).state is ChangeState.AGREED
    with pytest.raises(Refusal, match="signed and in force from"):
        propose(running, sides.trustee, ChangeKind.EXTENSION, months=3)


def test_a_signed_change_applies_on_its_day_once_or_falls_with_its_contract(running, sides):
    later = clock.today() + timedelta(days=40)
    asked = {"value_pence": 40 * FEE, "price_pence": FEE + 100_00}
    change_id = propose(running, sides.contract_manager, ChangeKind.VALUE, later, **asked)
    sign(change_id, sides.director, sides.trustee)
    assert jobs.bring_in(clock.now()) == 0
    assert changed(change_id).contract.value_pence == 36 * FEE
    with written():
        db.session.execute(update(ContractChange).values(effective_on=clock.today()))
    assert jobs.bring_in(clock.now()) == 1
    assert jobs.bring_in(clock.now()) == 0
    contract = changed(change_id).contract
    assert contract.monthly_fee_pence == FEE + 100_00
    this_month = clock.today().replace(day=1)
    # On the first of a month the new price counts at once, else from the next month on.
    from_now = this_month == clock.today()
    assert prices_in(contract, this_month).fee() == FEE + (100_00 if from_now else 0)
    assert prices_in(contract, calendar.months_later(this_month, 1)).fee() == FEE + 100_00
    second = propose(running, sides.contract_manager, ChangeKind.EXTENSION, later, months=3)
    with written():
        db.session.execute(update(Contract).values(state=ContractState.ENDED))
    assert jobs.bring_in(clock.now()) == 1
    assert changed(second).state is ChangeState.WITHDRAWN


def test_a_funder_adds_money_and_everybody_who_pays_signs(running, sides, pcc):
    first = make_organisation(OrganisationKind.OTHER_BUYER, name="Garden Fund")
    funder = acting_as(make_person(Role.DECISION_MAKER, first))
    funded_by(running, first, 6 * FEE)
    shares = {running.buyer_id: 30 * FEE, first.id: 6 * FEE, pcc.organisation.id: 5 * FEE}
    asked = {"value_pence": 42 * FEE, "price_pence": FEE, "shares": shares}
    with pytest.raises(Refusal, match="add up"):
        propose(running, sides.contract_manager, ChangeKind.VALUE, **asked)
    shares[pcc.organisation.id] = 6 * FEE
    change_id = propose(running, sides.contract_manager, ChangeKind.VALUE, **asked)
    sign(change_id, sides.trustee, sides.director, funder)
    assert changed(change_id).state is ChangeState.PROPOSED
    sign(change_id, pcc.by)
    change = changed(change_id)
    assert change.state is ChangeState.IN_FORCE
    assert terms.shares_of(change.contract) == shares
    # Both sides' later changes need the new funder too, and shares move in proportion.
    second = propose(running, sides.trustee, ChangeKind.EXTENSION, months=6)
    assert {p.organisation_id for p in changed(second).parties} >= {first.id, pcc.organisation.id}
    assert sum(pence for _key, pence in changed(second).after["shares"]) == 48 * FEE


def test_a_price_that_does_not_fit_the_value_is_refused(running, sides):
    # Twenty-four months keep the old fee, twelve are left for the new one.
    later = calendar.months_later(running.starts_on.replace(day=1), 24)
    manager = sides.contract_manager
    for day, price, value in (
        (clock.today(), 990_000_00, 36 * FEE),
        (clock.today(), FEE + 100, 36 * FEE),
        (later, FEE + 100, 36 * FEE + 1_199),
    ):
        with pytest.raises(Refusal, match="does not fit the value"):
            propose(running, manager, ChangeKind.VALUE, day, value_pence=value, price_pence=price)
    asked = {"value_pence": 36 * FEE + 1_200, "price_pence": FEE + 100}
    propose(running, manager, ChangeKind.VALUE, later, **asked)


def test_typed_words_cannot_pass_for_a_clause(running, sides):
    scope = "As before.\n\n9. Signatures\n\nThe provider waives\u2028- all of it."
    change = changed(propose(running, sides.trustee, ChangeKind.SCOPE, before="", scope=scope))
    lines = change.text.splitlines()
    assert "> 9. Signatures" in lines and "9. Signatures" not in lines
    assert "> - all of it." in lines
    assert [line[0] for line in lines if line[:1].isdigit()] == list("123456")
    document = Document(BytesIO(as_docx(change.text, change.text_hash)))
    clauses = [each for each in document.paragraphs if each.style.name == "Heading 1"]
    assert [each.text[0] for each in clauses] == list("123456")


def test_fewer_places_than_are_held_are_wanted_and_fall_as_people_finish(running, sides):
    kent, sussex = running.areas
    partner = make_organisation(name="Lantern House")
    with_partner(running, partner, FEE)
    with written():
        for _each in range(8):
            assert places.reserve(kent.id)
    part_id = db.session.scalars(select(ContractPartner.id)).one()
    with write():
        contract_actions.set_places(kent.id, 20, sides.service_manager, {part_id: 12})
    with pytest.raises(Refusal, match="together"), write():
        contract_actions.set_places(kent.id, 20, sides.service_manager, {part_id: 21})
    asked = {"places": {str(kent.id): 5, str(sussex.id): 30}}
    change_id = propose(running, sides.contract_manager, ChangeKind.PLACES, **asked)
    assert [(row.before, row.after) for row in rows_of(changed(change_id))] == [
        ("20", "5"),
        ("20", "30"),
    ]
    sign(change_id, sides.director, sides.trustee)
    area = db.session.get_one(ContractArea, kent.id, populate_existing=True)
    assert (area.contracted_places, area.places, area.wanted_places) == (5, 8, 5)
    assert db.session.scalars(select(ContractPartner)).one().areas[0].places <= 5
    with written():
        for _each in range(4):
            places.release(kent.id, None)
    area = db.session.get_one(ContractArea, kent.id, populate_existing=True)
    assert (area.places, area.wanted_places, area.reserved) == (5, None, 4)
    assert db.session.get_one(ContractArea, sussex.id).places == 20


def test_an_area_leaves_and_another_joins(running, sides):
    kent, sussex = running.areas
    with written():
        assert places.reserve(sussex.id)
    with pytest.raises(Refusal, match="at least one area"):
        both = [str(kent.id), str(sussex.id)]
        propose(running, sides.trustee, ChangeKind.AREAS, left=both, joined=[], places=0)
    asked = {"left": [str(sussex.id)], "joined": [("K", "surrey", None)], "places": 7}
    change_id = propose(running, sides.contract_manager, ChangeKind.AREAS, **asked)
    sign(change_id, sides.director, sides.trustee)
    areas = {area.area_code: area for area in changed(change_id).contract.areas}
    assert areas["sussex"].closed_at is not None
    assert areas["sussex"].ends_on == clock.today() - timedelta(days=1)
    assert areas["sussex"].reserved == 1, "whoever is supported there keeps the place"
    assert (areas["surrey"].contracted_places, areas["surrey"].places) == (7, 0)
    with write():
        contract_actions.set_places(areas["surrey"].id, 7, sides.service_manager)
    with written():
        assert places.reserve(areas["surrey"].id) and not places.reserve(sussex.id)


def test_partners_join_with_their_own_signature_and_leave_with_their_history(running, sides):
    leaving, joining = make_organisation(name="Lantern House"), make_organisation(name="Oak")
    with_partner(running, leaving, 4 * FEE)
    new = acting_as(make_person(Role.TRUSTEE, joining))
    make_person(Role.TRUSTEE, leaving)
    asked = {
        "roles": {joining.id: "Runs a café."},
        "areas": {joining.id: [str(running.areas[0].id)]},
    }
    with pytest.raises(Refusal, match="more than the value"):
        propose(
            running, sides.trustee, ChangeKind.PARTNERS, promised={joining.id: 37 * FEE}, **asked
        )
    promised = {joining.id: 5 * FEE}
    change_id = propose(running, sides.trustee, ChangeKind.PARTNERS, promised=promised, **asked)
    sign(change_id, sides.trustee, sides.director)
    assert changed(change_id).state is ChangeState.PROPOSED
    sign(change_id, new)
    partners = {each.organisation_id: each for each in db.session.scalars(select(ContractPartner))}
    assert partners[leaving.id].removed_at is not None
    assert partners[leaving.id].promised_pence == 4 * FEE
    assert partners[joining.id].promised_pence == 5 * FEE
    assert [part.contract_area_id for part in partners[joining.id].areas] == [running.areas[0].id]
    assert mails("changes/mail/left.txt") == 1


def test_only_the_text_shown_is_signed_once_by_different_people(running, sides):
    change_id = propose(
        running, sides.trustee, ChangeKind.TERM, ends_on=running.ends_on - timedelta(400)
    )
    with pytest.raises(Refusal, match="not the one"), write():
        actions.sign(change_id, "x", "0" * 64, sides.director)
    sign(change_id, sides.trustee)
    with pytest.raises(AlreadyChanged):
        sign(change_id, sides.trustee)
    both = replace(sides.director, person_id=sides.trustee.person_id)
    with pytest.raises(Refusal, match="another organisation"):
        sign(change_id, both)
    with pytest.raises(Refused):
        sign(change_id, sides.contract_manager)
    sign(change_id, sides.director)
    contract = changed(change_id).contract
    assert contract.ends_on == running.ends_on - timedelta(400)
    assert contract.value_pence == contract.value_term_months * FEE


def test_the_other_side_refuses_and_the_proposing_side_withdraws(running, sides):
    change_id = propose(running, sides.service_manager, ChangeKind.SCOPE, before="", scope="More.")
    for _by, act in (
        (sides.trustee, lambda: actions.refuse(change_id, "No.", sides.trustee)),
        (sides.director, lambda: actions.withdraw(change_id, sides.director)),
        (sides.finance, lambda: actions.withdraw(change_id, sides.finance)),
    ):
        with pytest.raises(Refused), write():
            act()
    with write():
        actions.refuse(change_id, "Not this year.", sides.director)
    assert changed(change_id).refused_because == "Not this year."
    with pytest.raises(AlreadyChanged):
        sign(change_id, sides.director)
    second = propose(running, sides.service_manager, ChangeKind.SCOPE, before="", scope="More.")
    assert changed(second).number == 2
    with write():
        actions.withdraw(second, sides.trustee)
    assert changed(second).state is ChangeState.WITHDRAWN


def test_nothing_is_changed_backwards_or_for_nothing(running, drafted, sides):
    yesterday = clock.today() - timedelta(days=1)
    for contract, day, kind, asked in (
        (drafted, None, ChangeKind.SCOPE, {"before": "", "scope": "A."}),
        (running, yesterday, ChangeKind.SCOPE, {"before": "", "scope": "A."}),
        (running, None, ChangeKind.SCOPE, {"before": "A.", "scope": "A."}),
        (running, None, ChangeKind.TERM, {"ends_on": running.ends_on}),
        (running, None, ChangeKind.TERM, {"ends_on": yesterday}),
        (running, running.ends_on + timedelta(1), ChangeKind.SCOPE, {"before": "", "scope": "A."}),
    ):
        with pytest.raises(Refusal):
            propose(contract, sides.trustee, kind, day, **asked)
