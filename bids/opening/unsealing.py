"""Bringing to light what was sealed, all of a lot's bids or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from nacl.public import PrivateKey
from sqlalchemy import select

from bids import sealing
from bids.lifecycle import BID, OPEN
from bids.models import Bid, BidState, BidVersion, OpenedBid
from bids.partners import opening as partners
from bids.queries import last_versions
from marketplace import audit
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal


def submitted_bids(lot_id: UUID) -> list[Bid]:
    """Every bid that counts, locked; in an order that says nothing."""
    found = select(Bid).where(Bid.lot_id == lot_id, Bid.state == BidState.SUBMITTED)
    return list(db.session.scalars(found.order_by(Bid.id).with_for_update()))


def open_all(bids: list[Bid], key: PrivateKey, by: Acting) -> None:
    """Open each bid's last version. Raises Refusal where a seal does not hold: then none opens."""
    versions = last_versions([bid.id for bid in bids], BidVersion.sealed_content)
    for bid in bids:
        version = versions[bid.id]
        _open(bid, version, _content(version, key), by)


def _content(version: BidVersion, key: PrivateKey) -> dict[str, Any]:
    try:
        return sealing.unseal(version.sealed_content, key, version.sha256)
    except sealing.BrokenSeal as broken:
        raise Refusal(
            _(
                "A bid's seal does not hold: its content is not what was submitted. Nothing was "
                "opened. Tell the framework team before you go on."
            )
        ) from broken


def _open(bid: Bid, version: BidVersion, content: dict[str, Any], by: Acting) -> None:
    organisation_id = UUID(content["organisation"]["id"])
    BID.take(OPEN, bid, by, facts={"organisation_id": organisation_id})
    # From here on the trail may say whose bid it was; until now it named nobody.
    audit.record(
        "bid:unsealed",
        subject=bid,
        by=by,
        facts={
            "organisation": organisation_id,
            "version": version.number,
            "sha256": version.sha256,
            "submitted_at": version.submitted_at,
        },
    )
    db.session.add(
        OpenedBid(
            id=new_id(),
            bid_id=bid.id,
            version_id=version.id,
            content=sealing.canonical(content).decode(),
            hours_spent=content.get("hours_spent"),
        )
    )
    partners.unsealed(bid, content)
