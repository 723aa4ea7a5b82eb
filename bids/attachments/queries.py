"""What a bid holds against each demand of its lot, and what a version says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bids.attachments import wording
from bids.attachments.models import BidDemand, BidFile
from bids.models import Bid
from lots.models import LotDemand
from lots.vocabulary import Demand
from marketplace.database import db
from marketplace.permissions import NotYours


@dataclass(frozen=True)
class Asked:
    """One demand with the bidder's files and words; `edition` is that of the words."""

    demand: LotDemand
    files: list[BidFile] = field(default_factory=list)
    words: str = ""
    edition: int = 0

    @property
    def takes_files(self) -> bool:
        """It is met with a file."""
        return self.demand.kind in wording.WITH_FILES

    @property
    def takes_words(self) -> bool:
        """It may be met in words: an equivalent of a certificate, or a plan to get there."""
        return self.demand.kind == Demand.CERTIFICATE and self.demand.or_equivalent

    @property
    def is_met(self) -> bool:
        """There is a file, words where they do, or the statement was confirmed."""
        by_words = self.takes_words or not self.takes_files
        return bool(self.files) or (by_words and bool(self.words))

    @property
    def label(self) -> str:
        """The demand as a heading."""
        return wording.label(self.demand.kind, wording.asked(self.demand))


def asked_of(bid: Bid) -> list[Asked]:
    """Every demand of the lot in its order; two statements, none where nothing is demanded."""
    if not bid.lot.demands:
        return []
    files: dict[UUID, list[BidFile]] = {}
    for each in db.session.scalars(_files_of(bid)):
        files.setdefault(each.demand_id, []).append(each)
    said = select(BidDemand).where(BidDemand.bid_id == bid.id)
    words = {each.demand_id: each for each in db.session.scalars(said)}
    return [
        Asked(
            demand,
            files.get(demand.id, []),
            (words[demand.id].words or "") if demand.id in words else "",
            words[demand.id].edition if demand.id in words else 0,
        )
        for demand in bid.lot.demands
    ]


def _files_of(bid: Bid) -> Any:
    return select(BidFile).where(BidFile.bid_id == bid.id).order_by(BidFile.added_at, BidFile.id)


def asked_in(bid: Bid, demand_id: UUID) -> Asked:
    """One demand of the bid's lot. Raises NotYours."""
    for each in asked_of(bid):
        if each.demand.id == demand_id:
            return each
    raise NotYours(demand_id)


def sent_file(bid: Bid, sent_id: UUID) -> BidFile:
    """A file in the bid's working copy. Raises NotYours."""
    for each in db.session.scalars(_files_of(bid)):
        if each.id == sent_id:
            return each
    raise NotYours(sent_id)


def content_of(bid: Bid) -> list[dict[str, Any]]:
    """What a version says of each demand: words, and for each file its hash and its key.

    The files themselves were encrypted when they were sent, each under a random key. Sealed with
    the version, key and SHA-256 make them as sealed, and as vouched for, as the answers.
    """
    return [
        {
            "demand": str(each.demand.id),
            "kind": each.demand.kind.value,
            "asked": wording.asked(each.demand),
            "words": each.words,
            "files": [_sealed(sent) for sent in each.files],
        }
        for each in asked_of(bid)
    ]


def _sealed(sent: BidFile) -> dict[str, Any]:
    file = sent.file
    return {
        "file": str(file.id),
        "name": file.name,
        "kind": file.kind.value,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "key": file.key.hex(),
    }


def demands_in(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What a version's content says of each demand, with its `label`."""
    return [
        each | {"label": wording.label(Demand(each["kind"]), each["asked"])}
        for each in content.get("demands", [])
    ]


def file_in(content: dict[str, Any], file_id: UUID) -> dict[str, Any]:
    """What a version's content says of one of its files. Raises NotYours."""
    for demand in content.get("demands", []):
        for each in demand["files"]:
            if each["file"] == str(file_id):
                return each
    raise NotYours(file_id)
