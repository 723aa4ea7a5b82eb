"""Documents put to a draft, and drafts begun from old lots."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from lots.drafting.copying import COLUMNS, copy_lot
from lots.models import Lot, LotArea, LotOutcome
from lots.vocabulary import Demand, LotState, Source
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.permissions import NotYours, Refused
from tests.support.drafting import with_document
from tests.support.files import PDF, docx, xlsx
from tests.support.lots import make_lot, make_open_lot, make_region, whole_lot
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.statements import statements_sent


def test_a_document_is_added_and_shown_with_the_lot(client, draft):
    url = f"/lots/{draft.id}/documents/add"
    client.submit(
        url,
        "Add the document",
        kind="specification",
        title="Y fanyleb <b>",
        file=(BytesIO(docx()), "manyleb.docx"),
    )
    client.submit(
        url, "Add the document", kind="staff_costs", file=(BytesIO(xlsx()), "costau.xlsx")
    )
    titles = [each.title for each in whole_lot(draft.id).documents]
    assert titles == ["Y fanyleb <b>", "Anonymised staff-cost sheet"]
    assert "Anonymised staff-cost sheet" in client.show(f"/lots/{draft.id}/staff").links()
    assert "Y fanyleb <b>" in client.show(f"/lots/{draft.id}/preview").text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("costs.pdf", xlsx(), "PDF"),
        ("empty.pdf", b"", "empty"),
        ("run.exe", b"MZ" + bytes(500), "PDF"),
    ],
)
def test_a_file_that_is_something_else_is_refused_and_the_title_kept(
    client, draft, name, content, says
):
    answer = client.submit(
        f"/lots/{draft.id}/documents/add",
        "Add the document",
        kind="other",
        title="Kept title",
        file=(BytesIO(content), name),
    )
    assert says in answer.page.text
    assert dict(answer.page.form("Add the document").values())["title"] == "Kept title"
    assert whole_lot(draft.id).documents == []


def test_a_document_sent_twice_is_added_once(client, draft):
    page = client.show(f"/lots/{draft.id}/documents/add")
    for _press in range(2):
        sent = {"kind": "terms", "file": (BytesIO(PDF), "terms.pdf")}
        answer = client.submit(page, "Add the document", sent)
    assert answer.status_code == 409
    assert len(whole_lot(draft.id).documents) == 1


def _officer(code="F"):
    buyer = make_region(code)
    return acting_as(make_person(Role.COMMISSIONING_OFFICER, buyer), buyer)


def test_a_copy_has_what_the_lot_states_and_nothing_of_its_time(app):
    old = make_open_lot(
        demands=[(Demand.DOCUMENT, "A plan", None, False)], extension_months=12, extension_times=1
    )
    with write():
        lot, dropped = copy_lot(old.id, _officer("B"))
        new_id, buyer_id = lot.id, lot.lead_buyer_id
    new = whole_lot(new_id)
    assert dropped == []
    assert (new.state, new.copied_from_id) == (LotState.DRAFT, old.id)
    assert buyer_id != old.lead_buyer_id and new.title == f"Copy of {old.title}"
    for name in COLUMNS:
        assert getattr(new, name) == getattr(old, name)
    for name in ("opens_on", "closes_at", "starts_on", "published_at", "public_key", "opens_at"):
        assert getattr(new, name) is None
    assert [(a.area_code, a.places) for a in new.areas] == [
        (a.area_code, a.places) for a in old.areas
    ]
    assert [(q.text, q.criterion.name) for q in new.questions] == [
        (q.text, q.criterion.name) for q in old.questions
    ]
    assert {q.id for q in new.questions}.isdisjoint({q.id for q in old.questions})
    assert [d.text for d in new.demands] == ["A plan"]
    assert [o.outcome_code for o in new.outcomes] == [o.outcome_code for o in old.outcomes]
    assert new.expected_starts == old.expected_starts


def test_what_is_no_longer_in_use_is_dropped_and_named(client):
    old = make_open_lot()
    with write():
        held = db.session.get_one(Lot, old.id)
        held.areas.append(LotArea(region_code="F", area_code="rutland", places=3))
        held.outcomes.append(LotOutcome(outcome_code="gone-1"))
        held.cohort = "forgotten"
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, make_region("B")))
    answer = client.submit(f"/opportunities/{old.id}", f"Copy into a new draft: {old.title}")
    for name in ("rutland", "gone-1", "forgotten"):
        assert name in answer.page.text
    copied = db.session.scalars(select(Lot).where(Lot.copied_from_id == old.id)).one()
    assert "rutland" not in {each.area_code for each in copied.areas}
    assert copied.cohort is None


def test_drafts_of_others_and_published_awards_cannot_be_copied(app):
    others = make_lot(LotState.DRAFT)
    award = make_open_lot()
    with write():
        db.session.get_one(Lot, award.id).source = Source.PUBLISHED
    officer = _officer("B")
    for lot in (others, award):
        with pytest.raises(NotYours), write():
            copy_lot(lot.id, officer)


def test_whoever_does_not_draft_copies_nothing(app):
    lot = make_open_lot()
    provider = make_organisation(OrganisationKind.PROVIDER)
    bidder = acting_as(make_person(Role.BID_MANAGER, provider), provider)
    with pytest.raises(Refused), write():
        copy_lot(lot.id, bidder)


def test_one_press_twice_makes_one_copy(client):
    old = make_open_lot()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, old.lead_buyer))
    page = client.show("/lots/copy")
    button = f"Copy into a new draft: {old.title}"
    client.submit(page, button)
    assert client.submit(page, button).status_code == 409
    copies = db.session.scalars(select(Lot).where(Lot.copied_from_id == old.id)).all()
    assert len(copies) == 1


def test_the_list_of_lots_to_copy_asks_no_more_for_many(client):
    buyer = make_region("F")
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, buyer))
    counts = []
    for more in (1, 8):
        for _number in range(more):
            make_lot(LotState.DRAFT, buyer=buyer)
        client.show("/lots/copy")
        with statements_sent() as sent:
            client.show("/lots/copy?service=womens-services")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_copy_has_no_documents(app):
    old = make_lot(LotState.DRAFT)
    officer = acting_as(make_person(Role.COMMISSIONING_OFFICER, old.lead_buyer), old.lead_buyer)
    with_document(old.id, officer)
    with write():
        lot, _dropped = copy_lot(old.id, officer)
        assert lot.documents == []
