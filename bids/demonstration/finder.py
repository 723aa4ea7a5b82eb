"""The demonstration's partner finder: who looks for whom, and two organisations that talk."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bids.finder import actions
from bids.finder.actions import Sought
from bids.finder.models import FinderEntry, Side
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, on_the_day

USUAL_DAYS = 90
# (organisation, side, areas, categories, words, posted so many days ago)
ENTRIES = (
    (
        "second-street",
        Side.LEAD,
        ("durham", "northumbria", "cleveland"),
        ("accommodation",),
        "Eleven houses and a rent deposit fund. We want to bring them into somebody’s bid and keep "
        "doing what we do: finding homes and sitting at kitchen tables. We cannot carry a contract "
        "alone.",
        20,
    ),
    (
        "rising",
        Side.PARTNERS,
        ("cleveland", "durham", "humberside"),
        ("women", "accommodation", "finance-benefit-debt"),
        "We lead women’s services and look for people who know housing and debt, above all south "
        "of the Tees. Small is welcome: we pay each month in advance and do the paperwork.",
        12,
    ),
    (
        "pont",
        Side.LEAD,
        ("gwent", "south-wales", "dyfed-powys"),
        ("emotional-wellbeing", "education-training-employment"),
        "Cynigiwn waith grŵp a mentora yn Gymraeg a Saesneg. We offer group work and mentoring in "
        "Welsh and English and look for a lead that means it about both languages.",
        6,
    ),
    (
        "kestrel",
        Side.PARTNERS,
        ("west-yorkshire", "south-yorkshire", "north-yorkshire"),
        ("emotional-wellbeing", "lifestyle-and-associates"),
        "We lead bids of every size and want local organisations beside us from the first draft, "
        "each with its own share in pounds.",
        3,
    ),
)
# What is written about the second entry, by the asker and its owner in turn, hours apart.
ASKER, OWNER, ABOUT = "second-street", "rising", 1
MESSAGES = (
    "We have two houses in Redcar that stand ready for women. Would housing with a support worker "
    "two days a week be a share you could see us in?",
    "Yes, very much. Could we come and see the houses? Tuesday or Thursday suits us.",
    "Thursday at eleven, then. Bring boots, the garden is not finished.",
)


def build() -> None:
    """Tell it once, in one write."""
    with write():
        if db.session.scalar(select(FinderEntry.id).limit(1)) is None:
            _tell()


def _tell() -> None:
    now = clock.now()
    entries = [_post(now, *entry) for entry in ENTRIES]
    asker, owner = (acting_for(key, Role.BID_MANAGER) for key in (ASKER, OWNER))
    began = now - timedelta(days=ENTRIES[ABOUT][-1] - 2)
    for number, text in enumerate(MESSAGES):
        with on_the_day(began + timedelta(hours=5 * number)):
            if number == 0:
                thread = actions.write_first(entries[ABOUT].id, text, asker)
            else:
                actions.write_message(thread.id, text, owner if number % 2 else asker)
            db.session.flush()


def _post(now: datetime, key: str, side: Side, areas, categories, words, days: int) -> FinderEntry:
    by: Acting = acting_for(key, Role.BID_MANAGER)
    with on_the_day(now - timedelta(days=days)):
        ends_on = clock.today() + timedelta(days=USUAL_DAYS)
        entry = actions.post_entry(Sought(side, areas, categories, words, ends_on), by)
        db.session.flush()
    return entry
