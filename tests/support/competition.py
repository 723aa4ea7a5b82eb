"""Questions, changes and openings for tests, made by the product's own actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import select

from lots import actions
from lots.competition import changes, clarifications, held
from lots.competition.changes import Wanted
from lots.competition.models import Clarification, LotChange
from lots.competition.vocabulary import ChangeKind
from lots.models import Lot
from lots.notices.posting import notices_of
from lots.releases.models import Process
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from tests.support.drafting import with_document
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_organisation, make_person, written

QUESTION = "May two small charities share one room?"
# The summary of a lot for tests, but for a comma.
SPELT = "Support for women on probation, in their own county."


def officer_of(lot: Lot) -> Acting:
    """Another officer of the lot's buyer than the one who drafted."""
    return acting_as(make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)


def director_of(lot: Lot) -> Acting:
    """A director of the lot's buyer."""
    return acting_as(make_person(Role.DIRECTOR, lot.lead_buyer), lot.lead_buyer)


def provider_person(name: str | None = None, role: Role = Role.BID_MANAGER) -> Acting:
    """Somebody of a provider."""
    organisation = make_organisation(**({"name": name} if name else {}))
    return acting_as(make_person(role, organisation), organisation)


def asked(lot: Lot, by: Acting | None = None, question: str = QUESTION) -> UUID:
    """A question about the lot; returns its id."""
    with written():
        known = set(db.session.scalars(select(Clarification.id)))
        clarifications.ask(lot.id, question, by or provider_person())
        db.session.flush()
        return (set(db.session.scalars(select(Clarification.id))) - known).pop()


def answer(clarification_id: UUID, by: Acting, text: str = "Yes.", wording: str = "") -> None:
    """Write and publish the answer."""
    with written():
        found = db.session.get_one(Clarification, clarification_id)
        seen = clarifications.edition(found)
        clarifications.save_answer(clarification_id, wording or found.wording, text, seen, by)
        clarifications.publish_answer(clarification_id, by)


def wanted(lot_id: UUID, kind: ChangeKind, **facts: Any) -> Wanted:
    """A change of the summary, unless `values` say otherwise."""
    lot = db.session.get_one(Lot, lot_id)
    values = facts.get("values", {"summary": "Support for women, in other words."})
    return Wanted(
        kind=kind,
        what=facts.get("what", "The words on the service."),
        why=facts.get("why", "They were unclear."),
        values=held.held(lot) | values,
        closes_on=facts.get("closes_on"),
        seen=facts.get("seen", held.fingerprint(lot)),
    )


def changed(lot: Lot, kind: ChangeKind, by: Acting, **facts: Any) -> UUID:
    """Make or propose a change; returns its id."""
    with written():
        made = changes.change_lot(lot.id, wanted(lot.id, kind, **facts), by)
        db.session.flush()
        return made.id


def materially_changed(lot: Lot, **facts: Any) -> UUID:
    """A material change, proposed by an officer and approved by a director."""
    return _agreed(lot, ChangeKind.MATERIAL, **facts)


def clarified(lot: Lot, **facts: Any) -> UUID:
    """A clarification, proposed by an officer and approved by a director."""
    return _agreed(lot, ChangeKind.CLARIFYING, **facts)


def corrected(lot: Lot, summary: str = SPELT) -> UUID:
    """A correction of the summary's spelling, by an officer alone."""
    return changed(lot, ChangeKind.COSMETIC, officer_of(lot), values={"summary": summary})


def _agreed(lot: Lot, kind: ChangeKind, **facts: Any) -> UUID:
    change_id = changed(lot, kind, officer_of(lot), **facts)
    with written():
        changes.approve_change(change_id, director_of(lot))
    return change_id


def a_day_earlier(clarification_id: UUID) -> UUID:
    """Let a question have been asked the day before, so that its buyer reads it."""
    with written():
        row = db.session.get_one(Clarification, clarification_id)
        row.asked_on -= timedelta(days=1)
    return clarification_id


def approved_lot(opens_at: datetime | None = None, **facts: Any) -> Lot:
    """A lot approved to open by itself, in three days unless told."""
    lot = make_lot(LotState.DRAFT, **facts)
    with written():
        director = director_of(lot)
        actions.approve_lot(lot.id, opens_at or clock.now() + timedelta(days=3), director)
    return whole_lot(lot.id)


def move_to(moment: datetime) -> None:
    """Let business time be this moment, or a little after."""
    with written():
        ahead = (moment - clock.judged_now()).total_seconds()
        clock.set_offset(clock.offset_seconds() + max(0, int(ahead) + 1))
    g.pop("business_now", None)


def all_changes(lot: Lot) -> list[LotChange]:
    """Everything that changed in a lot, in order."""
    found = select(LotChange).where(LotChange.lot_id == lot.id).order_by(LotChange.proposed_at)
    return list(db.session.scalars(found))


def add_to(world: Any) -> None:
    """One of each thing of a competition, for the reviewed table."""
    region = world.people["director"][1]
    areas = [("K", "kent", 30)]
    lot = make_lot(LotState.DRAFT, buyer=region, areas=areas)
    document_id = with_document(lot.id, world.by("commissioning officer"))
    with write():
        actions.publish_lot(lot.id, director_of(lot))
    world.things["competition"] = {"lot_id": lot.id, "document_id": document_id}
    question = a_day_earlier(asked(lot, world.by("bid manager")))
    world.things["question to answer"] = {"clarification_id": question}
    change = changed(lot, ChangeKind.MATERIAL, world.by("commissioning officer"))
    world.things["proposed change"] = {"change_id": change}
    approved = approved_lot(buyer=region, areas=areas)
    world.things["approved lot"] = {"lot_id": approved.id}
    process = db.session.scalars(select(Process).where(Process.subject_id == lot.id)).one()
    world.things["published process"] = {"ocid": process.ocid}
    world.things["posted notice"] = {"notice_id": notices_of(lot.id)[0].id}
