"""The bidder's pages: send, replace, remove, save; in words; confirm."""

from __future__ import annotations

from io import BytesIO

import pytest

from lots.vocabulary import Demand
from tests.support.demands import held
from tests.support.demands import send as attach
from tests.support.files import PDF, docx, xlsx
from tests.support.lots import pass_closing
from tests.support.people import sign_in

VBA = '<Override PartName="/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'


@pytest.fixture
def pages(client, begun):
    sign_in(client, begun.person)
    return {each.kind: f"/bids/{begun.bid_id}/asked/{each.id}" for each in begun.lot.demands}


def send(client, page, name, content):
    return client.submit(page, "Send the file", file=(BytesIO(content), name))


def test_a_document_is_sent_replaced_saved_and_removed(client, begun, pages):
    page = pages[Demand.DOCUMENT]
    listed = send(client, page, "Polisi ddiogelu Tŷ O'Neill.pdf", PDF).page
    assert "The file is saved with your bid." in listed.text
    assert "Polisi ddiogelu Tŷ O'Neill.pdf (1 kB)" in listed.text
    (sent,) = held(begun.bid_id, begun.by)[0].files
    saved = client.get(f"/bids/{begun.bid_id}/files/{sent.id}")
    assert saved.data == PDF
    assert saved.headers["Cache-Control"] == "no-store"
    assert "filename*=UTF-8''Polisi%20ddiogelu%20T%C5%B7" in saved.headers["Content-Disposition"]
    client.submit(f"{page}/files/{sent.id}/replace", file=(BytesIO(docx()), "policy.docx"))
    assert "policy.docx" in client.show(page).text
    client.submit(page, "Remove policy.docx")
    assert "policy.docx" not in client.show(page).text
    assert (
        "The document “Your safeguarding policy” is missing."
        in client.show(f"/bids/{begun.bid_id}").text
    )


def test_a_file_sent_twice_is_kept_once_and_nobody_is_alarmed(client, begun, pages):
    page = pages[Demand.DOCUMENT]
    form = client.show(page)
    for name in ("first.pdf", "second.pdf"):
        answer = client.submit(form, "Send the file", file=(BytesIO(PDF), name), follow=False)
        assert answer.location == f"/bids/{begun.bid_id}"
    (sent,) = held(begun.bid_id, begun.by)[0].files
    form = client.show(f"{page}/files/{sent.id}/replace")
    for name in ("third.pdf", "fourth.pdf"):
        answer = client.submit(form, file=(BytesIO(PDF), name), follow=False)
        assert answer.location == f"/bids/{begun.bid_id}"
    assert [each.file.name for each in held(begun.bid_id, begun.by)[0].files] == ["third.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("policy.docx", docx(types=VBA), "carries macros"),
        ("policy.pdf", b"", "The selected file is empty"),
        ("policy.pdf", PDF + bytes(10_000_001), "must be 10 MB or smaller"),
        ("policy.pdf", xlsx(), "a spreadsheet (XLSX) though its name ends in .pdf"),
        ("policy.exe", b"MZ" + bytes(100), "is not a PDF, DOCX, XLSX, ODT, PNG or JPEG file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_on_its_page(client, begun, pages, name, content, said):
    page = send(client, pages[Demand.DOCUMENT], name, content).page
    assert "There is a problem" in page.text
    assert said in page.text
    assert held(begun.bid_id, begun.by)[0].files == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ('"><script>alert(1)</script>.pdf', "script_.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "Set-Cookie"),
    ],
)
def test_a_hostile_name_is_taken_as_words(client, begun, pages, name, kept):
    attach(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by, name)
    (sent,) = held(begun.bid_id, begun.by)[0].files
    assert kept in sent.file.name
    for page in (pages[Demand.DOCUMENT], f"/bids/{begun.bid_id}"):
        assert "<script>alert" not in client.show(page).html
    answer = client.get(f"/bids/{begun.bid_id}/files/{sent.id}")
    assert answer.data == PDF
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer.headers["Content-Disposition"]


def test_at_the_limit_the_page_says_what_to_do(app, client, begun, pages):
    app.extensions["settings"].files_per_bid = 1
    send(client, pages[Demand.DOCUMENT], "one.pdf", PDF)
    page = send(client, pages[Demand.DOCUMENT], "two.pdf", PDF).page
    assert "Remove one first" in page.text


def test_an_equivalent_in_words(client, begun, pages):
    page = pages[Demand.CERTIFICATE]
    too_long = client.submit(page, "Save and continue", words="word " * 201).page
    assert "must be 200 words or fewer. Take out 1 word." in too_long.text
    listed = client.submit(page, "Save and continue", words="We sit the exam in March.").page
    assert "Said in words" in listed.text
    assert "We sit the exam in March." in client.show(page).text


def test_a_colleagues_words_and_mine_both_stand_on_the_page(client, begun, pages):
    form = client.show(pages[Demand.CERTIFICATE])
    client.submit(form, "Save and continue", words="First words")
    answer = client.submit(form, "Save and continue", words="Second words")
    assert answer.status_code == 409
    assert "First words" in answer.page.text
    assert "Second words" in answer.page.html
    again = client.submit(answer.page, "Save and continue", words="First and second words")
    assert again.status_code == 200
    assert held(begun.bid_id, begun.by)[1].words == "First and second words"


def test_a_statement_is_confirmed_and_taken_back(client, begun, pages):
    page = pages[Demand.TURNOVER]
    unticked = client.submit(page, "Save and continue").page
    assert "Tick the statement if it is true" in unticked.text
    client.submit(page, "Save and continue", confirmed=True)
    assert held(begun.bid_id, begun.by)[2].words == "Our turnover is at least £60,000 a year"
    client.submit(page, "Save and continue", confirmed=False)
    assert held(begun.bid_id, begun.by)[2].words == ""


def test_the_demand_of_another_lot_is_not_found(client, begun, pages, whole):
    client.show(f"/bids/{begun.bid_id}/asked/{whole.lot.demands[0].id}", 404)
    client.show(f"/bids/{whole.bid_id}/asked/{whole.lot.demands[0].id}", 404)


def test_after_the_closing_a_file_is_not_taken_and_the_page_says_so(client, begun, pages):
    form = client.show(pages[Demand.DOCUMENT])
    attach(begun.bid_id, begun.demand(Demand.CERTIFICATE), begun.by)
    (sent,) = held(begun.bid_id, begun.by)[1].files
    replacing = client.show(f"{pages[Demand.CERTIFICATE]}/files/{sent.id}/replace")
    words = client.show(pages[Demand.CERTIFICATE])
    pass_closing(begun.lot)
    answer = client.submit(form, "Send the file", file=(BytesIO(PDF), "policy.pdf"))
    assert answer.status_code == 409
    assert answer.page.h1 == "This lot has closed"
    assert held(begun.bid_id, begun.by)[0].files == []
    answer = client.submit(form, "Send the file")
    assert answer.page.h1 == "This lot has closed"
    answer = client.submit(replacing, file=(BytesIO(PDF + b"new"), "policy.pdf"))
    assert answer.page.h1 == "This lot has closed"
    answer = client.submit(words, "Save and continue", words="Typed in time")
    assert answer.status_code == 409
    assert held(begun.bid_id, begun.by)[1].words == "Typed in time"
    assert "Send a file" not in client.show(pages[Demand.DOCUMENT]).text
