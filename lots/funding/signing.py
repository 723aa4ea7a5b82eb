"""Co-signatures: what exactly was signed, whether it still holds, and who has yet to sign."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import inspect

from lots.funding.models import LotSignature, Purpose
from lots.funding.parties import Signer, shares_of, signers
from lots.models import Lot

# What happens to a lot, as against what it says: a signature outlives these.
PROCESS = frozenset(
    (
        *("id", "state", "source", "is_demonstration", "end_reason", "end_note", "grant_test"),
        *("signatures_asked_at", "policy_version"),
        *("public_key", "wrapped_private_key", "price_public_key", "wrapped_price_key"),
        *("drafted_by_id", "copied_from_id", "competition_id", "approved_by_id", "published_by_id"),
        *("created_at", "planned_at", "approved_at", "opens_at", "opens_on", "published_at"),
        *("closed_at", "decided_at", "awarded_at", "ended_at"),
        *("questions_until", "standstill_ends_on"),
        *("standstill_paused_at", "standstill_days_left"),
    )
)
PARTS = ("areas", "criteria", "outcomes", "demands", "questions", "documents")


@dataclass(frozen=True)
class Standing:
    """A signer with the signature that holds, or with the one that a later change has voided."""

    signer: Signer
    signed: LotSignature | None
    voided: LotSignature | None


def hash_of(facts: Any) -> str:
    """What is signed instead of the facts themselves: the same facts give the same 64 letters."""
    text = json.dumps(facts, sort_keys=True, default=_plain)
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def terms_hash(lot: Lot) -> str:
    """The hash of all that a lot says on its pages, with shares, fund and rules set aside."""
    return hash_of(
        {
            "lot": _columns(lot, PROCESS),
            "shares": _shares(lot),
            "overrides": _overrides(lot),
            **_competition(lot),
            **{name: [_columns(row) for row in getattr(lot, name)] for name in PARTS},
        }
    )


def _competition(lot: Lot) -> dict[str, Any]:
    """The competition, its limit and its lots; a lot by itself says nothing of one."""
    competition = lot.competition
    if competition is None:
        return {}
    lots = sorted(str(each.id) for each in competition.lots)
    return {"competition": [competition.id, competition.title, competition.most_lots, lots]}


def award_hash(lot: Lot, award: dict[str, Any]) -> str:
    """The hash of an award and of the shares in which it will be paid."""
    return hash_of({"lot": lot.id, "award": award, "shares": _shares(lot)})


def _columns(row: Any, without: frozenset[str] = frozenset({"id", "lot_id"})) -> dict[str, Any]:
    names = (column.key for column in inspect(type(row)).column_attrs)
    return {name: getattr(row, name) for name in names if name not in without}


def _shares(lot: Lot) -> list[tuple[str, int]]:
    return sorted((str(each.organisation.id), each.pence) for each in shares_of(lot))


def _overrides(lot: Lot) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """The rules set aside, each with its reason and figures, as the lot's page will tell them."""
    return sorted(
        (each.rule_code, each.reason, sorted(each.figures.items()))
        for each in lot.overrides
        if each.withdrawn_at is None
    )


def standings(lot: Lot, purpose: Purpose, signed_hash: str) -> list[Standing]:
    """Every signer of a lot, and whether their last signature is for what stands now."""
    found = []
    for signer in signers(lot):
        given = [
            each
            for each in lot.signatures
            if each.purpose == purpose and each.organisation_id in signer.organisation_ids
        ]
        last = given[-1] if given else None
        holds = last is not None and last.terms_hash == signed_hash
        found.append(Standing(signer, last if holds else None, None if holds else last))
    return found


def unsigned(lot: Lot, purpose: Purpose, award: dict[str, Any] | None = None) -> list[Signer]:
    """Who has not signed what stands now; for an award, this one (`award` are its facts)."""
    expected = terms_hash(lot) if purpose is Purpose.PUBLICATION else award_hash(lot, award or {})
    return [each.signer for each in standings(lot, purpose, expected) if each.signed is None]
