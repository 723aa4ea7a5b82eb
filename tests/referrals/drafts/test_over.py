"""Deleting a draft is asked first, and a form left open of one that is gone loses nothing."""

from __future__ import annotations

import pytest

from marketplace.database import write
from marketplace.permissions import NotYours
from referrals.drafts import actions, queries
from tests.support.people import sign_in
from tests.support.referrals import make_draft

TYPED = "Robin has been on three waiting lists and needs a home before March"


@pytest.fixture
def left_open(house, client):
    """A draft of the practitioner, who is signed in, and its page of the reason, left open."""
    draft = make_draft(house.area_id, house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    return draft.id, client.show(f"/referral-drafts/{draft.id}/reason")


def test_deleting_is_asked_first(house, client, left_open):
    draft_id, _page = left_open
    delete = f"/referral-drafts/{draft_id}/delete"
    assert delete in str(client.show(f"/referral-drafts/{draft_id}").links().values())
    page = client.show(delete)
    assert page.h1 == "Delete this draft?"
    assert queries.draft_of(draft_id, house.by.practitioner).id == draft_id
    assert "The draft is deleted" in client.submit(page, "Delete the draft").page.text
    with pytest.raises(NotYours):
        queries.draft_of(draft_id, house.by.practitioner)


def test_what_was_typed_after_sending_is_given_back_with_the_reference(house, client, left_open):
    draft_id, page = left_open
    sent = client.submit(f"/referral-drafts/{draft_id}/check", "Send the referral").page
    answer = client.submit(page, reason=TYPED, aims="A home")
    assert answer.status_code == 409 and TYPED in answer.page.text
    reference = sent.text.split("Reference", 1)[1].split()[0]
    assert f"Reference {reference}." in answer.page.text
    assert "Open the case" in answer.page.text
    assert client.get(f"/referral-drafts/{draft_id}").status_code == 410


def test_what_was_typed_after_deleting_is_given_back_to_its_author_alone(house, client, left_open):
    draft_id, page = left_open
    with write():
        actions.save_answers(draft_id, {"crn": {"crn": "X123456"}}, house.by.practitioner)
        actions.delete_draft(draft_id, house.by.practitioner)
    answer = client.submit(page, reason=TYPED, aims="A home")
    assert answer.status_code == 409 and TYPED in answer.page.text
    assert answer.page.h1 == "This draft was deleted"
    sign_in(client, house.people["colleague"])
    assert client.get(f"/referral-drafts/{draft_id}").status_code == 404
