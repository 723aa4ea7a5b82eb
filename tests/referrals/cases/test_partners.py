"""A partner sees and works on the cases of its own areas, while it takes part, and no others."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from referrals.answering import actions, assigning
from referrals.answering.queries import staff_for
from referrals.codes import ReferralState
from referrals.models import Caseworker, Referral
from referrals.permissions import visible_to
from referrals.queries import case
from tests.support.contracts import make_live_contract
from tests.support.mails import mails_to
from tests.support.partners import add_partner, remove_partner
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.referrals import accepted, again, finished_answers, send

IN_SUSSEX = {"area": {"area": "sussex"}}
RESTRICTED = {"restricted": {"is_restricted": "yes", "named": ""}}


@pytest.fixture
def shared(app):
    """A contract in Kent and Sussex; Second Street is a partner in Kent, Third Way in Sussex."""
    region = make_organisation(OrganisationKind.REGION, name="Kent", region_code="K")
    lead = make_organisation(name="Harbour Trust", contact_email="in@harbour.example")
    kent_partner = make_organisation(name="Second Street")
    sussex_partner = make_organisation(name="Third Way")
    people = {
        "practitioner": make_person(Role.PRACTITIONER, region),
        "manager": make_person(Role.SERVICE_MANAGER, lead),
        "caseworker": make_person(Role.CASEWORKER, lead, name="Own Worker"),
        "partner_manager": make_person(Role.SERVICE_MANAGER, kent_partner),
        "partner_worker": make_person(Role.CASEWORKER, kent_partner, name="Street Worker"),
        "partner_bidder": make_person(Role.BID_MANAGER, kent_partner),
        "elsewhere": make_person(Role.SERVICE_MANAGER, sussex_partner),
        "rival": make_person(Role.SERVICE_MANAGER),
    }
    contract = make_live_contract(lead, buyer=region, places=3, area_codes=("kent", "sussex"))
    kent, sussex = (each.id for each in contract.areas)
    return SimpleNamespace(
        people=people,
        by=SimpleNamespace(**{name: acting_as(person) for name, person in people.items()}),
        contract=contract,
        kent=kent,
        sussex=sussex,
        in_kent=add_partner(contract, kent_partner, [kent]),
        in_sussex=add_partner(contract, sussex_partner, [sussex]),
    )


def seen(by):
    return set(db.session.scalars(select(Referral.id).where(visible_to(by))))


def test_who_sees_what_by_role_and_relation(shared):
    by = shared.by.practitioner
    kent = send(shared.kent, by).id
    hidden = send(shared.kent, by, finished_answers(**RESTRICTED)).id
    sussex = send(shared.sussex, by, finished_answers(**IN_SUSSEX)).id
    send(shared.kent, by)
    waits = send(shared.kent, by).id
    placed = seen(by) - {waits}
    assert seen(shared.by.manager) == placed
    assert seen(shared.by.caseworker) == placed - {hidden}
    in_kent = placed - {hidden, sussex}
    assert seen(shared.by.partner_manager) == seen(shared.by.partner_worker) == in_kent
    assert seen(shared.by.elsewhere) == {sussex}
    assert seen(shared.by.rival) == seen(shared.by.partner_bidder) == set()
    with write():
        assigning.assign(hidden, shared.by.partner_worker.person_id, shared.by.manager)
    # Once one of its people works on a restricted case, the partner's manager knows of it.
    assert seen(shared.by.partner_worker) == seen(shared.by.partner_manager) == in_kent | {hidden}
    assert kent in in_kent
    remove_partner(shared.contract, shared.in_kent)
    assert seen(shared.by.partner_worker) == seen(shared.by.partner_manager) == set()
    assert db.session.scalars(select(Caseworker).where(Caseworker.until.is_(None))).all() == []
    assert seen(shared.by.manager) == placed


def test_a_partner_answers_and_works_in_its_own_area_only(shared):
    kent = send(shared.kent, shared.by.practitioner)
    sussex = send(shared.sussex, shared.by.practitioner, finished_answers(**IN_SUSSEX))
    assert accepted(kent, shared.by.partner_worker).state == ReferralState.ACCEPTED
    with pytest.raises(NotYours), write():
        actions.accept(sussex.id, shared.by.partner_worker)
    remove_partner(shared.contract, shared.in_kent)
    with pytest.raises(NotYours):
        case(kent.id, shared.by.partner_worker)
    assert again(sussex.id).state == ReferralState.SENT


def test_the_lead_assigns_own_and_partners_people_a_partner_its_own(shared):
    referral = accepted(send(shared.kent, shared.by.practitioner), shared.by.manager)
    names = [each.name for each in staff_for(referral, shared.by.manager)]
    assert "Own Worker" in names and "Street Worker" in names
    assert len(names) == 4  # of the lead and of the partner in Kent, nobody of the one in Sussex
    assert {each.organisation for each in staff_for(referral, shared.by.partner_manager)} == {
        "Second Street"
    }
    own, theirs = shared.by.caseworker.person_id, shared.by.partner_worker.person_id
    with pytest.raises(Refusal), write():
        assigning.assign(referral.id, own, shared.by.partner_manager)
    with pytest.raises(Refusal), write():
        assigning.assign(referral.id, shared.by.elsewhere.person_id, shared.by.manager)
    with write():
        assigning.assign(referral.id, own, shared.by.manager)
        assigning.assign(referral.id, theirs, shared.by.manager)
        assigning.assign(referral.id, theirs, shared.by.manager)
    for name in ("caseworker", "partner_worker"):
        told = [mail.template for mail in mails_to(shared.people[name].email)]
        assert told == ["referrals/mail/assigned.txt"], name
    with write():
        assigning.unassign(referral.id, own, shared.by.partner_manager)
    assert working(referral) == {own, theirs}
    with write():
        assigning.unassign(referral.id, theirs, shared.by.partner_manager)
    assert working(referral) == {own}
    last = mails_to(shared.people["partner_worker"].email)[-1]
    assert last.template == "referrals/mail/unassigned.txt"


def working(referral):
    return set(
        db.session.scalars(
            select(Caseworker.person_id).where(
                Caseworker.referral_id == referral.id, Caseworker.until.is_(None)
            )
        )
    )


def test_several_are_assigned_on_one_page_and_taken_off_again(shared, client):
    referral = accepted(send(shared.kent, shared.by.practitioner), shared.by.manager)
    sign_in(client, shared.people["manager"])
    page = client.show(f"/cases/{referral.id}")
    assert "Assign people" in page.links()
    form = client.show(f"/cases/{referral.id}/assign")
    assert "Street Worker (partner: Second Street)" in form.text
    chosen = [str(shared.people[each].id) for each in ("caseworker", "partner_worker")]
    page = client.submit(form, "Assign", fields={"people": chosen}).page
    assert "Remove Own Worker" in page.text and "Remove Street Worker" in page.text
    page = client.submit(f"/cases/{referral.id}/people", "Remove Own Worker").page
    assert "Own Worker" not in page.text and "Street Worker" in page.text
    sign_in(client, shared.people["partner_manager"])
    offered = client.show(f"/cases/{referral.id}/assign").text
    assert "Own Worker" not in offered and shared.people["partner_manager"].name in offered
