"""Reading competitions: which there are to join, what is settled, and what everybody may know."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from lots.competition.models import Competition
from lots.models import Lot
from lots.queries import is_public
from lots.vocabulary import EDITABLE, LotState
from marketplace.database import db
from marketplace.permissions import NotYours

MOST_OFFERED = 50
# In such a state nothing of the lot has reached bidders as settled.
UNSETTLED = (*EDITABLE, LotState.CANCELLED)


def locked(competition_id: UUID) -> Competition:
    """A competition under its lock, taken after the lot's. Raises NotYours where there is none."""
    found = select(Competition).where(Competition.id == competition_id).with_for_update()
    competition = db.session.scalar(found.execution_options(populate_existing=True))
    if competition is None:
        raise NotYours(competition_id)
    return competition


def hold(lot: Lot) -> Competition | None:
    """Lock the lot's competition: nobody joins, leaves, opens or decides a lot of it meanwhile."""
    return locked(lot.competition_id) if lot.competition_id else None


def is_settled(competition: Competition) -> bool:
    """Once one of its lots is approved or has opened, nothing about the competition changes."""
    settled = _settled().where(Lot.competition_id == competition.id)
    return db.session.scalar(select(settled.exists())) is True


def _settled() -> Select:
    return select(Lot.id).where(or_(Lot.state.not_in(UNSETTLED), Lot.published_at.is_not(None)))


def to_join(lot: Lot) -> Sequence[Competition]:
    """The competitions of the lot's buyer that are not settled yet, newest first."""
    settled = _settled().where(Lot.competition_id == Competition.id).exists()
    found = select(Competition).where(Competition.lead_buyer_id == lot.lead_buyer_id, ~settled)
    newest = found.order_by(Competition.created_at.desc(), Competition.id).limit(MOST_OFFERED)
    return db.session.scalars(newest.options(selectinload(Competition.lots))).all()


def lots_of(competition_id: UUID) -> Sequence[Lot]:
    """All lots of a competition, drafts too; for its buyer."""
    found = select(Lot).where(Lot.competition_id == competition_id)
    return db.session.scalars(found.order_by(Lot.reference)).all()


def public_lots(lot: Lot) -> Sequence[Lot]:
    """The lots of the same competition that the public has been shown, this one among them."""
    found = select(Lot).where(Lot.competition_id == lot.competition_id)
    shown = found.where(or_(is_public(), Lot.id == lot.id))
    return db.session.scalars(shown.order_by(Lot.reference)).all()


def rule_of(competition: Competition) -> str:
    """The published rule of a competition: what its limit means for a bidder."""
    return rule_in_words(competition.most_lots)


def rule_in_words(most_lots: int | None) -> str:
    """The rule of a limit, or of none."""
    if most_lots is None:
        return _("One bidder can be awarded any number of these lots.")
    return ngettext(
        "No bidder is awarded more than %(num)s of these lots as long as another can be. Each lot "
        "is ranked by itself. A bid whose organisation has been awarded %(num)s of the others by "
        "then comes after all bids whose organisation has not, whatever its points.",
        "No bidder is awarded more than %(num)s of these lots as long as another can be. Each lot "
        "is ranked by itself. A bid whose organisation has been awarded %(num)s of the others by "
        "then comes after all bids whose organisation has not, whatever its points.",
        most_lots,
    )
