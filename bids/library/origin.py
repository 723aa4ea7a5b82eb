"""Where an answer was given before; kept with the answer that was taken over from there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from bids.models import BID_STATES, BidAnswer, BidState
from marketplace.qualification.models import APPLICATION_STATES, ApplicationState
from marketplace.web.filters import shown_date


class Source(StrEnum):
    """What the earlier answer belongs to."""

    BID = "bid"
    QUALIFICATION = "qualification"


@dataclass(frozen=True)
class Origin:
    """Where an answer was given once.

    `where` is the lot's title and reference, or the category; `wording` the question as it was
    asked then; `given_at` when it was submitted, or begun where it never was; `state` what has
    become of the bid or application; `digest` tells whether the text is still the one of then.
    """

    source: Source
    source_id: UUID
    where: str
    wording: str
    given_at: datetime
    submitted: bool
    state: str
    digest: str

    @property
    def named(self) -> str:
        """Where it was given, in words."""
        if self.source is Source.BID:
            return _("Bid for %(lot)s", lot=self.where)
        return _("Qualification: %(category)s", category=self.where)

    @property
    def told(self) -> str:
        """When it was given and what has become of it, in words."""
        day = shown_date(self.given_at)
        if not self.submitted:
            return _("A draft begun on %(day)s", day=day)
        if self.state == BidState.SUBMITTED:
            return _("Submitted on %(day)s", day=day)
        return _("Submitted on %(day)s: %(state)s", day=day, state=self.outcome)

    @property
    def outcome(self) -> Any:
        """What has become of the bid or application, in words."""
        if self.source is Source.BID:
            return BID_STATES[BidState(self.state)]
        return APPLICATION_STATES[ApplicationState(self.state)]

    def kept(self) -> str:
        """The text that stands with the answer."""
        return json.dumps(asdict(self), default=str)


def digest(text: str) -> str:
    """Tells one text from another."""
    return sha256(text.encode()).hexdigest()


def origin_of(answer: BidAnswer) -> Origin | None:
    """Where an answer was taken over from; None where it was not."""
    if answer.origin is None:
        return None
    held = json.loads(answer.origin)
    return Origin(
        **held
        | {
            "source": Source(held["source"]),
            "source_id": UUID(held["source_id"]),
            "given_at": datetime.fromisoformat(held["given_at"]),
        }
    )
