"""Every movement of money says what it was for, and leads there."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from sqlalchemy import select

from marketplace.database import db
from marketplace.payments import causes
from marketplace.payments.models import Posting
from tests.support.isolation import rolled_back
from tests.support.walking import Walker

ROOT = Path(__file__).parents[2]
# "payment:paid" as a whole, or "paid" for a room whose causes all begin with "payment:".
WHOLE = re.compile(r'(?:_CAUSE = |\bCause\(\s*)"(\w+:[\w:]+)"')
BEGINNING = re.compile(r'\bCause\(f"(\w+):\{what\}"')
ENDING = re.compile(r'\b_post(?:_in|_out)?\(\w+, "(\w+)"')
# The world posts these for things that it has not got; each with one that it has.
MADE_UP = {
    "claim:approved": ("claim", "claim_id"),
    "claim:approved:vat": ("claim", "claim_id"),
    "grant:returned": ("report with a rest", "report_id"),
}
WITH_VAT = ("claim:approved", "claim:given_back", "instalment:owed")


def posted() -> set[str]:
    """Every kind of cause that the product posts, as its code names them."""
    found = {f"{kind}:vat" for kind in WITH_VAT}
    for floor in ("marketplace", "lots"):
        for path in (ROOT / floor).rglob("*.py"):
            code = path.read_text()
            found.update(WHOLE.findall(code))
            for beginning in BEGINNING.findall(code):
                found.update(f"{beginning}:{ending}" for ending in ENDING.findall(code))
    return found


def test_every_cause_that_is_posted_has_words(shared_app):
    assert len(posted()) > 20
    assert posted() - causes.told(shared_app).keys() == set()


def test_every_cause_leads_the_auditor_to_a_page_that_opens(the_world):
    with the_world.app.test_request_context():
        auditor = the_world.by("auditor")
        wanted = select(Posting.cause_kind, Posting.cause_id)
        kept = {tuple(row) for row in db.session.execute(wanted) if row[0] not in MADE_UP}
        kept |= {(kind, the_world.things[name][id_]) for kind, (name, id_) in MADE_UP.items()}
        found = causes.pages_of(kept, auditor)
        addresses = defaultdict(set)
        for (kind, _id), links in found.items():
            addresses[kind].update(link.href for link in links[:1])
    assert {kind for kind, pages in addresses.items() if not pages} == set()
    assert {kind.partition(":")[0] for kind in addresses} >= {"contribution", "funding", "payment"}
    with rolled_back(the_world.app) as connection:
        walker = Walker(the_world, connection)
        for kind, pages in addresses.items():
            page = min(pages)
            assert walker.ask("auditor", "GET", page).status_code == 200, (kind, page)
