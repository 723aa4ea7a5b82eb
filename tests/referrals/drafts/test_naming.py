"""Who else may see a restricted case is judged at its own question."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from marketplace.database import db
from referrals.drafts import queries
from referrals.models import NamedPerson
from tests.support.people import sign_in
from tests.support.referrals import finished_answers, make_draft, send


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("nobody@elsewhere.example", "nobody@elsewhere.example” is not the address of"),
        ("not an address", "“not” is not the address of"),
        ("\n".join(f"a{each}@elsewhere.example" for each in range(21)), "At most 20 people"),
    ],
)
def test_an_address_that_cannot_be_sent_is_refused_at_its_question(house, client, named, says):
    draft = make_draft(house.area_id, house.by.practitioner, {})
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}/restricted"
    answer = client.submit(url, is_restricted="yes", named=named)
    assert says in answer.page.text
    assert "restricted" not in queries.draft_of(draft.id, house.by.practitioner).answers


def test_a_case_that_is_not_restricted_names_nobody(house, client):
    draft = make_draft(house.area_id, house.by.practitioner, {})
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}/restricted"
    client.submit(url, is_restricted="no", named="nobody@elsewhere.example")
    found = queries.draft_of(draft.id, house.by.practitioner).answers["restricted"]
    assert found == {"is_restricted": "no", "named": ""}
    # A draft from before that rule may still hold an address: it names nobody either.
    old = finished_answers(restricted={"is_restricted": "no", "named": "nobody@elsewhere.example"})
    send(house.area_id, house.by.practitioner, old)
    assert db.session.scalar(select(func.count()).select_from(NamedPerson)) == 0
