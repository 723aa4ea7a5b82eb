"""Who hears of what happens in a competition: the central platform, followers, bidders."""

from __future__ import annotations

from enum import Enum, auto

from lots.competition.models import Clarification, LotChange
from lots.competition.vocabulary import ChangeKind
from lots.notices.posting import post
from lots.notices.vocabulary import NoticeKind
from lots.pipeline import News, news
from marketplace import events
from marketplace.acting import Acting


class Happening(Enum):
    """What floors above hear of, in the same transaction: the thing is the change."""

    CHANGED = auto()
    # Every change that was made, also those that nobody is mailed about.
    TOLD = auto()


def tell_change(change: LotChange, by: Acting | None, *, mails: bool = True) -> None:
    """Tell of a change that was made; without `mails` those who were told of its first day of
    waiting hear no more of it than the feeds and the digest say."""
    lot = change.lot
    if change.kind != ChangeKind.COSMETIC:
        moved = change.closing_after
        said = {"closes_at": moved.isoformat()} if moved else {}
        post(lot, NoticeKind.CHANGE, {"change": change.kind, "what": change.what} | said)
    news.tell(lot, News.MOVED if change.closing_after and mails else News.CHANGED)
    events.emit(Happening.TOLD, change, by)
    if mails:
        events.emit(Happening.CHANGED, change, by)


def tell_answer(clarification: Clarification) -> None:
    """Tell followers of a published answer; bidders hear of it from the step itself."""
    news.tell(clarification.lot, News.ANSWERED)
