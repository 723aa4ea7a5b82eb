"""Money on screen: a lot shared among three, signed, opened; funds; grant or contract."""

from __future__ import annotations

import pytest

from lots.models import Lot
from lots.proportionality.actions import overridable_finding, override
from lots.vocabulary import LotState
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.overtaken import fingerprint
from tests.support.funding import (
    budgets_from_now,
    decider_of,
    invite,
    make_fund,
    make_funded_lot,
    make_funder,
    make_payer,
    save,
    shares,
    sign,
)
from tests.support.lots import make_lot, make_open_lot, make_region
from tests.support.people import make_organisation, make_person, sign_in


def _officer(client, lot):
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer))


def _of(client, role, organisation):
    sign_in(client, make_person(role, organisation))


def _share(organisation):
    return f"share_{organisation.id.hex}"


def test_a_lot_is_paid_for_by_three_signed_and_opened(client):
    lot = make_lot(LotState.DRAFT)
    commissioner = make_funder(name="Derbyshire commissioner")
    fund = make_funder(OrganisationKind.OTHER_BUYER, name="Peak Fund")
    _officer(client, lot)
    for funder, pounds in ((commissioner, "60,000"), (fund, "£12,500.50")):
        invited = client.submit(
            f"/lots/{lot.id}/funders/invite",
            organisation=funder.id,
            share_pence=pounds,
            note="<script>alert(1)</script> Please answer soon.",
        )
        assert "Invited. They have been sent a mail." in invited.page.text
    assert "£287,499.50" in invited.page.text
    assert "Peak Fund has not accepted its share yet" in client.show(f"/lots/{lot.id}").text

    for funder in (commissioner, fund):
        _of(client, Role.COMMISSIONER_LEAD, funder)
        assert "Say whether you pay a share" in client.show("/").text
        assert "Your answer" in client.show("/funding").text
        answered = client.submit(f"/funding/lots/{lot.id}/answer", answer="yes", asks_to_sign=True)
        assert "Your answer has been sent" in answered.page.text

    _officer(client, lot)
    asked = client.submit(f"/lots/{lot.id}/funders", "Ask for the missing signatures")
    assert "2 organisations were asked." in asked.page.text
    for funder in (commissioner, fund):
        _of(client, Role.DECISION_MAKER, funder)
        assert "Co-sign the lot" in client.show("/").text
        signed = client.submit(f"/funding/lots/{lot.id}/sign", "Co-sign", agreed=True)
        assert "Signed by" in signed.page.text

    _of(client, Role.DIRECTOR, lot.lead_buyer)
    client.submit(f"/lots/{lot.id}/publish", "Publish and open for bids")
    client.delete_cookie("session")
    public = client.show(f"/opportunities/{lot.id}").text
    for words in ("Who pays", "Derbyshire commissioner", "£60,000", "£12,500.50", "£287,499.50"):
        assert words in public


def test_shares_that_do_not_add_up_are_kept_as_typed_with_the_difference(client):
    lot, (one, other) = make_funded_lot(60_000_00, 40_000_00)
    _officer(client, lot)
    typed = {_share(one): "50,000", _share(other): "40,000"}
    answer = client.submit(f"/lots/{lot.id}/funders", "Save", fields=typed)
    assert "£10,000 of the value is missing" in answer.page.text
    assert 'value="50,000"' in answer.get_data(as_text=True)
    assert shares(lot.id)[one.id] == 60_000_00


def test_the_rest_is_put_on_the_lead_buyer_by_one_button(client):
    lot, (one, other) = make_funded_lot(60_000_00, 40_000_00)
    _officer(client, lot)
    page = client.show(f"/lots/{lot.id}/funders")
    (button,) = [name for form in page.forms() for name in form.buttons() if "Put the rest" in name]
    client.submit(page, button, fields={_share(one): "50,000"})
    assert shares(lot.id) == {
        lot.lead_buyer_id: 270_000_00,
        one.id: 50_000_00,
        other.id: 40_000_00,
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-5", "must be £0 or more"),
        ("lots", "must be an amount of money"),
        ("9" * 40, "must be an amount of money"),
        ("400000", "£330,000 too much"),
    ],
)
def test_hostile_amounts_get_a_clear_answer(client, typed, words):
    lot, (one,) = make_funded_lot(70_000_00)
    _officer(client, lot)
    fields = {_share(one): typed}
    answer = client.submit(f"/lots/{lot.id}/funders", "Save", fields=fields)
    assert words in answer.page.text
    assert shares(lot.id)[one.id] == 70_000_00


def test_declining_owes_a_reason_and_shows_it_to_the_lead_buyer(client):
    lot = make_lot(LotState.DRAFT)
    funder = make_funder()
    invite(lot, funder, 50_000_00)
    _of(client, Role.COMMISSIONER_LEAD, funder)
    answer = f"/funding/lots/{lot.id}/answer"
    assert "Enter the reason for declining" in client.submit(answer, answer="no").page.text
    client.submit(answer, answer="no", reason="Nid oes arian ’leni: a lot’s ‘no’.")
    assert client.get(f"/funding/lots/{lot.id}").status_code == 404
    _officer(client, lot)
    assert "Nid oes arian ’leni" in client.show(f"/lots/{lot.id}/funders").text


def test_a_funder_withdraws_before_the_lot_opens(client):
    lot, (funder,) = make_funded_lot(50_000_00)
    _of(client, Role.COMMISSIONER_LEAD, funder)
    gone = client.submit(f"/funding/lots/{lot.id}/withdraw", reason="A cut in our budget.")
    assert "Withdrawn. The lead buyer has been told." in gone.page.text
    assert shares(lot.id) == {lot.lead_buyer_id: 360_000_00}


def test_a_changed_lot_tells_the_signer_that_the_signature_is_void(client):
    lot, (funder,) = make_funded_lot(50_000_00)
    sign(lot, funder)
    with write():
        db.session.get_one(Lot, lot.id).summary = "Something else entirely."
    _of(client, Role.DECISION_MAKER, funder)
    page = client.show(f"/funding/lots/{lot.id}").text
    assert "No longer valid" in page
    assert "It must be signed again." in page


def test_a_funder_sees_its_lots_and_nobody_elses(client):
    lot, (funder,) = make_funded_lot(50_000_00, title="Ours together")
    other, _funders = make_funded_lot(50_000_00, title="Somebody else’s")
    open_lot = make_open_lot(title="Open to all")
    _of(client, Role.COMMISSIONER_LEAD, funder)
    listed = client.show("/funding").text
    assert "Ours together" in listed
    assert "Somebody else’s" not in listed
    assert "Open to all" not in listed
    for hidden in (other, open_lot):
        assert client.get(f"/funding/lots/{hidden.id}").status_code == 404
    assert client.get(f"/lots/{lot.id}").status_code == 404
    assert client.get(f"/lots/{lot.id}/funders").status_code == 404


def test_whoever_signs_reads_which_rules_were_set_aside_and_why(client):
    lot, (funder,) = make_funded_lot(60_000_00, forbids_speaking=True)
    figures = overridable_finding(db.session.get_one(Lot, lot.id), "gagging").figures
    with write():
        override(
            lot.id,
            "gagging",
            "The ward’s location is kept secret.",
            fingerprint(dict(figures)),
            decider_of(lot.lead_buyer),
        )
    _of(client, Role.DECISION_MAKER, funder)
    page = client.show(f"/funding/lots/{lot.id}/sign").text
    assert "Rules the buyer has set aside" in page
    assert "The ward’s location is kept secret." in page


def test_a_region_that_is_reached_reads_the_lot_and_signs(client):
    yorkshire = make_region("C")
    areas = [("F", "derbyshire", 30), ("C", "south-yorkshire", 10)]
    lot = make_lot(LotState.DRAFT, areas=areas, title="Over the border")
    _of(client, Role.DIRECTOR, yorkshire)
    assert "Co-signs for its region" in client.show("/funding").text
    signed = client.submit(f"/funding/lots/{lot.id}/sign", "Co-sign", agreed=True)
    assert "Signed by" in signed.page.text


def test_an_officer_keeps_a_fund_and_a_lot_draws_on_it(client):
    region = make_region()
    _of(client, Role.COMMISSIONING_OFFICER, region)
    made = client.submit(
        "/funds/new",
        name="Commissioned services",
        rules=["needs_sentence"],
        fields={"valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2025"},
    )
    assert "They are serving a sentence" in made.page.text
    fund_url = made.request.path
    set_budget = client.submit(f"{fund_url}/budget", budget_pence="250,000")
    assert "£250,000" in set_budget.page.text
    assert "budget of" in set_budget.page.text
    lot = make_lot(LotState.DRAFT, buyer=region)
    client.submit(f"/lots/{lot.id}/funders", "Save", fund=fund_url.rpartition("/")[2])
    assert "Women’s services in two counties" in client.show(fund_url).text
    assert "Commissioned services" in client.show("/funds").text
    again = client.submit(
        "/funds/new",
        name="Commissioned services",
        fields={"valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2025"},
    )
    assert "You have a fund of this name already" in again.page.text


def test_a_lot_over_the_budget_says_so_on_its_page(client):
    region = make_region()
    fund = make_fund(region, budgets_from_now(1_000_00))
    lot = make_lot(LotState.DRAFT, buyer=region)
    save(lot, {}, fund.id)
    _officer(client, lot)
    assert "takes more from “Local fund” than it has left" in client.show(f"/lots/{lot.id}").text


NO = dict.fromkeys(("specify", "control", "ordered", "penalties", "profit", "market"), "no")


@pytest.mark.parametrize(
    ("yes", "fits"),
    [
        ((), "A grant fits."),
        (("specify", "ordered"), "A grant fits."),
        (("profit",), "A contract fits."),
        (("penalties",), "A contract fits."),
        (("specify", "control", "ordered"), "A contract fits."),
    ],
)
def test_six_answers_say_whether_a_grant_or_a_contract_fits(client, yes, fits):
    lot = make_lot(LotState.DRAFT)
    _officer(client, lot)
    answers = NO | dict.fromkeys(yes, "yes")
    told = client.submit(f"/lots/{lot.id}/grant-test", **answers)
    assert fits in told.page.text
    assert db.session.get_one(Lot, lot.id).grant_test == answers


def test_an_unanswered_question_is_asked_for(client):
    lot = make_lot(LotState.DRAFT)
    _officer(client, lot)
    answer = client.submit(f"/lots/{lot.id}/grant-test", **(NO | {"profit": None}))
    assert "Select yes or no" in answer.page.text
    assert not db.session.get_one(Lot, lot.id).grant_test


def test_a_funder_of_an_open_lot_reads_on_and_changes_nothing(client):
    lot = make_open_lot()
    funder = make_organisation(OrganisationKind.PCC)
    make_payer(lot, funder)
    _of(client, Role.COMMISSIONER_LEAD, funder)
    page = client.show(f"/funding/lots/{lot.id}").text
    assert "£60,000" in page
    assert "Withdraw your share" not in page
    refused = client.get(f"/funding/lots/{lot.id}/withdraw")
    assert refused.status_code == 409
    accept_again = client.show(f"/funding/lots/{lot.id}/answer").text
    assert "not waiting for your answer" in accept_again
