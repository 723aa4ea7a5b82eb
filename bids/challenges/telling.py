"""Mails about challenges. Who challenged, and why, is told to the buyer's people only."""

from __future__ import annotations

from bids.awards.models import Award
from bids.awards.telling import tell_bidders
from bids.challenges.models import Challenge, Outcome
from bids.evaluation import queries as evaluations
from bids.evaluation.permissions import has_interest
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS
from marketplace import outbox
from marketplace.accounts.queries import people_with

MAILS = "bids/challenges/mail/"


def received(challenge: Challenge, lot: Lot, award: Award, *, paused_now: bool) -> None:
    """The buyer has something to answer; every bidder hears that the standstill is paused."""
    for person in people_with(lot.lead_buyer_id, (*DRAFTERS, *DECIDERS)):
        if not has_interest(person.id, lot.id):
            outbox.post(
                MAILS + "to_answer.txt",
                to=person.email,
                subject_id=challenge.id,
                facts={"challenge_id": str(challenge.id), "title": lot.title},
            )
    if paused_now:
        _all_bidders("paused.txt", award, lot)


def dismissed(challenge: Challenge, lot: Lot, *, runs_on: bool) -> None:
    """The challenger gets its answer; the others hear only that the standstill runs on."""
    _answer(challenge)
    if runs_on:
        _all_bidders("runs_on.txt", challenge.award, lot)


def upheld(challenge: Challenge) -> None:
    """The challenger gets its answer; what follows from it tells every bidder itself."""
    _answer(challenge)


def ended(challenge: Challenge) -> None:
    """A challenger hears that there is nothing left to answer."""
    if challenge.bid is not None:
        tell_bidders(MAILS + "ended.txt", [challenge.bid], title=challenge.lot.title)


def _answer(challenge: Challenge) -> None:
    if challenge.bid is not None:
        upheld = challenge.outcome is not Outcome.DISMISSED
        template = "upheld.txt" if upheld else "dismissed.txt"
        tell_bidders(MAILS + template, [challenge.bid], title=challenge.lot.title)


def _all_bidders(template: str, award: Award, lot: Lot) -> None:
    ends_on = lot.standstill_ends_on.isoformat() if lot.standstill_ends_on else ""
    bids = evaluations.opened_bids(award.evaluation)
    tell_bidders(MAILS + template, bids, title=lot.title, ends_on=ends_on)
