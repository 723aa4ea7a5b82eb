"""Putting drafts into a competition, and setting its limit. None commits.

The lot's row is locked before the competition's, and never two lots.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from lots.competition.models import Competition
from lots.drafting.actions import draft, wrote
from lots.models import Lot, LotEditor
from lots.pipeline import News, news
from lots.together import queries
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, insert_into
from marketplace.fresh import fresh_reference
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours


def begin(lot_id: UUID, title: str, by: Acting) -> Competition:
    """Begin a competition with this draft as its first lot."""
    lot = draft(lot_id, by)
    _leave(lot, by)
    competition = Competition(
        reference=fresh_reference(Competition, "COM"),
        title=title,
        lead_buyer_id=lot.lead_buyer_id,
        created_at=clock.now(),
    )
    db.session.add(competition)
    db.session.flush()
    audit.record("competition:begun", subject=competition, by=by)
    _put(lot, competition.id, by)
    return competition


def join(lot_id: UUID, competition_id: UUID, by: Acting) -> None:
    """Put this draft into one of its buyer's competitions.

    Raises NotYours for another buyer's, Refusal where one of its lots is approved or has opened.
    """
    lot = draft(lot_id, by)
    if lot.competition_id == competition_id:
        return
    competition = _unsettled(competition_id)
    if competition.lead_buyer_id != lot.lead_buyer_id:
        raise NotYours(competition_id)
    _leave(lot, by)
    _put(lot, competition_id, by)
    _tell_others(lot, competition_id, by)


def leave(lot_id: UUID, by: Acting) -> None:
    """Take this draft out of its competition; one without lots is gone."""
    lot = draft(lot_id, by)
    if lot.competition_id is not None:
        _leave(lot, by)


def set_rule(lot_id: UUID, title: str, most_lots: int | None, by: Acting) -> None:
    """Name the competition of this draft, and say how many of its lots one bidder may win."""
    lot = draft(lot_id, by)
    if lot.competition_id is None:
        raise Refusal(_("This lot is not in a competition any more. Choose one first."))
    competition = _unsettled(lot.competition_id)
    if (competition.title, competition.most_lots) == (title, most_lots):
        return
    competition.title, competition.most_lots = title, most_lots
    fields = ["title", "most_lots"]
    audit.record("competition:edited", subject=competition, by=by, fields=fields)
    wrote(lot, by)
    _tell_others(lot, competition.id, by)


def _leave(lot: Lot, by: Acting) -> None:
    left = lot.competition_id
    if left is None:
        return
    competition = _unsettled(left)
    _put(lot, None, by)
    if queries.lots_of(left):
        _tell_others(lot, left, by)
        return
    audit.record("competition:emptied", subject=competition, by=by)
    db.session.delete(competition)


def _put(lot: Lot, competition_id: UUID | None, by: Acting) -> None:
    lot.competition_id = competition_id
    db.session.flush()
    db.session.expire(lot, ["competition"])
    wrote(lot, by)
    audit.record("lot:edited", subject=lot, by=by, fields=["competition_id"])


def _tell_others(lot: Lot, competition_id: UUID, by: Acting) -> None:
    """What the other lots say has changed too: whoever did it does not publish them either."""
    for other in queries.lots_of(competition_id):
        if other.id == lot.id:
            continue
        row = {"lot_id": other.id, "person_id": by.person_id}
        db.session.execute(insert_into(LotEditor).values(row).on_conflict_do_nothing())
        news.tell(other, News.PLAN_CHANGED)


def _unsettled(competition_id: UUID) -> Competition:
    competition = queries.locked(competition_id)
    if queries.is_settled(competition):
        raise Refusal(
            _(
                "A lot of this competition is approved or has opened, so the competition cannot "
                "change any more: bidders rely on it."
            )
        )
    return competition
