"""While bids are sealed, nothing of them is found anywhere outside their bidder's own pages.

Marker words stand in every field, name and file of two bids. Every route as every role, every
feed, mail and log line, and the whole database are searched; afterwards the same search finds
them where the opening allows it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from bids.opening.actions import confirm_opening
from lots.permissions import DECIDERS, DRAFTERS
from marketplace import clock, jobs
from marketplace.database import db, write
from marketplace.outbox.actions import compose
from marketplace.outbox.models import DemonstrationMail, MessageState, OutboxMessage
from tests.rules.answers import TABLE
from tests.support import apps, canary, seeds, world
from tests.support.canary import CONTENT, Canary
from tests.support.isolation import rolled_back
from tests.support.lots import pass_closing, whole_lot
from tests.support.secrecy import (
    AN_ID,
    LogLines,
    Search,
    every_row,
    opaque_values,
    tied_to,
    unpacked,
)
from tests.support.walking import Walker
from tests.support.world import VISITOR

# The most curious; with FULL=1 everybody of the world, on SQLite: who is shown what is decided by
# the product, whichever the database. The whole of either database is always searched.
A_FEW = (VISITOR, "commissioning officer", "other bid manager")
CURIOUS = (*A_FEW, "auditor", "administrator")


class Run:
    """The world with its sealed bids, what was logged meanwhile, and the pages from before."""

    def __init__(self, url: str, folder: Path):
        self.lines = LogLines()
        logging.getLogger().addHandler(self.lines)
        logging.getLogger("marketplace").setLevel(logging.DEBUG)
        self.app = apps.make_app(url, folder, demonstration=True)
        self.world = world.build(self.app)
        with self.app.app_context():
            self.canary = canary.prepare(self.world)
            with db.engine.connect() as connection:
                self.walker = Walker(self.world, connection)
            self.before = self.pages()
            canary.bid(self.canary)
            db.session.remove()

    def outsiders(self, of: tuple[str, ...] = CURIOUS) -> list[str]:
        """Of these people, or of everybody, whoever has no part in the bid."""
        everybody = seeds.FULL and self.app.extensions["settings"].on_sqlite
        chosen = (VISITOR, *self.world.people) if everybody else of
        return [who for who in chosen if who not in self.canary.insiders]

    def opens(self, who: str) -> bool:
        """Whether they are the lead buyer's officers or deciders, and so read what was opened."""
        if who == VISITOR:
            return False
        by, lot = self.world.by(who), self.canary.lot
        return by.organisation_id == lot.lead_buyer_id and by.has(*DRAFTERS, *DECIDERS)

    def addresses(self, method: str) -> dict[str, str]:
        """One address for each route: of the sealed bid where the route names something of it."""
        thing_of = {row.endpoint: row.thing for row in TABLE if row.thing}
        bound = self.app.url_map.bind("localhost")
        found = {}
        for rule in self.rules(method):
            thing = self.world.things.get(thing_of.get(rule.endpoint, ""), {})
            known = {**thing, **self.canary.ids}
            if rule.arguments <= known.keys():
                values = {name: known[name] for name in rule.arguments}
                found[rule.rule] = bound.build(rule.endpoint, values, method)
        return found

    def rules(self, method: str) -> list[Rule]:
        """Every route that answers this method."""
        listed = self.app.url_map.iter_rules()
        return [
            each for each in listed if method in (each.methods or ()) and each.endpoint != "static"
        ]

    def pages(self) -> dict[tuple[str, str], bytes]:
        """Every page of every outsider, by its address."""
        return self.answers(self.addresses("GET").values(), self.outsiders())

    def pages_about(self, *who: str) -> dict[tuple[str, str], bytes]:
        """The pages of these people that name something of the bid, and all lists and feeds."""
        known = {str(each) for each in self.canary.ids.values()}
        paths = self.addresses("GET").values()
        about = [path for path in paths if known & set(path.split("/")) or not AN_ID.search(path)]
        return self.answers(about, who)

    def answers(self, paths: Iterable[str], people: Iterable[str]) -> dict[tuple[str, str], bytes]:
        """What each of these people is shown at each of these addresses."""
        return {
            (path, who): self.walker.ask(who, "GET", path).get_data()
            for path in paths
            for who in people
        }


PASSING = re.compile(
    rb'nonce="[^"]*"|name="(?:csrf_token|once|key)"[^>]*|value="[0-9a-f]{32}"|DTSTAMP:\S+|'
    rb'"(?:generated|published)[A-Za-z]*": ?"[^"]*"|<updated>[^<]*</updated>|'
    rb"Demonstration clock: [^<]*"
)
# A secret drawn for each request, and the time itself.
# The last three tell what was read, the first look at them too.
NEVER_THE_SAME = re.compile(
    r"/account/authenticator|/demonstration/clock|/audit/case-reads/|"
    r"/cases/[^/]+/(?:reads|notes)$"
)


def lines_of(page: bytes) -> set[bytes]:
    """What a page says, without what differs each time; of an archive, what is in it."""
    whole = b"\n".join(part for part in unpacked(page) if part[:4] != b"PK\x03\x04")
    return set(PASSING.sub(b"", whole).splitlines())


@pytest.fixture(scope="module")
def run(new_database, session_folder) -> Iterator[Run]:
    made = Run(new_database("canary"), session_folder)
    with made.app.app_context():
        yield made
        db.session.remove()
    logging.getLogger().removeHandler(made.lines)


@pytest.fixture(scope="module")
def content() -> Search:
    return Search(CONTENT)


@pytest.fixture(scope="module")
def rows(run: Run):
    with run.app.app_context(), db.engine.connect() as connection:
        return every_row(connection)


def test_every_route_is_searched(run):
    for method in ("GET", "POST"):
        unasked = {rule.rule for rule in run.rules(method)} - run.addresses(method).keys()
        assert not unasked, f"say in tests/support/canary.py of which thing: {sorted(unasked)}"


@pytest.fixture(scope="module")
def sealed_pages(run: Run) -> dict[tuple[str, str], bytes]:
    return run.pages()


def test_no_page_of_anybody_else_shows_anything(sealed_pages, content):
    for (path, who), page in sealed_pages.items():
        assert not content.in_bytes(page), (path, who)


def test_the_same_pages_stood_there_before_anybody_bid(run, sealed_pages):
    """Neither names nor numbers, nor anything else that a bid could change."""
    both = run.before.keys() & sealed_pages.keys()
    assert len(both) > 500
    new = {
        (path, line)
        for path, who in both
        if not NEVER_THE_SAME.match(path)
        for line in lines_of(sealed_pages[path, who]) - lines_of(run.before[path, who])
    }
    assert not sorted({path for path, _line in new}), sorted(new)[:20]


def test_no_answer_to_anything_sent_shows_anything(run, content):
    with rolled_back(run.app) as connection:
        walker = Walker(run.world, connection)
        for path in run.addresses("POST").values():
            for who in run.outsiders(A_FEW):
                with walker.undone():
                    answer = walker.ask(who, "POST", path)
                assert not content.in_bytes(answer.get_data()), (path, who)


def test_the_bidder_and_the_partner_find_their_own(run, content):
    seen: dict[str, set[str]] = {}
    for (_path, who), page in run.pages_about(*run.canary.insiders).items():
        seen.setdefault(who, set()).update(content.in_bytes(page))
    assert seen["canary manager"] >= {"an answer", "a comment", "the price as shown"}
    assert seen["canary manager"] >= {"a file's name", "a file's content", "a cost's label"}
    assert "a partner's role" in seen["canary partner"]
    assert not seen["canary partner"] & {"an answer", "the price as shown", "a file's name"}


def test_the_whole_database_holds_no_word_of_a_bid_in_the_clear(run, rows, content):
    for row in rows:
        assert not content.in_bytes(row.data), (row.table, content.in_bytes(row.data))


def test_the_file_of_the_database_holds_none_either(run, content):
    if run.app.extensions["settings"].on_sqlite:
        file = Path(db.engine.url.database)
        for each in file.parent.glob(f"{file.name}*"):
            assert not content.in_bytes(each.read_bytes()), each.name


def test_no_row_that_leads_to_a_bid_or_its_lot_says_whose_it_is(run, rows):
    identity = Search(run.canary.identities())
    assert identity.in_bytes(b"".join(row.data for row in rows)), "known somewhere"
    tied = tied_to(rows, run.canary.bids.values())
    assert {row.table for row in tied} >= {"bid", "bid_version", "bid_partner", "audit_event"}
    lots = {run.canary.lot.id, run.canary.other_lot.id}
    of_the_lots = [row for row in rows if row.ids & lots]
    for row in tied + of_the_lots:
        assert not identity.in_bytes(row.data), (row.table, identity.in_bytes(row.data))


def test_no_value_ties_two_bids_of_one_organisation_to_each_other(run, rows):
    mine, other, cousin = (
        opaque_values(tied_to(rows, [bid_id]))
        for bid_id in (*run.canary.bids.values(), run.canary.cousins_bid)
    )
    assert mine and other, "both bids have values of their own"
    assert not (mine & other) - cousin


def test_no_transaction_wrote_a_bid_together_with_who_it_is(run, rows):
    """PostgreSQL notes with each row which transaction wrote it; until a vacuum, for anybody."""
    identity = Search(run.canary.identities())
    writers = {row.written_by for row in tied_to(rows, run.canary.bids.values())} - {""}
    assert writers or run.app.extensions["settings"].on_sqlite
    together = {
        row.table: identity.in_bytes(row.data)
        for row in rows
        if row.written_by in writers and identity.in_bytes(row.data)
    }
    assert not together


def mails(app: Flask) -> list[tuple[str, str, str]]:
    """Recipient, subject and text of every mail that waits or was sent."""
    waiting = select(OutboxMessage).where(OutboxMessage.state == MessageState.TO_SEND)
    composed = [compose(message) for message in db.session.scalars(waiting)]
    sent = db.session.scalars(select(DemonstrationMail))
    return [(str(m["To"]), str(m["Subject"]), str(m.get_content())) for m in composed] + [
        (letter.recipient, letter.subject, letter.body) for letter in sent
    ]


def expect_quiet_mails(run: Run, content: Search) -> None:
    """No mail holds a word of a bid, and none ties an identity to a lot."""
    identity = Search(run.canary.identities())
    insiders = {person.email for person in run.canary.insiders.values()}
    lot = whole_lot(run.canary.lot.id)
    telling = [lot.title, lot.reference, str(lot.id), *(each.text for each in lot.questions)]
    telling += [each.text for each in lot.demands]
    for recipient, subject, body in mails(run.app):
        assert not content.in_texts([subject, body]), subject
        assert not identity.in_texts([subject]), subject
        about_lot = any(each in f"{subject} {body}" for each in telling)
        if recipient in insiders:
            assert not about_lot, (subject, body)
        else:
            assert not identity.in_texts([body]) or not about_lot, (subject, body)


def test_no_mail_says_whose_bid_it_is_or_what_is_in_it(run, content):
    assert run.canary.manager.email in {recipient for recipient, *_rest in mails(run.app)}
    expect_quiet_mails(run, content)


def test_no_log_line_names_a_bid_its_people_or_its_lot(run, content):
    known = Search(
        run.canary.identities() | {"the bid": run.canary.bids["lot"], "the lot": run.canary.lot.id}
    )
    assert any("bids.show" in line for line in run.lines.lines)
    for line in run.lines.lines:
        assert not content.in_texts([line]), line
        assert not known.in_texts([line]), line


def expect_quiet_rows(run: Run, content: Search) -> None:
    """The whole database again, after something has happened."""
    identity = Search(run.canary.identities())
    with db.engine.connect() as connection:
        stored = every_row(connection)
    for row in tied_to(stored, run.canary.bids.values()):
        assert not identity.in_bytes(row.data), row.table
    for row in stored:
        assert not content.in_bytes(row.data), row.table


def test_reminders_shortly_before_closing_say_nothing_either(run, content):
    ahead = run.canary.lot.closes_at - timedelta(hours=20) - clock.judged_now()
    with write():
        clock.set_offset(clock.offset_seconds() + int(ahead.total_seconds()))
    db.session.remove()
    done = jobs.sweep_all(run.app)
    assert done["remind bidders"] > 0 and -1 not in done.values()
    assert any("closing in" in subject for _to, subject, _body in mails(run.app))
    expect_quiet_mails(run, content)
    expect_quiet_rows(run, content)


def test_after_closing_and_a_round_of_jobs_nothing_is_found_either(run, content):
    pass_closing(run.canary.lot)
    db.session.remove()
    assert -1 not in jobs.sweep_all(run.app).values()
    for (path, who), page in run.pages_about(*run.outsiders(A_FEW)).items():
        assert not content.in_bytes(page), (path, who)
    expect_quiet_mails(run, content)
    expect_quiet_rows(run, content)


def test_after_the_opening_the_same_search_finds_it_where_it_is_allowed(run, content):
    for who in ("commissioning officer", "director"):
        with write():
            confirm_opening(run.canary.lot.id, run.world.by(who))
    everything = Search(CONTENT | run.canary.identities())
    seen: dict[str, set[str]] = {}
    evaluation = {"evaluation_id": _evaluation_of(run.canary)}
    run.canary.ids |= evaluation
    for (_path, who), page in run.pages_about(*run.outsiders(A_FEW)).items():
        seen.setdefault(who, set()).update(everything.in_bytes(page))
    found = seen["commissioning officer"]
    assert found >= {"an answer", "a partner's role", "a file's name", "words about a demand"}
    assert found >= {"the name Quittenmus Trust", "the name Mirabellengeist CIC"}
    for who, what in seen.items():
        assert not what & canary.OF_PRICE, (who, what)
        if not run.opens(who):
            assert not what & CONTENT.keys(), (who, what)
    with db.engine.connect() as connection:
        stored = every_row(connection)
    bid_row = next(row for row in stored if row.own_id == run.canary.bids["lot"])
    assert run.canary.organisation.id in bid_row.ids
    for row in stored:
        assert not content.in_bytes(row.data), (row.table, "opened content is encrypted too")


def _evaluation_of(made: Canary):
    from bids.evaluation.queries import evaluation_of

    return evaluation_of(made.lot.id).id
