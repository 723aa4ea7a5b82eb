"""What a bid still needs before it can be submitted, and who must see to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from bids.attachments import checklist as attachments
from bids.models import Bid
from bids.partners import checklist as partners
from bids.price import checklist as price
from bids.tasks import Group, Task
from bids.writing import checklist as writing
from bids.writing import qualifying


def tasks(bid: Bid, organisation_id: UUID) -> list[Task]:
    """Every part of the bid in its order; each room says what its own part lacks."""
    return [
        *_of(Group.QUALIFICATION, qualifying.tasks_of(bid, organisation_id)),
        *_of(Group.ANSWERS, writing.tasks_of(bid)),
        *_of(Group.FILES, attachments.tasks_of(bid)),
        *_of(Group.PARTNERS, partners.tasks_of(bid)),
        *_of(Group.PRICE, price.tasks_of(bid)),
    ]


def missing(bid: Bid, organisation_id: UUID) -> list[str]:
    """A sentence for each thing that keeps the bid from being submitted."""
    return [task.problem for task in tasks(bid, organisation_id) if task.problem]


def named(found: Iterable[Task], names: Mapping[str, str]) -> list[Task]:
    """The tasks with the colleague to whom each part was given, where its room names nobody."""
    return [replace(task, who=task.who or names.get(task.part)) for task in found]


def _of(group: Group, found: Iterable[Task]) -> list[Task]:
    return [replace(task, group=group, part=task.part or group.value) for task in found]
