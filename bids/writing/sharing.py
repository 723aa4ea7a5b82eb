"""Giving the parts of a bid to colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _

from bids.models import Bid
from bids.tasks import GROUPS, Group, part_of
from bids.working import writable
from bids.writing.models import BidAssignment
from bids.writing.queries import given, writers_of
from marketplace import audit, outbox
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal


def parts_of(bid: Bid) -> dict[str, str]:
    """Everything that can be given to somebody, by name, in the order of the task list."""
    answers = {
        part_of(each.id): _("Question %(number)s: %(text)s", number=each.position, text=each.text)
        for each in bid.lot.questions
    }
    labels = {group.value: str(label) for group, label in GROUPS.items()}
    before = {Group.QUALIFICATION.value: labels.pop(Group.QUALIFICATION)}
    labels.pop(Group.ANSWERS)
    return before | answers | labels


def give(bid_id: UUID, wanted: Mapping[str, str], seen: Mapping[str, str], by: Acting) -> None:
    """Give each part to the person of this id as text; an empty one leaves it to nobody.

    What is still as `seen` was not chosen by this person and stays as it stands meanwhile. Whoever
    is given something gets one mail, which names neither lot nor organisation. Raises Refusal for
    somebody who cannot write bids.
    """
    bid = writable(bid_id, by)
    people = {str(each.id): each for each in writers_of(by.organisation_id)}
    held = given(bid.id)
    chosen = {
        part: wanted[part]
        for part in parts_of(bid)
        if part in wanted and wanted[part] != seen.get(part, "")
    }
    if not set(chosen.values()) <= {"", *people}:
        raise Refusal(_("One of these people can no longer write bids. Choose somebody else."))
    told = {
        people[person]
        for part, person in chosen.items()
        if _give(bid, part, person, held.get(part)) and person
    }
    if chosen:
        # Like every event of a sealed bid it names nobody (bids/sealing.py).
        audit.record("bid:parts_given", subject=bid, by=None)
    for person in sorted(told, key=lambda each: each.id):
        tell(bid, person, "given", by)


def _give(bid: Bid, part: str, person: str, held: BidAssignment | None) -> bool:
    """Says whether the part has somebody else now than before."""
    if (held.person if held else "") == person:
        return False
    if held is None:
        held = BidAssignment(id=new_id(), bid=bid, part=part)
        db.session.add(held)
    if person:
        held.person = person
    else:
        db.session.delete(held)
    return True


def tell(bid: Bid, person: Person, what: str, by: Acting) -> None:
    """Write to a colleague about this bid; nobody is told of what they did themselves."""
    if person.id == by.person_id:
        return
    outbox.post(
        f"bids/writing/mail/{what}.txt",
        to=person.email,
        subject_id=bid.id,
        facts={"bid_id": str(bid.id)},
    )
