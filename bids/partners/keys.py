"""The keyed hashes under which a partner is unique and found while a bid is sealed."""

from __future__ import annotations

from uuid import UUID

from marketplace.keyring import keyring


def partner_key(bid_id: UUID, organisation_id: UUID) -> bytes:
    """The organisation's part in this bid: there is one at most."""
    return keyring().lookup_hash("bid_partner.bid", f"{bid_id}:{organisation_id}")


def lot_key(lot_id: UUID, organisation_id: UUID) -> bytes:
    """The organisation's parts in bids for this lot: there may be several."""
    return keyring().lookup_hash("bid_partner.lot", f"{lot_id}:{organisation_id}")
