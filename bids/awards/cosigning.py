"""Co-signing an award: funders that ask for it and co-signing regions agree before the decision.

They sign one of the ranked bids, with its price and the shares in which it will be paid. The
decision-maker can only award the bid that all of them have signed for.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.awards.models import Award
from bids.awards.queries import waiting_award
from bids.awards.report import must_be, sha_of
from bids.evaluation import queries, standings
from bids.evaluation.models import Evaluation
from bids.permissions import BidPermission
from lots.funding import cosigning as lots_cosigning
from lots.funding.mails import addresses
from lots.funding.models import Purpose
from lots.funding.parties import signers
from lots.funding.queries import to_cosign
from lots.funding.signing import award_hash, unsigned
from lots.models import Lot
from lots.permissions import DECIDERS
from lots.vocabulary import LotState
from marketplace import outbox
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, allowed, check


def facts_of(award: Award, bid_id: UUID) -> dict[str, Any]:
    """What is signed: the lot going to this bid at its opened price, and the report on it."""
    price = queries.opened_bid(award.evaluation, bid_id).price_pence
    facts = {"award": award.id, "bid": bid_id, "price_pence": price}
    sha256 = sha_of(award.id)
    return facts | {"report": sha256} if sha256 else facts


def cosignable(evaluation_id: UUID, by: Acting) -> tuple[Evaluation, Award]:
    """An evaluation and what is recommended, for a co-signer. Raises NotYours, and Refusal."""
    evaluation = queries.get(evaluation_id)
    if not allowed(by, BidPermission.COSIGN, evaluation):
        raise NotYours(evaluation_id)
    return evaluation, waiting_award(evaluation)


def cosign(evaluation_id: UUID, bid_id: UUID, by: Acting, seen: str | None = None) -> None:
    """Sign for awarding the lot to a ranked bid; a later signature replaces an earlier one.

    `seen` is the hash of the report that the signer was shown, where it was on a page.
    """
    lot = lots_cosigning.locked(queries.get(evaluation_id).lot_id)
    evaluation = queries.get(evaluation_id, locked=True)
    check(by, BidPermission.COSIGN, evaluation)
    award = waiting_award(evaluation)
    if seen is not None:
        must_be(award, seen)
    if str(bid_id) not in {each.key for each in standings.ranked(evaluation)}:
        raise Refusal(_("This bid is not in the ranking. Choose one that is."))
    signed = award_hash(lot, facts_of(award, bid_id))
    lots_cosigning.sign(lot, Purpose.AWARD, signed, by)


def must_be_cosigned(award: Award, lot: Lot, bid_id: UUID) -> None:
    """Raise Refusal naming whose signature for this bid is missing."""
    if not signers(lot):
        return
    missing = unsigned(lot, Purpose.AWARD, facts_of(award, bid_id))
    if missing:
        raise Refusal(
            _(
                "This award needs the co-signature of: %(names)s. It must be for the bid that you "
                "choose here.",
                names=", ".join(each.name for each in missing),
            )
        )


def ask(award: Award, lot: Lot) -> None:
    """Tell every co-signer's decision-makers of a recommendation that awards the lot."""
    if award.recommended_bid_id is None:
        return
    for signer in signers(lot):
        for address in addresses(signer.organisation_ids, DECIDERS):
            outbox.post(
                "bids/mail/cosign.txt",
                to=address,
                subject_id=award.id,
                facts={"evaluation_id": str(award.evaluation_id), "title": lot.title},
            )


def waiting(by: Acting) -> list[Award]:
    """Recommendations that this person's organisation has yet to co-sign."""
    lots = {lot.id: lot for lot in to_cosign(by, LotState.RECOMMENDED)}
    found = select(Award).where(
        Award.lot_id.in_(lots),
        Award.superseded_at.is_(None),
        Award.decided_at.is_(None),
        Award.recommended_bid_id.is_not(None),
    )
    return [
        award
        for award in db.session.scalars(found.order_by(Award.recommended_at))
        if allowed(by, BidPermission.COSIGN, award.evaluation)
        and not _signed(lots[award.lot_id], award, by)
    ]


def _signed(lot: Lot, award: Award, by: Acting) -> bool:
    """For this recommendation: what was signed for an earlier one does not hold for it."""
    return any(
        each.purpose == Purpose.AWARD
        and each.organisation_id == by.organisation_id
        and each.signed_at >= award.recommended_at
        for each in lot.signatures
    )
