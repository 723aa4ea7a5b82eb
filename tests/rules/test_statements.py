"""A list costs the same number of statements however long it is: at 1x and at 5x the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from lots.contracts.models import Contract
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, new_id, write
from marketplace.outbox.models import DemonstrationMail
from marketplace.qualification.models import ApplicationState
from tests.support import bid_partners, bids, funding, lots, paying, referrals
from tests.support.contracts import make_live_contract
from tests.support.isolation import rolled_back
from tests.support.people import make_organisation, make_person
from tests.support.statements import statements_sent
from tests.support.walking import Walker
from tests.support.world import AREAS, VISITOR, World, seat

TIMES = 5
MARKET = "/open-data/market.json?demonstration=1"
LISTS = [
    ("/", VISITOR),
    ("/", "director"),
    ("/opportunities", VISITOR),
    ("/opportunities?show=concluded", VISITOR),
    ("/opportunities.atom", VISITOR),
    ("/opportunities.ics", VISITOR),
    ("/opportunities.json", VISITOR),
    ("/services", VISITOR),
    ("/services?area=kent&need=accommodation", VISITOR),
    ("/market?demonstration=1", VISITOR),
    (MARKET, VISITOR),
    ("/lots", "director"),
    ("/funding", "pcc commissioner lead"),
    ("/funds", "commissioning officer"),
    ("/contracts", "director"),
    ("/statements", "director"),
    ("/contracts", "service manager"),
    ("/payments", "contract manager"),
    ("/payments", "finance"),
    ("/payments/paid", "contract manager"),
    ("/payments/files", "contract manager"),
    ("/payments/export", "contract manager"),
    ("/payments/record", "contract manager"),
    ("/referrals", "service manager"),
    ("/my-cases", "author"),
    ("/my-cases/drafts", "author"),
    ("/referrals", "assigned"),
    ("/our-services", "service manager"),
    ("/bids", "bid manager"),
    ("/bids/answers", "bid manager"),
    ("/partner-bids", "bid manager"),
    ("/evaluations", "commissioning officer"),
    ("/evaluations", "seated evaluator"),
    ("/qualification", "bid manager"),
    ("/qualification/queue", "framework manager"),
    ("/qualification/held", "framework manager"),
    ("/qualified", VISITOR),
    ("/organisations", "administrator"),
    ("/people", "service manager"),
    ("/demonstration/mails", VISITOR),
]
# What says as much about many things as about few.
# The calendar holds what is ahead, and growing moves the clock past every closing. The page of all
# answers shows each text once, and the bids that are added repeat theirs. The market's figures
# count instead of listing, and leave out a buyer whose payments are over a year old by then.
ALIKE = {"/", "/qualification", "/opportunities.ics", "/bids/answers", MARKET}


@pytest.fixture(scope="module")
def counted(the_world: World) -> Iterator[dict[str, list]]:
    """For each list its statements, before and after everything has become five times as much."""
    with rolled_back(the_world.app) as connection:
        walker = Walker(the_world, connection)
        with the_world.app.app_context():
            add_mail()
            db.session.remove()
        for path, who in LISTS:  # once unmeasured, for what is read only once a process
            walker.ask(who, "GET", path)
        before = [statements(walker, path, who) for path, who in LISTS]
        with the_world.app.app_context():
            grow(the_world)
            db.session.remove()
        after = [statements(walker, path, who) for path, who in LISTS]
        yield {
            f"{path} as {who}": list(pair)
            for (path, who), *pair in zip(LISTS, before, after, strict=True)
        }


def statements(walker: Walker, path: str, who: str) -> tuple[Counter, int]:
    """How often each statement is sent for a page, and how long the page is."""
    with statements_sent() as sent:
        answer = walker.ask(who, "GET", path)
    assert answer.status_code == 200, path
    return Counter(sent), len(answer.data)


def grow(world: World) -> None:
    """Add five of everything that any list shows."""
    region, provider = world.people["director"][1], world.people["trustee"][1]
    author, area_id = world.by("author"), world.things["service"]["contract_area_id"]
    for _time in range(TIMES):
        lot = lots.make_open_lot(buyer=region, areas=AREAS)
        bids.submitted_bid(lot, provider)
        for state in (LotState.DRAFT, LotState.AWARDED):
            lots.make_lot(state, buyer=region, areas=AREAS)
        make_live_contract(provider, buyer=region, service_code="accommodation")
        make_live_contract(make_organisation(), buyer=region, area_codes=("sussex",))
        referrals.send(area_id, author)
        referrals.make_draft(area_id, author)
        bids.qualify(make_organisation(), state=ApplicationState.SUBMITTED)
        make_person(Role.CASEWORKER, provider)
        add_mail()
    funding.grow(world, TIMES)
    bid_partners.grow(world, TIMES)
    paying.grow(world, TIMES)
    for _time in range(TIMES):
        # These move the clock past a closing, so they come last.
        bids.closed_competition(buyer=region, areas=AREAS)
        seat(world, bids.opened_competition(buyer=region, areas=AREAS))
    with write():
        # The market report counts published records, and invented ones where it is asked to.
        db.session.execute(update(Contract).values(is_demonstration=True))
        db.session.execute(update(Lot).values(is_demonstration=True))


def add_mail() -> None:
    """A mail in the demonstration's letter box."""
    with write():
        db.session.add(
            DemonstrationMail(
                message_id=new_id(),
                sent_at=clock.now(),
                recipient="in@harbour.example",
                subject="A new referral",
                body="Open it in the marketplace.",
            )
        )


@pytest.mark.parametrize(("path", "who"), LISTS)
def test_a_longer_list_costs_no_further_statement(counted, path, who):
    (before, short), (after, long) = counted[f"{path} as {who}"]
    assert path in ALIKE or long > short, "the list has not grown"
    assert after.total() == before.total(), "\n".join(map(str, (after - before).items()))
