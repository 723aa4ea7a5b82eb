"""Two bids of the demonstration have a fault: one was corrected, one still may be."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from bids.compliance import corrections
from bids.compliance.models import Fault
from bids.compliance.queries import corrections_of
from bids.evaluation.queries import evaluation_of
from bids.models import Bid, BidState
from lots.demonstration.data import Told
from lots.demonstration.lots import drafter, each_found
from lots.models import Lot
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, moment_of, on_the_day

LOT, CORRECTED, TO_CORRECT = "homes-yorkshire", "second-street", "kestrel"
DAYS = 3
ASKED, ANSWERED = time(11, 30), time(14, 10)
# Working days before today.
BEFORE, LATELY = -3, -1
FAULTS = {
    CORRECTED: (
        Fault.CLERICAL_ERROR,
        "Your safeguarding policy is dated 31 February. Please tell us its right date.",
    ),
    TO_CORRECT: (
        Fault.DOCUMENT_UNREADABLE,
        "In your safeguarding policy the pages after the first are black. Please send the whole "
        "policy again as a file that can be read.",
    ),
}
ANSWER = "It is dated 28 February. The day was mistyped; the policy is the one you have."


def build() -> None:
    """Ask both, and have one answer, unless that was told already."""
    each_found(_tell, LOT)


def _tell(told: Told, lot: Lot) -> None:
    evaluation = evaluation_of(lot.id)
    if evaluation is None:
        return
    today, officer = clock.today(), drafter(told)
    for bidder, days in ((CORRECTED, BEFORE), (TO_CORRECT, LATELY)):
        manager = acting_for(bidder, Role.BID_MANAGER)
        found = select(Bid).where(
            Bid.lot_id == lot.id, Bid.organisation_id == manager.organisation_id
        )
        bid = db.session.scalar(found)
        if bid is None or bid.state != BidState.OPENED or corrections_of([bid.id]):
            continue
        asked_on = calendar.add_working_days(today, days)
        with on_the_day(moment_of(asked_on, ASKED)):
            asked = corrections.ask(evaluation.id, bid.id, FAULTS[bidder], DAYS, officer)
        if bidder == CORRECTED:
            answered_on = calendar.add_working_days(asked_on, 1)
            with on_the_day(moment_of(answered_on, ANSWERED)):
                corrections.answer(asked.id, bid.id, ANSWER, manager)
