"""An officer reads what others will read of each bid, and takes out what they may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from bids.awards.models import Award, Reader, Redaction, SummaryReview
from bids.awards.queries import locked, waiting_award
from bids.awards.texts import Key, Told, only_takes_out, redactions, told_by_bid
from bids.evaluation import queries
from bids.models import Bid
from bids.permissions import BidPermission
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check


@dataclass(frozen=True)
class Reviewed:
    """One bid with its texts; `review` once somebody has read them."""

    bid: Bid
    told: list[Told]
    review: SummaryReview | None

    @property
    def wanted(self) -> bool:
        """Whether somebody has yet to read it; without a text there is nothing to read.

        Also where the others would read what the bidder does not.
        """
        if self.review is not None and all(told.holds for told in self.told):
            return False
        return bool(self.told or self.bid.ground_reason)


def reviewed_bids(award: Award) -> list[Reviewed]:
    """Every opened bid with what will be read of it."""
    told = told_by_bid(award)
    found = select(SummaryReview).where(SummaryReview.award_id == award.id)
    reviews = {each.bid_id: each for each in db.session.scalars(found)}
    return [
        Reviewed(bid, told.get(bid.id, []), reviews.get(bid.id))
        for bid in queries.opened_bids(award.evaluation)
    ]


def left_to_review(award: Award) -> int:
    """Of how many bids nobody has read what others will read."""
    return sum(each.wanted for each in reviewed_bids(award))


def must_be_reviewed(award: Award) -> None:
    """Raise Refusal while what bidders will read of a bid has not been reviewed."""
    left = left_to_review(award)
    if left:
        raise Refusal(
            ngettext(
                "An officer has yet to review what will be read of %(num)s bid. "
                "Nothing was decided.",
                "An officer has yet to review what will be read of %(num)s bids. "
                "Nothing was decided.",
                left,
            )
        )


def review(evaluation_id: UUID, bid_id: UUID, texts: Mapping[Key, str], by: Acting) -> None:
    """Mark one bid's texts as reviewed, with what was taken out of them.

    The moderated reasons stay as they are. Raises Refusal where a text adds words, or once the
    lot is decided; NotYours for no such bid.
    """
    evaluation, _lot = locked(evaluation_id)
    check(by, BidPermission.MANAGE, evaluation)
    award = waiting_award(evaluation)
    seen = next((each for each in reviewed_bids(award) if each.bid.id == bid_id), None)
    if seen is None:
        raise NotYours(bid_id)
    _redact(award, seen, texts, by)
    row = seen.review
    if row is None:
        row = SummaryReview(id=new_id(), award_id=award.id, bid_id=bid_id)
        db.session.add(row)
    row.reviewed_at, row.reviewed_by_id = clock.now(), by.person_id
    audit.record("summary_review:reviewed", subject=row, by=by, facts={"bid": str(bid_id)})


def _redact(award: Award, seen: Reviewed, texts: Mapping[Key, str], by: Acting) -> None:
    stored = {
        (each.criterion_id, each.reader): each
        for each in redactions(award.id)
        if each.bid_id == seen.bid.id
    }
    for told in seen.told:
        asked = {each: texts.get((told.criterion.id, each), told.read_by(each)) for each in Reader}
        asked[Reader.OTHERS] = told.others_beside(asked[Reader.BIDDER_REASON], asked[Reader.OTHERS])
        # In this order: what the bidder is not to read is where the others' text begins.
        for reader in Reader:
            key = (told.criterion.id, reader)
            _put(award, seen.bid, told, reader, asked[reader], stored.get(key), by)


def _put(
    award: Award,
    bid: Bid,
    told: Told,
    reader: Reader,
    text: str,
    stored: Redaction | None,
    by: Acting,
) -> None:
    """Keep one text, let go of it where nothing is taken out any more, or leave it as it is."""
    facts = {"bid": str(bid.id), "criterion": str(told.criterion.id), "reader": reader}
    if text == told.original(reader):
        told.redacted.pop(reader, None)
        if stored is not None:
            audit.record("redaction:taken_back", subject=stored, by=by, facts=facts)
            db.session.delete(stored)
        return
    if not only_takes_out(told.original(reader), text):
        own = reader is Reader.OTHERS and only_takes_out(told.moderated.reason, text)
        raise Refusal(others_read_more() if own else adds_words())
    if stored is not None and stored.text == text:
        return
    if stored is None:
        stored = Redaction(
            id=new_id(),
            award_id=award.id,
            bid_id=bid.id,
            criterion_id=told.criterion.id,
            reader=reader,
        )
        db.session.add(stored)
    stored.text, stored.made_at, stored.made_by_id = text, clock.now(), by.person_id
    told.redacted[reader] = text
    audit.record("redaction:made", subject=stored, by=by, fields=["text"], facts=facts)


def adds_words() -> str:
    """What to do where a review rewrites a reason."""
    return _(
        "You may only take words out of what the panel agreed. Write […] in each place where "
        "whole words are left out, and leave every other word as it is."
    )


def others_read_more() -> str:
    """What to do where the others would read what the bidder itself does not."""
    return _(
        "What you take out of the text for the bidder must be taken out of the text for the others "
        "too. Write […] here in the same places."
    )
