"""Writing a release with the step it tells of, in its transaction; what stands is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from lots.competition.models import Competition
from lots.contracts.models import Contract
from lots.funding.models import FunderState
from lots.models import Lot
from lots.notices.models import Notice
from lots.queries import is_announced
from lots.releases import parties as organisations
from lots.releases.documents import add_notice
from lots.releases.models import Process, ProcessKind, Release
from lots.releases.numbering import to_number
from lots.releases.processes import own_ocid, process, process_of
from lots.releases.tender import tender as tender_of
from lots.releases.values import pruned
from lots.shown import names
from marketplace import clock
from marketplace.database import db, new_id
from marketplace.organisations.models import Organisation

STEP = timedelta(milliseconds=1)
MARKET = "market"
MARKET_RELATION = "framework"

# An organisation with the part it plays in what a release tells.
Part = tuple[Organisation, str]


def release(
    lot: Lot,
    tags: Sequence[str],
    fragment: dict[str, Any] | None = None,
    *,
    tender: dict[str, Any] | None = None,
    parts: Iterable[Part] = (),
    contract: Contract | None = None,
    notice: Notice | None = None,
    notices: Iterable[Notice | None] = (),
    at: datetime | None = None,
) -> Release | None:
    """Write a release of what the public now reads of a lot's process, with `fragment` beside it.

    `fragment` holds sections such as `awards`, `tender` what is added to that section; every
    organisation in them stands in `parts`. It waits for its `notice`; `notices` are others that
    were written with the step. `at` is the moment it tells of, now unless given.
    None for a lot that the public never saw.
    """
    of = process_of(lot)
    lots = _public_lots(of, lot)
    if not lots:
        return None
    with force_locale("en"):
        body = _base(of, lots, parts) | (fragment or {})
        body["tender"] |= tender or {}
        for each in (*notices, notice):
            if each is not None:
                add_notice(body, each)
    return put(of, tags, body, lot=lot, contract=contract, notice=notice, at=at)


def put(
    of: Process,
    tags: Sequence[str],
    body: dict[str, Any],
    *,
    lot: Lot | None = None,
    contract: Contract | None = None,
    notice: Notice | None = None,
    at: datetime | None = None,
) -> Release:
    """Store a release as the next one of its process; it is numbered at the end of the write."""
    db.session.refresh(of, with_for_update=True)
    of.releases += 1
    last = db.session.scalar(
        select(Release.at).where(Release.process_id == of.id, Release.position == of.releases - 1)
    )
    at = at or clock.now()
    written = Release(
        id=new_id(),
        process_id=of.id,
        position=of.releases,
        tags=list(tags),
        at=at if last is None else max(at, last + STEP),
        body=pruned(body) or {},
        lot_id=lot.id if lot else None,
        contract_id=contract.id if contract else None,
        notice_id=notice.id if notice else None,
    )
    db.session.add(written)
    db.session.flush()
    to_number(of.id)
    return written


def market() -> Process:
    """The market's own process; everything bought in it names its ocid."""
    found = db.session.scalar(select(Process).where(Process.kind == ProcessKind.MARKET))
    if found is None:
        found = process(ProcessKind.MARKET, None, "DF", False)
        found.ocid = own_ocid(found)
        put(found, ["tender"], market_body())
    return found


def market_body() -> dict[str, Any]:
    """The market as a dynamic purchasing system that never closes to new members (s.36)."""
    return {
        "tender": {
            "id": "DF",
            "title": "Dynamic Framework for commissioned rehabilitative services",
            "description": "Organisations qualify once, at any time; regions, police and crime "
            "commissioners and other buyers open competitions among those qualified.",
            "status": "active",
            "mainProcurementCategory": "services",
            "procurementMethod": "selective",
            "specialRegime": ["lightTouch"],
            "techniques": {
                "hasDynamicPurchasingSystem": True,
                "dynamicPurchasingSystem": {"type": "closed", "status": "active"},
            },
        }
    }


def _public_lots(of: Process, lot: Lot) -> list[Lot]:
    """The lots of the process that the public has seen; a draft joins with its own step."""
    if of.kind == ProcessKind.LOT:
        return [lot] if _is_seen(lot) else []
    found = (Lot.competition_id == of.subject_id, is_announced())
    return list(db.session.scalars(select(Lot).where(*found).order_by(Lot.reference)))


def _is_seen(lot: Lot) -> bool:
    seen = select(Lot.id).where(Lot.id == lot.id, is_announced())
    return db.session.scalar(seen) is not None


def _base(of: Process, lots: Sequence[Lot], parts: Iterable[Part]) -> dict[str, Any]:
    first = lots[0]
    involved: list[Part] = []
    for lot in lots:
        involved += [
            (lot.lead_buyer, organisations.BUYER),
            (lot.lead_buyer, organisations.PROCURING_ENTITY),
        ]
        involved += [
            (each.organisation, organisations.FUNDER)
            for each in lot.funders
            if each.state == FunderState.ACCEPTED and each.share_pence
        ]
    whole = tender_of(of.reference, lots, names(), _most_lots(of))
    whole["procuringEntity"] = organisations.reference(first.lead_buyer)
    return {
        "buyer": organisations.reference(first.lead_buyer),
        "parties": organisations.parties([*involved, *parts]),
        "tender": whole,
        "relatedProcesses": [
            {
                "id": MARKET,
                "relationship": [MARKET_RELATION],
                "scheme": "ocid",
                "identifier": market().ocid,
            }
        ],
    }


def _most_lots(of: Process) -> int | None:
    if of.kind != ProcessKind.COMPETITION:
        return None
    return db.session.get_one(Competition, of.subject_id).most_lots
