"""The pages of lead and partner, the mailed link, and what mails and buyers are told."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sqlalchemy import select

from bids.partners import actions
from bids.partners.models import BidPartner, PartnerState
from lots.actions import cancel_lot
from lots.vocabulary import EndReason
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from tests.support.bid_partners import (
    confirmed_partner,
    drafted_bid,
    invite,
    invite_by_mail,
    manager_of,
    organisation_of,
    part,
    partner_as_stored,
)
from tests.support.bids import bid_as_stored
from tests.support.lots import pass_closing
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import acting_as, make_organisation, make_person, sign_in

HOSTILE = (
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "Tŷ’r Ysgol 🦊 é",
    "x" * 5_000,
    "100%_\\",
    " ",
    "\x00",
)


def person_of(by):
    return db.session.get_one(Person, by.person_id)


def signed_in(app, by):
    client = app.test_client()
    sign_in(client, person_of(by))
    return client


def sent(client, path, button, fields, then):
    """The answer to a form of the page whose every field holds what no browser would send."""
    token = dict(client.show(path).form(button).values())["csrf_token"]
    return client.post(path, data={**fields, "then": then, "csrf_token": token})


def link_to(email="ivy@ivy.example"):
    return f"/partner-invitations/{facts_of_last_mail(email)['token']}"


def test_a_lead_finds_an_organisation_by_name_and_invites_it(app):
    bid_id, lead = drafted_bid()
    partner = manager_of(make_organisation(name="Ivy O’Neill & Sons"))
    client = signed_in(app, lead)
    page = client.submit(f"/bids/{bid_id}/partners/new", "Find", name="ivy o’neill").page
    answer = client.submit(
        page,
        "Send the invitation",
        chosen=str(partner.organisation_id),
        role="Mentoring",
        areas=["F:derbyshire"],
        share="£60,000.50",
    )
    assert "Ivy O’Neill & Sons" in answer.page.text
    assert "£60,000.50" in answer.page.text
    home = signed_in(app, partner).show("/")
    assert "You are invited to be a partner in a bid" in home.text
    shown = signed_in(app, partner).show("/partner-bids")
    assert bid_as_stored(bid_id).lot.title in shown.links()


def test_what_was_typed_is_kept_and_each_gap_is_named(app):
    bid_id, lead = drafted_bid()
    client = signed_in(app, lead)
    page = client.submit(f"/bids/{bid_id}/partners/new", "Find", name="Holly").page
    page = client.submit(page, "Send the invitation", chosen="by_mail", role="Our rooms").page
    for said in ("email address of somebody", "at least one area", "share in pounds"):
        assert said in page.text
    assert dict(page.form("Send the invitation").values())["role"] == "Our rooms"
    assert db.session.scalar(select(BidPartner.id)) is None


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_breaks_no_page_of_lead_or_partner(app, typed):
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    client = signed_in(app, lead)
    everything = {"name": typed, "email": typed, "role": typed, "share": typed, "edition": typed}
    everything |= {"chosen": typed, "areas": typed}
    for path, button in (("new", "Find"), (str(partner_id), "Change the proposal")):
        for then in ("find", typed):
            answer = sent(client, f"/bids/{bid_id}/partners/{path}", button, everything, then)
            assert answer.status_code < 500
            assert "<script>alert" not in answer.get_data(as_text=True)
    assert client.get(f"/partner-invitations/{quote(typed, safe='')}").status_code in (404, 410)


def test_the_link_says_who_invites_to_what_and_opening_it_does_nothing(app):
    bid_id, lead = drafted_bid("Oak & Anchor")
    partner_id = invite_by_mail(bid_id, lead)
    page = app.test_client().show(link_to())
    for said in ("Oak & Anchor", bid_as_stored(bid_id).lot.title, "£60,000", "Derbyshire"):
        assert said in page.text
    assert partner_as_stored(partner_id).state == PartnerState.INVITED


def test_a_visitor_declines_without_an_account_and_the_link_is_over(app):
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    link, client = link_to(), app.test_client()
    answer = client.submit(link, "Decline")
    assert "You have declined" in answer.page.text
    assert partner_as_stored(partner_id).state == PartnerState.DECLINED
    assert "has been declined" in client.show(link, status=410).text


def test_a_visitor_who_presses_on_is_sent_to_sign_in_and_comes_back(app):
    bid_id, lead = drafted_bid()
    invite_by_mail(bid_id, lead)
    link, client = link_to(), app.test_client()
    ways = client.show(link).links()
    assert link in ways["Sign in"] and link in ways["Register"]
    answer = sent(client, link, "Decline", {}, "take_up")
    assert answer.status_code == 303 and answer.location == link


def test_whoever_signs_in_takes_the_link_up_and_goes_on_to_confirm(app):
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    link, holly = link_to(), manager_of(make_organisation(name="Holly Works"))
    client = signed_in(app, holly)
    page = client.submit(link, "Take this up as Holly Works").page
    answer = client.submit(
        page,
        "Confirm our part",
        share="55,000",
        declarations=["agreed", "no_exclusion", "no_conflict"],
    )
    assert "Confirm all of the statements" in answer.page.text
    answer = client.submit(answer.page, "Confirm our part", declarations=True)
    assert "Your part is confirmed" in answer.page.text
    assert partner_as_stored(partner_id).state == PartnerState.CONFIRMED
    shown = signed_in(app, lead).show(f"/bids/{bid_id}/partners")
    assert "£55,000" in shown.text and "It differs from what you proposed" in shown.text


def test_the_statements_are_never_filled_in_beforehand(app):
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    client = signed_in(app, by)
    page = client.submit(f"/partner-bids/{partner_id}", "Change it").page
    values = dict(page.form("Confirm our part").values())
    assert "declarations" not in values
    assert values["role"] == "Mentoring, our words"


def test_the_lead_cannot_reach_the_partners_pages(app):
    bid_id, lead = drafted_bid()
    partner_id, _by = confirmed_partner(bid_id, lead)
    client = signed_in(app, lead)
    for path in ("", "/confirm", "/withdraw"):
        assert client.get(f"/partner-bids/{partner_id}{path}").status_code == 404


def test_confirming_asks_for_the_second_factor_and_looking_does_not(app):
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    client = app.test_client()
    sign_in(client, person_of(by), second_factor=False)
    client.show(f"/partner-bids/{partner_id}")
    answer = client.get(f"/partner-bids/{partner_id}/withdraw")
    assert answer.status_code == 303 and "second-factor" in answer.location


def test_pages_of_a_link_are_kept_by_no_cache(app):
    bid_id, lead = drafted_bid()
    invite_by_mail(bid_id, lead)
    assert app.test_client().get(link_to()).headers["Cache-Control"] == "no-store"


def test_no_mail_names_the_lot_the_lead_or_the_partner(app):
    bid_id, lead = drafted_bid("Oak & Anchor")
    lead_person = make_person(Role.BID_MANAGER, organisation_of(lead))
    partner_id, by = confirmed_partner(bid_id, lead, make_organisation(name="Ivy Mentors"))
    invite_by_mail(bid_id, lead)
    client = signed_in(app, by)
    client.submit(f"/partner-bids/{partner_id}/withdraw", "Withdraw our name")
    lot = bid_as_stored(bid_id).lot
    sent = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.template.startswith("bids/partners/"))
    ).all()
    assert len({mail.template for mail in sent}) >= 4
    assert lead_person.email in {mail.recipient for mail in sent}
    for mail in sent:
        letter = compose(mail)
        text = f"{letter['Subject']} {letter.get_content()}"
        for named in (lot.title, lot.reference, str(lot.id), "Oak & Anchor", "Ivy Mentors"):
            assert named not in text, mail.template
        assert mail.subject_id in {each.id for each in db.session.scalars(select(BidPartner))}


def test_an_invitation_sent_twice_is_made_once(app):
    bid_id, lead = drafted_bid()
    client = signed_in(app, lead)
    page = client.submit(f"/bids/{bid_id}/partners/new", "Find", name="Holly").page
    typed = {
        "chosen": "by_mail",
        "email": "in@holly.example",
        "role": "Rooms",
        "areas": ["F:derbyshire"],
        "share": "0",
    }
    client.submit(page, "Send the invitation", fields=typed)
    second = client.submit(page, "Send the invitation", fields=typed, follow=False)
    assert second.location == f"/bids/{bid_id}/partners"
    assert len(db.session.scalars(select(BidPartner)).all()) == 1


def test_the_lead_sees_the_shares_and_by_how_much_they_exceed_the_price(app):
    bid_id, lead = drafted_bid()
    confirmed_partner(bid_id, lead, pence=9_000_00 * 36 + 1)
    page = signed_in(app, lead).show(f"/bids/{bid_id}/partners")
    assert "£0.01 more than the price" in page.text


def test_a_name_is_not_withdrawn_twice_or_after_the_closing(app):
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    client, address = signed_in(app, by), f"/partner-bids/{partner_id}/withdraw"
    client.submit(address, "Withdraw our name")
    assert "Name withdrawn" in client.show(address, status=409).text
    second, partner = confirmed_partner(bid_id, lead)
    pass_closing(bid_as_stored(bid_id).lot)
    page = signed_in(app, partner).show(f"/partner-bids/{second}/withdraw", status=409)
    assert "This lot has closed" in page.text


def test_a_part_of_another_bid_is_not_reached_through_ones_own(app):
    bid_id, lead = drafted_bid()
    other_bid, other = drafted_bid()
    partner_id = invite(other_bid, other, organisation_of(manager_of(make_organisation())))
    client = signed_in(app, lead)
    assert client.get(f"/bids/{bid_id}/partners/{partner_id}").status_code == 404
    own = invite_by_mail(bid_id, lead)
    form = client.show(f"/bids/{bid_id}/partners/{own}").form("Take it off the bid")
    answer = client.post(f"/bids/{bid_id}/partners/{partner_id}/remove", data=dict(form.values()))
    assert answer.status_code == 404
    assert partner_as_stored(partner_id).state == PartnerState.INVITED


def test_a_caseworker_of_the_partner_sees_nothing_of_it(app):
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    caseworker = acting_as(make_person(Role.CASEWORKER, organisation_of(by)))
    assert signed_in(app, caseworker).get(f"/partner-bids/{partner_id}").status_code == 403


def test_an_invitation_is_mailed_again_with_another_link(app):
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    first, client = link_to(), signed_in(app, lead)
    page = f"/bids/{bid_id}/partners/{partner_id}"
    assert client.submit(page, "Send the invitation again").status_code == 200
    again = link_to()
    assert again != first
    stranger = app.test_client()
    assert stranger.get(first).status_code == 410
    assert stranger.get(again).status_code == 200


def test_an_invitation_within_the_service_is_not_mailed_again(app):
    bid_id, lead = drafted_bid()
    partner_id = invite(bid_id, lead, organisation_of(manager_of(make_organisation())))
    page = signed_in(app, lead).show(f"/bids/{bid_id}/partners/{partner_id}")
    assert "Send the invitation again" not in page.text
    with pytest.raises(AlreadyChanged), write():
        actions.invite_again(bid_id, partner_id, lead)


def test_partners_of_a_cancelled_lot_are_told_without_a_name(app):
    bid_id, lead = drafted_bid("Oak & Anchor")
    _partner_id, by = confirmed_partner(bid_id, lead)
    invite_by_mail(bid_id, lead)
    lot = bid_as_stored(bid_id).lot
    director = acting_as(make_person(Role.DIRECTOR, lot.lead_buyer), lot.lead_buyer)
    with write():
        cancel_lot(lot.id, EndReason.NEED_CHANGED, director)
    told = [mails_to(person_of(by).email)[-1], mails_to("ivy@ivy.example")[-1]]
    assert [mail.template.rpartition("/")[2] for mail in told] == [
        "ended.txt",
        "invitation_ended.txt",
    ]
    for mail in told:
        letter = compose(mail)
        text = f"{letter['Subject']} {letter.get_content()}"
        assert "withdrawn" in text
        for named in (lot.title, lot.reference, str(lot.id), "Oak & Anchor"):
            assert named not in text


def test_a_bid_names_a_bounded_number_of_partners(app, monkeypatch):
    monkeypatch.setattr(actions, "MOST_PARTNERS", 1)
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    with pytest.raises(Refusal, match="1 partners at most"), write():
        actions.invite_address(bid_id, "Holly", "in@holly.example", part(bid_id), lead)
    with write():
        actions.remove(bid_id, partner_id, lead)
    assert invite_by_mail(bid_id, lead, "in@holly.example")
