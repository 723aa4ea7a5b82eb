"""Sending files, saying things in words, confirming: what the working copy holds and lacks."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bids.attachments import actions
from bids.attachments.checklist import document_of
from bids.attachments.wording import statement
from bids.queries import own_bid
from bids.working import TooLate, TypedMeanwhile
from lots.vocabulary import Demand
from marketplace import clock, files
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, new_id, write
from marketplace.files import File, FileState
from marketplace.files.scanning import scan_waiting
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from tests.marketplace.files.scanner import Scanner
from tests.support.demands import held, send
from tests.support.files import PDF, VIRUS, docx
from tests.support.lots import make_open_lot, pass_closing
from tests.support.people import acting_as, make_person

MISSING = [
    "The document “Your safeguarding policy” is missing.",
    "The certificate “Housing adviser, level 3” is missing. Send it, or say how you meet it "
    "otherwise.",
    "Not confirmed yet: Our turnover is at least £60,000 a year.",
]


def replace(bidding, sent_id, seen, content, by):
    with write():
        return actions.replace_file(
            bidding.bid_id,
            bidding.demand(Demand.DOCUMENT),
            actions.Replaced(sent_id, str(seen)),
            files.inspect("new.pdf", content),
            by,
        ).id


def say(bidding, kind, words, seen=0, by=None):
    with write():
        actions.save_words(bidding.bid_id, bidding.demand(kind), words, seen, by or bidding.by)


def names(bidding):
    return [sent.file.name for sent in held(bidding.bid_id, bidding.by)[0].files]


def test_a_lot_that_demands_nothing_asks_for_nothing(app, whole):
    assert whole.problems() == []
    lot = make_open_lot()
    assert lot.demands == []


def test_each_demand_is_missing_until_it_is_met(begun):
    assert [each for each in begun.problems() if each in MISSING] == MISSING
    send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by)
    assert MISSING[0] not in begun.problems()
    say(begun, Demand.CERTIFICATE, "A qualified adviser of our other office reads every plan.")
    assert MISSING[1] not in begun.problems()
    turnover = next(each for each in begun.lot.demands if each.kind == Demand.TURNOVER)
    say(begun, Demand.TURNOVER, statement(turnover))
    assert not set(MISSING) & set(begun.problems())


def test_a_certificate_itself_does_as_well(begun):
    send(begun.bid_id, begun.demand(Demand.CERTIFICATE), begun.by)
    assert MISSING[1] not in begun.problems()


def test_a_certificate_without_an_equivalent_is_not_met_by_words(app, begun, monkeypatch):
    with write():
        certificate = begun.lot.demands[1].id
        db.session.get_one(type(begun.lot.demands[1]), certificate).or_equivalent = False
    with pytest.raises(NotYours):
        say(begun, Demand.CERTIFICATE, "Something else")
    assert "The certificate “Housing adviser, level 3” is missing." in begun.problems()


def test_nobody_but_the_bidder_adds_or_reads(begun):
    stranger = acting_as(make_person(Role.BID_MANAGER))
    with pytest.raises(NotYours):
        send(begun.bid_id, begun.demand(Demand.DOCUMENT), stranger)
    with pytest.raises(NotYours):
        say(begun, Demand.TURNOVER, "We have it", by=stranger)


def test_a_file_answers_only_a_demand_of_this_lot(begun):
    other = make_open_lot(demands=[(Demand.DOCUMENT, "A plan", None, False)])
    for demand_id in (other.demands[0].id, begun.demand(Demand.TURNOVER), new_id()):
        with pytest.raises(NotYours):
            send(begun.bid_id, demand_id, begun.by)


def test_two_who_send_at_once_both_find_their_file(begun):
    demand_id = begun.demand(Demand.DOCUMENT)
    send(begun.bid_id, demand_id, begun.by, "mine.pdf")
    send(begun.bid_id, demand_id, begun.colleague, "theirs.pdf", PDF + b"theirs")
    assert names(begun) == ["mine.pdf", "theirs.pdf"]


def test_two_who_replace_at_once_both_find_their_file(begun):
    sent_id = send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by)
    seen = held(begun.bid_id, begun.by)[0].files[0].file_id
    assert replace(begun, sent_id, seen, PDF + b"first", begun.by) == sent_id
    assert replace(begun, sent_id, seen, PDF + b"second", begun.colleague) != sent_id
    contents = [files.readable(each.file) for each in held(begun.bid_id, begun.by)[0].files]
    assert sorted(contents) == sorted([PDF + b"first", PDF + b"second"])


def test_replacing_what_a_colleague_removed_keeps_the_new_file(begun):
    sent_id = send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by)
    seen = held(begun.bid_id, begun.by)[0].files[0].file_id
    with write():
        actions.remove_file(begun.bid_id, sent_id, begun.colleague)
    replace(begun, sent_id, seen, PDF + b"new", begun.by)
    assert names(begun) == ["new.pdf"]


def test_a_replaced_or_removed_file_belongs_to_nothing_any_more(begun):
    sent_id = send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by)
    first = held(begun.bid_id, begun.by)[0].files[0].file_id
    replace(begun, sent_id, first, PDF + b"new", begun.by)
    second = held(begun.bid_id, begun.by)[0].files[0].file_id
    assert db.session.get_one(File, first).loose_since is not None
    assert db.session.get_one(File, second).loose_since is None
    with write():
        actions.remove_file(begun.bid_id, sent_id, begun.by)
    db.session.expire_all()
    assert db.session.get_one(File, second).loose_since is not None
    assert MISSING[0] in begun.problems()


def test_two_who_write_at_once_lose_no_word(begun):
    say(begun, Demand.CERTIFICATE, "Mine", 0)
    with pytest.raises(TypedMeanwhile) as clash:
        say(begun, Demand.CERTIFICATE, "Theirs", 0, begun.colleague)
    assert (clash.value.theirs, clash.value.edition) == ("Mine", 1)
    say(begun, Demand.CERTIFICATE, "", 1)
    assert MISSING[1] in begun.problems()


def test_a_bid_holds_so_many_files(app, begun):
    app.extensions["settings"].files_per_bid = 2
    demand_id = begun.demand(Demand.DOCUMENT)
    sent_id = [send(begun.bid_id, demand_id, begun.by) for _ in range(2)][0]
    with pytest.raises(Refusal, match="A bid can hold 2 files"):
        send(begun.bid_id, demand_id, begun.by)
    seen = held(begun.bid_id, begun.by)[0].files[0].file_id
    replace(begun, sent_id, seen, PDF + b"in its place", begun.by)
    assert len(names(begun)) == 2


def test_from_the_closing_on_nothing_is_sent_or_taken_out(begun):
    sent_id = send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by)
    pass_closing(begun.lot)
    with pytest.raises(TooLate):
        send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by)
    with pytest.raises(TooLate), write():
        actions.remove_file(begun.bid_id, sent_id, begun.by)


def test_a_file_in_quarantine_or_with_a_virus_keeps_the_bid_from_being_ready(app, whole):
    with Scanner() as scanner:
        app.extensions["settings"].clamd = scanner.address
        demand_id = whole.demand(Demand.DOCUMENT)
        send(whole.bid_id, demand_id, whole.by, "sound.pdf")
        send(whole.bid_id, demand_id, whole.by, "bad.pdf", PDF + VIRUS)
        assert whole.problems() == [
            "“sound.pdf” is being checked for viruses. Try again in a few minutes."
        ]
        scan_waiting(clock.now())
        assert whole.problems() == [
            "A virus was found in “bad.pdf”. Take it out of the bid and send a clean file."
        ]
        bad = next(
            each for each in held(whole.bid_id, whole.by)[0].files if each.file.name == "bad.pdf"
        )
        assert bad.file.state is FileState.INFECTED
        with write():
            actions.remove_file(whole.bid_id, bad.id, whole.by)
        assert whole.problems() == []


def test_without_a_scanner_what_nobody_scanned_can_be_submitted(whole):
    assert {each.file.state for each in held(whole.bid_id, whole.by)[0].files} == {
        FileState.UNSCANNED
    }
    assert whole.problems() == []


def test_a_change_after_submission_is_said(whole):
    whole.submit()
    assert not own_bid(whole.bid_id, whole.by).edited
    send(whole.bid_id, whole.demand(Demand.DOCUMENT), whole.by)
    db.session.expire_all()
    assert own_bid(whole.bid_id, whole.by).edited


def test_words_without_end_are_not_kept(begun):
    with pytest.raises(Refusal, match="far too long"):
        say(begun, Demand.CERTIFICATE, "gair " * 10_000)


def test_the_trail_of_a_sealed_bid_names_nobody(begun):
    sent_id = send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by, "Jane Doe’s plan.pdf")
    with write():
        actions.remove_file(begun.bid_id, sent_id, begun.by)
    say(begun, Demand.CERTIFICATE, "Jane Doe has it")
    told = {"bid:file_added", "bid:file_removed", "bid:demand_answered", "file:received"}
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action.in_(told))).all()
    assert {each.action for each in events} == told
    for event in events:
        assert event.person_id is None
        assert event.organisation_id is None
        assert "Jane" not in str(event.details)


def test_the_text_document_names_files_and_holds_the_words(begun):
    send(begun.bid_id, begun.demand(Demand.DOCUMENT), begun.by, "plan.docx", docx())
    say(begun, Demand.CERTIFICATE, "One line\nand another")
    assert document_of(own_bid(begun.bid_id, begun.by)) == [
        ("Document: Your safeguarding policy", ["plan.docx"]),
        ("Certificate: Housing adviser, level 3", ["One line", "and another"]),
        ("A yearly turnover: £60,000", []),
    ]
