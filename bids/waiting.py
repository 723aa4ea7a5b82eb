"""What waits for somebody in the buying half: own bids, openings, decisions."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from bids.awards.cosigning import waiting as to_cosign
from bids.awards.queries import to_decide
from bids.changes.actions import owing_confirmation
from bids.models import Bid, BidState
from bids.opening.queries import lots_to_open
from bids.permissions import BidPermission
from bids.queries import Unfinished, submitted_in_open_lots, unfinished
from bids.writing.queries import given_to, written_parts
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem


def waiting_for(by: Acting) -> list[WaitingItem]:
    """Everything of this floor that waits for this person."""
    items: list[WaitingItem] = []
    if allowed(by, BidPermission.WRITE):
        items += _own_bids(by)
    if by.has(*DRAFTERS, *DECIDERS):
        items += _openings(by)
    if by.has(*DECIDERS):
        items += _decisions(by)
        items += _cosignatures(by)
    return items


def _own_bids(by: Acting) -> list[WaitingItem]:
    begun = unfinished(by)
    return [
        *(_confirmations(submitted_in_open_lots(by)) if allowed(by, BidPermission.SUBMIT) else []),
        *_given([each.bid for each in begun], by),
        *_unfinished(begun),
    ]


def _given(bids: list[Bid], by: Acting) -> list[WaitingItem]:
    """The parts that colleagues gave to this person, for as long as they are empty.

    Parts other than answers and price wait until the bid is submitted.
    """
    items = []
    parts = given_to(by.person_id, bids)
    written = written_parts([bid for bid in bids if bid.id in parts])
    for bid in bids:
        left = len(parts.get(bid.id, set()) - written.get(bid.id, set()))
        if left:
            text = ngettext(
                "You are asked to write %(num)s part of the bid for “%(title)s”",
                "You are asked to write %(num)s parts of the bid for “%(title)s”",
                left,
                title=bid.lot.title,
            )
            items.append(WaitingItem(text, url_for("bids.show", bid_id=bid.id), left))
    return items


def _unfinished(begun: list[Unfinished]) -> list[WaitingItem]:
    return [WaitingItem(_said(each), url_for("bids.show", bid_id=each.bid.id)) for each in begun]


def _said(each: Unfinished) -> str:
    if each.bid.state == BidState.SUBMITTED:
        return ngettext(
            "Your bid for “%(title)s” counts as submitted, its changes since do not: "
            "%(num)s day left",
            "Your bid for “%(title)s” counts as submitted, its changes since do not: "
            "%(num)s days left",
            each.days_left,
            title=each.bid.lot.title,
        )
    return ngettext(
        "Your bid for “%(title)s” is not submitted: %(num)s day left",
        "Your bid for “%(title)s” is not submitted: %(num)s days left",
        each.days_left,
        title=each.bid.lot.title,
    )


def _confirmations(bids: list[Bid]) -> list[WaitingItem]:
    owing = owing_confirmation(bid.id for bid in bids)
    return [
        WaitingItem(
            _("Do your answers still stand? “%(title)s” has changed", title=bid.lot.title),
            url_for("bids.show", bid_id=bid.id),
        )
        for bid in bids
        if bid.latest is not None and (bid.id, bid.latest.number) in owing
    ]


def _openings(by: Acting) -> list[WaitingItem]:
    return [
        WaitingItem(
            _("Bids to open: %(title)s", title=lot.title), url_for("openings.show", lot_id=lot.id)
        )
        for lot, opening in lots_to_open(by)
        if opening is None or opening.first_by_id != by.person_id
    ]


def _decisions(by: Acting) -> list[WaitingItem]:
    return [
        WaitingItem(
            _("Award to decide: %(title)s", title=award.lot.title),
            url_for("awards.decision", evaluation_id=award.evaluation_id),
        )
        for award in to_decide(by)
    ]


def _cosignatures(by: Acting) -> list[WaitingItem]:
    return [
        WaitingItem(
            _("Award to co-sign: %(title)s", title=award.lot.title),
            url_for("awards.cosign", evaluation_id=award.evaluation_id),
        )
        for award in to_cosign(by)
    ]
