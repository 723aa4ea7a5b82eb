"""Until the opening nobody outside the bidder learns anything: not content, names or number."""

from __future__ import annotations

import base64
import logging
from typing import Any

import pytest
from flask import url_for
from sqlalchemy import text

from bids.evaluation.queries import evaluation_of
from bids.opening.actions import confirm_opening
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from tests.support.bids import bid_as_stored, fill_in, qualify, seen_of
from tests.support.lots import make_open_lot, pass_closing
from tests.support.people import acting_as, make_organisation, make_person, sign_in

WORD = "Zwetschgendatschi"
NAME = "Quittenmus Trust"
PRICE = 7_654_321_09
PRICE_SHOWN = "7,654,321.09"
OWN = ("bid", "openings", "evaluations", "awards", "opportunities", "lots")


class Sealed:
    """A lot with one bid full of marker words, changed, withdrawn and submitted again."""

    def __init__(self) -> None:
        self.lot = make_open_lot(value_net_pence=280_000_000_00, value_gross_pence=336_000_000_00)
        self.organisation = make_organisation(name=NAME, contact_email="zwetschge@example.org")
        qualify(self.organisation)
        self.person = make_person(
            Role.BID_MANAGER, self.organisation, name="Zenobia Quitte", email="z.quitte@example.org"
        )

    def bid(self) -> None:
        by = acting_as(self.person)
        self.bid_id = fill_in(self.lot, by, f"{WORD} in every answer", PRICE)
        with write():
            submitting.submit_bid(self.bid_id, DECLARATIONS, seen_of(self.bid_id), by)
        with write():
            submitting.withdraw_bid(self.bid_id, by)
        with write():
            submitting.submit_bid(self.bid_id, DECLARATIONS, seen_of(self.bid_id), by)


@pytest.fixture
def sealed(app):
    return Sealed()


def outsiders(lot) -> list[Person]:
    """Everybody who could be curious, the lead buyer's people first."""
    buyers = (Role.COMMISSIONING_OFFICER, Role.DIRECTOR, Role.EVALUATOR, Role.CONTRACT_MANAGER)
    others = (
        Role.BID_MANAGER,
        Role.COMMISSIONING_OFFICER,
        Role.DIRECTOR,
        Role.FRAMEWORK_MANAGER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
        Role.PRACTITIONER,
    )
    return [make_person(role, lot.lead_buyer) for role in buyers] + [
        make_person(role) for role in others
    ]


def addresses(app, ids: dict[str, Any]) -> list[str]:
    """Every page of the buying half that these ids lead to."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            blueprint = rule.endpoint.partition(".")[0]
            if blueprint.startswith(OWN) and "GET" in rule.methods and rule.arguments <= ids.keys():
                given = {name: ids[name] for name in rule.arguments}
                found.append(url_for(rule.endpoint, **given))
    return found


def ids_of(sealed: Sealed) -> dict[str, Any]:
    evaluation = evaluation_of(sealed.lot.id)
    return {
        "lot_id": sealed.lot.id,
        "bid_id": sealed.bid_id,
        "question_id": sealed.lot.questions[0].id,
        "number": 1,
        "evaluation_id": evaluation.id if evaluation else sealed.lot.id,
        "criterion_id": sealed.lot.criteria[0].id,
    }


def pages_seen(app, person: Person | None, urls: list[str]) -> str:
    client = app.test_client()
    if person is not None:
        sign_in(client, person)
    answers = [client.get(url, follow_redirects=True) for url in urls]
    # A bid as a Word document is no text; the canary test unpacks it.
    return "\n".join(answer.get_data().decode(errors="replace") for answer in answers)


def rows() -> list[tuple[str, str]]:
    """Every stored row as (table, its values as text), bytes as they are and in base 64."""
    found = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            found.append((table.name, " ".join(map(_as_text, row))))
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        return f"{data.decode('latin-1')} {base64.b64encode(data).decode()}"
    return str(value)


def markers() -> list[str]:
    plain = [WORD, str(PRICE), PRICE_SHOWN]
    coded = [base64.b64encode(f"{pad}{WORD}".encode()).decode()[4:-4] for pad in ("", "x", "xx")]
    return plain + coded


def plain_id(value: Any) -> str:
    return str(value).replace("-", "")


def test_no_page_tells_outsiders_of_a_sealed_bid(app, sealed):
    sealed.bid()
    people = [None, *outsiders(sealed.lot)]
    for moment in ("open", "closed"):
        urls = addresses(app, ids_of(sealed))
        assert len(urls) > 20
        for person in people:
            seen = pages_seen(app, person, urls)
            for marker in (WORD, NAME, PRICE_SHOWN, "Zenobia"):
                assert marker not in seen, (moment, person, marker)
        if moment == "open":
            pass_closing(sealed.lot)


def test_the_lead_buyer_sees_the_same_pages_with_and_without_a_bid(app, sealed):
    officer = make_person(Role.COMMISSIONING_OFFICER, sealed.lot.lead_buyer)
    client = app.test_client()
    sign_in(client, officer)
    urls = [f"/lots/{sealed.lot.id}", f"/opportunities/{sealed.lot.id}", "/evaluations"]
    urls.append(f"/lots/{sealed.lot.id}/opening")
    before = [client.show(url).text for url in urls]
    sealed.bid()
    assert [client.show(url).text for url in urls] == before


def test_a_dump_without_the_key_ring_shows_no_content_name_or_price(app, sealed):
    sealed.bid()
    stored = rows()
    assert "bid_version" in {table for table, _row in stored}, "there is something to search"
    for table, row in stored:
        for marker in markers():
            assert marker not in row, (table, marker)


def test_no_row_ties_the_bidder_or_its_people_to_the_lot(app, sealed):
    sealed.bid()
    version_ids = [version.id for version in bid_as_stored(sealed.bid_id).versions]
    of_the_bid = [plain_id(each) for each in (sealed.lot.id, sealed.bid_id, *version_ids)]
    of_the_bidder = [plain_id(sealed.organisation.id), plain_id(sealed.person.id), NAME]
    of_the_bidder += [sealed.person.name, sealed.person.email, sealed.organisation.contact_email]
    tied = 0
    for table, row in rows():
        bare = row.replace("-", "")
        if any(each in bare for each in of_the_bid):
            tied += table.startswith("bid")
            for name in of_the_bidder:
                assert plain_id(name) not in bare, (table, name)
    assert tied, "the search must at least have found the bid's own rows"


def test_no_log_line_names_the_bidder_or_the_bid(app, sealed, caplog):
    sealed.bid()
    client = app.test_client()
    sign_in(client, sealed.person)
    with caplog.at_level(logging.DEBUG):
        client.show(f"/bids/{sealed.bid_id}")
        client.show(f"/bids/{sealed.bid_id}/receipt")
    lines = "\n".join(str(record.__dict__) for record in caplog.records)
    for marker in (WORD, NAME, str(sealed.bid_id), str(sealed.organisation.id)):
        assert marker not in lines


def test_the_bidder_itself_sees_its_bid_while_it_is_sealed(app, sealed):
    sealed.bid()
    seen = pages_seen(app, sealed.person, addresses(app, ids_of(sealed)))
    assert WORD in seen
    assert PRICE_SHOWN in seen


def test_after_the_opening_the_same_search_finds_the_bid_where_it_is_allowed(app, sealed):
    sealed.bid()
    pass_closing(sealed.lot)
    buyer = sealed.lot.lead_buyer
    officer = make_person(Role.COMMISSIONING_OFFICER, buyer)
    for person in (officer, make_person(Role.DIRECTOR, buyer)):
        with write():
            confirm_opening(sealed.lot.id, acting_as(person, buyer))
    urls = addresses(app, ids_of(sealed))
    seen = pages_seen(app, officer, urls)
    assert WORD in seen
    assert NAME in seen
    assert PRICE_SHOWN not in seen, "the price stays sealed until scores are agreed"
    for outsider in (None, make_person(Role.BID_MANAGER), make_person(Role.DIRECTOR)):
        assert WORD not in pages_seen(app, outsider, urls)
        assert NAME not in pages_seen(app, outsider, urls)
    assert all(WORD not in row for _table, row in rows()), "opened content is encrypted too"
