"""Whoever is tied to a named partner is tied to its bid: before the opening and after it."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import select, text

from bids.evaluation import actions as evaluating
from bids.evaluation import panel
from bids.evaluation import queries as evaluations
from bids.evaluation.permissions import has_interest
from bids.partners import actions, answering
from bids.partners.models import LeftAs, OpenedPartner
from bids.partners.opening import opened_partners
from lots import actions as lot_actions
from lots.vocabulary import EndReason
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import Refused
from tests.support.bid_partners import (
    confirmed_partner,
    drafted_bid,
    invite,
    invite_by_mail,
    manager_of,
    submit,
    withdraw,
)
from tests.support.bids import (
    bid_as_stored,
    moderating_competition,
    opened_competition,
    priced_competition,
)
from tests.support.lots import make_open_lot, pass_closing
from tests.support.mails import mails_to
from tests.support.people import acting_as, give_role, make_organisation, make_person, sign_in
from tests.support.pipeline import follow

SHARE_SHOWN = "£61,234.56"


def naming(organisation, pence=61_234_56):
    def prepare(bid_id, by):
        confirmed_partner(bid_id, by, organisation, pence)

    return prepare


def director_at(lot, organisation):
    director = make_person(Role.DIRECTOR, lot.lead_buyer)
    give_role(director, organisation, Role.TRUSTEE)
    return acting_as(director, lot.lead_buyer)


def test_the_opening_names_partners_to_the_buyer_and_their_shares_only_with_the_prices(app):
    ivy = make_organisation(name="Ivy Mentors")
    competition = moderating_competition(prepare=naming(ivy))
    client = app.test_client()
    sign_in(client, competition.officer)
    address = f"/evaluations/{competition.evaluation_id}/bids/{competition.bids[0]}"
    page = client.show(address)
    assert "Ivy Mentors" in page.text and "Mentoring, our words" in page.text
    assert "Derbyshire" in page.text
    assert SHARE_SHOWN not in page.text
    assert "Share: sealed until the scores are agreed" in page.text
    priced = priced_competition(prepare=naming(ivy))
    sign_in(client, priced.officer)
    page = client.show(f"/evaluations/{priced.evaluation_id}/bids/{priced.bids[0]}")
    assert SHARE_SHOWN in page.text


def test_a_withdrawn_name_is_shown_beside_the_partner_with_its_moment(app):
    lot = make_open_lot()
    bid_id, lead = drafted_bid(lot=lot)
    partner_id, partner = confirmed_partner(bid_id, lead)
    submit(bid_id, lead)
    withdraw(partner_id, partner)
    open_bids(lot)
    [opened] = opened_partners(bid_id)
    assert opened.left_as == LeftAs.WITHDRAWN and opened.left_at is not None
    officer = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer)
    client = app.test_client()
    sign_in(client, officer)
    evaluation = evaluations.evaluation_of(lot.id)
    page = client.show(f"/evaluations/{evaluation.id}/bids/{bid_id}")
    assert "Withdrew its name on" in page.text


def open_bids(lot):
    from bids.opening.actions import confirm_opening

    pass_closing(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        with write():
            confirm_opening(lot.id, acting_as(make_person(role, lot.lead_buyer), lot.lead_buyer))


def test_only_those_in_the_submitted_version_come_to_light(app):
    lot = make_open_lot()
    bid_id, lead = drafted_bid(lot=lot)
    gone, gone_by = confirmed_partner(bid_id, lead)
    stays, _by = confirmed_partner(bid_id, lead, make_organisation(name="Holly Works"))
    withdraw(gone, gone_by)
    with write():
        actions.remove(bid_id, gone, lead)
    submit(bid_id, lead)
    open_bids(lot)
    assert [each.name for each in opened_partners(bid_id)] == ["Holly Works"]


def test_people_of_a_named_partner_read_score_and_decide_nothing(app):
    ivy = make_organisation()
    competition = opened_competition(prepare=naming(ivy))
    evaluator = make_person(Role.EVALUATOR, competition.buyer)
    assert not has_interest(evaluator.id, competition.lot.id)
    give_role(evaluator, ivy, Role.CASEWORKER)
    assert has_interest(evaluator.id, competition.lot.id)
    evaluation = evaluations.get(competition.evaluation_id)
    assert evaluator.id not in {each.id for each in panel.free(evaluation)}
    officer = competition.acting(competition.officer)
    with pytest.raises(Refusal), write():
        evaluating.assign(competition.evaluation_id, evaluator.id, officer)
    seated = competition.evaluators[0]
    give_role(seated, ivy, Role.TRUSTEE)
    client = app.test_client()
    sign_in(client, seated, competition.buyer)
    client.show(f"/evaluations/{competition.evaluation_id}", status=404)
    director = make_person(Role.DIRECTOR, competition.buyer)
    give_role(director, ivy, Role.TRUSTEE)
    sign_in(client, director, competition.buyer)
    client.show(f"/evaluations/{competition.evaluation_id}", status=404)


def test_a_director_tied_to_a_partner_cancels_no_lot_while_the_bid_is_sealed(app):
    lot, ivy = make_open_lot(), make_organisation()
    bid_id, lead = drafted_bid(lot=lot)
    director = director_at(lot, ivy)
    confirmed_partner(bid_id, lead, ivy)
    submit(bid_id, lead)
    with pytest.raises(Refused), write():
        lot_actions.cancel_lot(lot.id, EndReason.OTHER, director)


def test_one_tied_only_to_a_draft_or_to_who_declined_is_not_kept_away(app):
    for answer in ("draft", "declined"):
        lot, ivy = make_open_lot(), make_organisation()
        bid_id, lead = drafted_bid(lot=lot)
        director, partner = director_at(lot, ivy), manager_of(ivy)
        if answer == "draft":
            confirmed_partner(bid_id, lead, ivy)
        else:
            partner_id = invite(bid_id, lead, ivy)
            with write():
                answering.decline(partner_id, partner)
            with write():
                actions.remove(bid_id, partner_id, lead)
            submit(bid_id, lead)
        with write():
            lot_actions.cancel_lot(lot.id, EndReason.OTHER, director)


def test_a_name_withdrawn_after_submission_still_ties_while_the_version_names_it(app):
    lot, ivy = make_open_lot(), make_organisation()
    bid_id, lead = drafted_bid(lot=lot)
    director = director_at(lot, ivy)
    partner_id, by = confirmed_partner(bid_id, lead, ivy)
    submit(bid_id, lead)
    withdraw(partner_id, by)
    with pytest.raises(Refused), write():
        lot_actions.cancel_lot(lot.id, EndReason.OTHER, director)


def test_people_of_a_partner_are_not_asked_why_they_did_not_bid(app):
    lot, ivy, other = make_open_lot(), make_organisation(), make_organisation()
    people = [make_person(Role.SERVICE_MANAGER, each) for each in (ivy, other)]
    for person in people:
        follow(lot, acting_as(person))
    bid_id, lead = drafted_bid(lot=lot)
    confirmed_partner(bid_id, lead, ivy)
    submit(bid_id, lead)
    pass_closing(lot)
    asked = [
        any(mail.template.endswith("why_not.txt") for mail in mails_to(person.email))
        for person in people
    ]
    assert asked == [False, True]


def rows():
    """Every stored row as (table, its values as text), bytes also in base 64."""
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            yield table.name, " ".join(map(_as_text, row)).replace("-", "")


def _as_text(value):
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        return f"{data.decode('latin-1')} {base64.b64encode(data).decode()}"
    return str(value)


def test_until_the_opening_no_row_ties_a_partner_or_its_people_to_the_lot(app):
    lot, ivy = make_open_lot(), make_organisation(name="Zwetschgen Mentors")
    bid_id, lead = drafted_bid(lot=lot)
    partner_id, by = confirmed_partner(bid_id, lead, ivy)
    invited = invite_by_mail(bid_id, lead, "zwetschge@mentors.example")
    with write():
        actions.remove(bid_id, invited, lead)
    submit(bid_id, lead)
    withdraw(partner_id, by)
    people = db.session.scalars(select(Person)).all()
    of_partner = {str(ivy.id), str(by.person_id), ivy.name, "zwetschge@mentors.example"}
    of_partner |= {each.email for each in people if each.id == by.person_id}
    led_to = {str(each).replace("-", "") for each in (lot.id, bid_id, partner_id, invited)}
    seen = 0
    for table, row in rows():
        if any(each in row for each in led_to):
            seen += table == "bid_partner"
            for named in of_partner:
                assert named.replace("-", "") not in row, (table, named)
        assert "Mentoring, our words" not in row, table
    assert seen == 2, "the search must have found the parts themselves"


def test_the_keyed_hashes_of_one_organisation_are_alike_in_no_two_lots(app):
    ivy = make_organisation()
    manager_of(ivy)
    keys = set()
    for _lot in range(2):
        bid_id, lead = drafted_bid()
        partner = db.session.get_one(Organisation, ivy.id)
        invite(bid_id, lead, partner)
        stored = db.session.execute(
            text("SELECT partner_key, lot_key FROM bid_partner WHERE partner_key IS NOT NULL")
        ).all()
        keys |= {bytes(key) for row in stored for key in row}
    assert len(keys) == 4


def test_an_opened_partner_stands_encrypted_but_for_what_rules_ask(app):
    ivy = make_organisation(name="Zwetschgen Mentors")
    competition = priced_competition(prepare=naming(ivy))
    found = select(OpenedPartner).where(OpenedPartner.bid_id == competition.bids[0])
    opened = db.session.scalars(found).one()
    assert (opened.organisation_id, opened.share_pence) == (ivy.id, str(61_234_56))
    told = [row for table, row in rows() if table == "opened_partner"]
    assert told and not any("Mentoring, our words" in row or "6123456" in row for row in told)
    assert bid_as_stored(competition.bids[0]).organisation_id is not None
