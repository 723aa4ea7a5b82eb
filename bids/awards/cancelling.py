"""What the bidders of a lot that is cancelled before its decision are told of its evaluation."""

from __future__ import annotations

from uuid import UUID

from bids.awards.figures import figures
from bids.awards.models import Award, AwardOutcome
from bids.awards.queries import award_of
from bids.awards.summaries import send_summaries
from bids.evaluation import queries, standings
from bids.evaluation.models import Evaluation
from lots.models import Lot
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db, new_id


def tell_agreed(lot: Lot, evaluation: Evaluation, by: Acting) -> set[UUID]:
    """Close the evaluation for nobody, and send every opened bid what stands agreed so far.

    Returns the bids that were told. A reason that no officer has reviewed is not sent: it was
    written for colleagues (domain, section 6).
    """
    bids = queries.opened_bids(evaluation)
    if not bids:
        return set()
    award = award_of(lot.id)
    if award is None:
        award = Award(
            id=new_id(),
            lot=lot,
            evaluation=evaluation,
            recommended_by_id=by.person_id,
            recommended_at=clock.now(),
            recommendation=lot.end_note,
        )
        db.session.add(award)
    award.outcome, award.decided_at, award.published_reason = (
        AwardOutcome.NO_AWARD,
        clock.now(),
        lot.end_note,
    )
    for name, number in figures(bids, len(standings.ranked(evaluation))).items():
        setattr(award, name, number)
    db.session.flush()
    send_summaries(award, bids, reviewed_only=True)
    return {bid.id for bid in bids}
