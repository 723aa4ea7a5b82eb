"""Changing an open lot: spelling at once, anything else with a second person.

What changes the sense of a text is decided by somebody else than whoever wrote it, as the lot was;
what bidders might price differently also moves closing and asks for a confirmation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots import deadlines, proportionality
from lots.actions import locked
from lots.competition import closing, held
from lots.competition.lifecycle import CHANGE, DROP, MAKE
from lots.competition.models import LotChange
from lots.competition.permissions import CompetitionPermission
from lots.competition.telling import tell_change
from lots.competition.vocabulary import ChangeKind, ChangeState
from lots.models import Lot
from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check


@dataclass(frozen=True)
class Wanted:
    """A change as somebody wrote it: its kind, what and why, and the fields as they shall be.

    `closes_on` is a later closing day; `seen` the fingerprint of what the page was opened with.
    """

    kind: ChangeKind
    what: str
    why: str
    values: dict[str, Any]
    closes_on: date | None
    seen: str


class ChangedMeanwhile(Refusal):
    """Somebody else changed the lot since the page was opened; what was typed is kept."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this lot while you were writing. Compare, and send again.")
        )


def change_lot(lot_id: UUID, wanted: Wanted, by: Acting) -> LotChange:
    """Make a cosmetic change, or propose a clarifying or material one to the decider.

    Raises ChangedMeanwhile, and Refusal naming what does not go with the kind of change.
    """
    lot = locked(lot_id)
    check(by, CompetitionPermission.CHANGE, lot)
    now = closing.still_open(lot)
    if held.fingerprint(lot) != wanted.seen:
        raise ChangedMeanwhile()
    fields = held.differences(lot, wanted.values)
    _check_fits(lot, wanted, fields)
    change = LotChange(
        lot_id=lot.id,
        lot=lot,
        kind=wanted.kind,
        state=ChangeState.PROPOSED,
        what=wanted.what,
        why=wanted.why,
        fields=fields,
        closing_before=lot.closes_at,
        proposed_by_id=by.person_id,
        proposed_at=now,
    )
    if wanted.closes_on is not None:
        starts_on = _start(wanted.values.get("starts_on")) or lot.starts_on
        change.closing_after = closing.judged_closing(lot, wanted.closes_on, starts_on)
    _check_as_a_draft(lot, fields)
    names = [each["name"] for each in fields]
    audit.record(
        "lot:change_proposed", subject=lot, by=by, fields=names, facts={"kind": wanted.kind}
    )
    if wanted.kind != ChangeKind.COSMETIC:
        _check_alone(lot)
        db.session.add(change)
        db.session.flush()
        return change
    change.state, change.made_by_id, change.made_at = ChangeState.MADE, by.person_id, now
    db.session.add(change)
    _make(change, by, change.closing_after)
    return change


def _check_fits(lot: Lot, wanted: Wanted, fields: list[dict[str, Any]]) -> None:
    if not fields:
        raise Refusal(_("Nothing has been changed. Change a field, or move the closing instead."))
    if wanted.kind != ChangeKind.MATERIAL and not held.only_words(fields):
        raise Refusal(_("A change of figures or of the start is a material change."))
    if wanted.kind == ChangeKind.COSMETIC and wanted.closes_on is not None:
        raise Refusal(_("A correction of words does not move the closing. Leave the day empty."))
    if any(each["new"] == "" and each["name"].endswith(":text") for each in fields):
        raise Refusal(_("A question cannot be emptied: bidders may have answered it."))
    if any(each["new"] == "" and each["name"] in held.NEVER_EMPTY for each in fields):
        raise Refusal(
            _("What is said of staff who move, publicity and data can change, never be emptied.")
        )
    if wanted.kind == ChangeKind.COSMETIC and not all(
        held.only_spelling(each["old"] or "", each["new"] or "") for each in fields
    ):
        raise Refusal(
            _(
                "This is more than a correction of spelling. Choose “Clarification”: your decider "
                "reads it first, and bids stand."
            )
        )
    starts_on = next((_start(each["new"]) for each in fields if each["name"] == "starts_on"), None)
    if starts_on and wanted.closes_on is None and lot.closes_at is not None:
        closing.check_before_start(calendar.day_of(lot.closes_at), starts_on)


def _start(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _check_as_a_draft(lot: Lot, fields: list[dict[str, Any]]) -> None:
    """What could not have opened cannot come in later; the lot is left as it was."""
    before = set(proportionality.missing_to_publish(lot))
    back = [{"name": each["name"], "old": each["new"], "new": each["old"]} for each in fields]
    with db.session.no_autoflush:
        held.put(lot, fields)
        found = proportionality.missing_to_publish(lot)
        held.put(lot, back)
    if worse := [sentence for sentence in found if sentence not in before]:
        raise Refusal(" ".join(worse))


def _check_alone(lot: Lot) -> None:
    """One proposal waits at a time; two would be written against the same text."""
    waiting = (LotChange.lot_id == lot.id, LotChange.state == ChangeState.PROPOSED)
    if db.session.scalar(select(LotChange.id).where(*waiting)) is not None:
        raise Refusal(_("A change already waits for approval. Wait for its decision."))


def approve_change(change_id: UUID, by: Acting) -> None:
    """Make a proposed change; with a material one bidders confirm their bids, and closing moves.

    Raises Refused for whoever proposed it, Refusal from the closing on.
    """
    change, now = _proposed(change_id)
    check(by, CompetitionPermission.APPROVE_CHANGE, change)
    lot = change.lot
    CHANGE.expect(MAKE, change)
    closing.still_open(lot)
    _check_as_a_draft(lot, change.fields)
    material = change.kind == ChangeKind.MATERIAL
    least = deadlines.after_material_change(now) if material else None
    before = lot.closes_at
    later = max(filter(None, (before, least, change.closing_after)))
    facts: dict[str, Any] = {"made_by_id": by.person_id, "made_at": now, "closing_before": before}
    facts["closing_after"] = later if later != before else None
    CHANGE.take(MAKE, change, by, facts=facts)
    _make(change, by, facts["closing_after"])


def drop_change(change_id: UUID, by: Acting) -> None:
    """Decide that a proposed change is not made."""
    change, now = _proposed(change_id)
    CHANGE.take(DROP, change, by, facts={"made_by_id": by.person_id, "made_at": now})


def _proposed(change_id: UUID) -> tuple[LotChange, datetime]:
    lot_id = db.session.scalar(select(LotChange.lot_id).where(LotChange.id == change_id))
    if lot_id is None:
        raise NotYours()
    locked(lot_id)
    change = db.session.get_one(LotChange, change_id, with_for_update=True)
    return change, clock.judged_now()


def _make(change: LotChange, by: Acting, closing_after: datetime | None) -> None:
    lot = change.lot
    held.put(lot, change.fields)
    if closing_after is not None or any(each["name"] == "starts_on" for each in change.fields):
        closes_at = closing_after or lot.closes_at
        assert closes_at is not None, "an open lot has its closing"
        closing.check_before_start(calendar.day_of(closes_at), lot.starts_on)
    if closing_after is not None:
        closing.put_closing(lot, closing_after, asking_too=True)
    names = [each["name"] for each in change.fields]
    audit.record("lot:changed", subject=lot, by=by, fields=names, facts={"kind": change.kind})
    tell_change(change, by)
