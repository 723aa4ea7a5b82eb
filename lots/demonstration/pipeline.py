"""Who follows what in the demonstration, and what was answered without a name."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lots.demonstration.data import Told
from lots.demonstration.lots import each_found
from lots.models import Lot
from lots.pipeline import alerts, anonymous, answering, following
from lots.pipeline.anonymous import Answer
from lots.pipeline.keys import WHY_NOT, link_key
from lots.pipeline.models import WhyNotInvitation
from lots.pipeline.vocabulary import Choice, Obstacle, Subject
from lots.vocabulary import LotState
from lots.wanted import Wanted
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, on_the_day

FOLLOWED = {
    "wellbeing-northumbria": ("harbour", "oak"),
    "women-wales": ("rising",),
    "work-cleveland": ("harbour", "rising", "second-street", "pont"),
}
# The last of women's services in Wales waits for two others, and is not shown.
ANSWERED = {
    "wellbeing-northumbria": (
        ("harbour", Answer(Choice.YES)),
        (
            "oak",
            Answer(
                Choice.CHANGES,
                (Obstacle.VALUE, Obstacle.AREA),
                "Two half-time workers instead of one, and travel paid: the towns are far apart.",
            ),
        ),
        (
            "pont",
            Answer(Choice.NO, (Obstacle.TIME,), "We could start in spring, not six weeks after."),
        ),
    ),
    "women-wales": (("rising", Answer(Choice.YES)),),
}
WHY_NOT_ANSWERS = (Choice.VALUE, Choice.SIZE, Choice.VALUE)
ALERTS = (
    ("harbour", Wanted(None, region="A")),
    ("peer-steps", Wanted(None, area="gwent", band="30-100")),
)


def build() -> None:
    """Have providers follow lots, answer about plans and ask for alerts; once each."""
    each_found(_tell, *FOLLOWED)
    for provider, wanted in ALERTS:
        with write():
            alerts.add_own(wanted, acting_for(provider, Role.BID_MANAGER))


def build_why_not() -> None:
    """Have those who were asked after a closing say why they did not bid."""
    each_found(_tell_why_not, "work-cleveland")


def _tell(told: Told, lot: Lot) -> None:
    shown_at = lot.published_at or lot.planned_at or clock.now()
    with on_the_day(shown_at + timedelta(days=1)):
        if lot.state in following.FOLLOWABLE:
            for provider in FOLLOWED[told.key]:
                following.follow(lot.id, acting_for(provider, Role.BID_MANAGER))
        for provider, answer in ANSWERED.get(told.key, ()):
            by = acting_for(provider, Role.BID_MANAGER)
            if lot.state == LotState.PLANNED and not answering.has_answered(lot.id, by):
                answering.answer_viability(lot.id, answer, by)


def _tell_why_not(told: Told, lot: Lot) -> None:
    if anonymous.figures(lot.id, Subject.WHY_NOT) is not None or lot.closed_at is None:
        return
    open_ones = select(WhyNotInvitation.id).where(
        WhyNotInvitation.lot_id == lot.id, ~WhyNotInvitation.used
    )
    invitation_ids = db.session.scalars(open_ones.limit(len(WHY_NOT_ANSWERS))).all()
    with on_the_day(lot.closed_at + timedelta(days=1)):
        for invitation_id, choice in zip(invitation_ids, WHY_NOT_ANSWERS, strict=False):
            answering.answer_why_not(invitation_id, link_key(WHY_NOT, invitation_id), choice)
