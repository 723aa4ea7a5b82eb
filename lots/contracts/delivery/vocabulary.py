"""The indicators of a contract: each is so many of so many, counted from delivery alone."""

from __future__ import annotations

from enum import Enum, StrEnum, auto

from flask_babel import lazy_gettext as _l


class Happening(Enum):
    """What rooms above hear of, in the same transaction: the thing is the month."""

    MONTH_KEPT = auto()


class Indicator(StrEnum):
    """What is counted each month besides the people who started (domain, section 7)."""

    RESPONSE = "response"
    CONTACT = "contact"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    FEEDBACK = "feedback"
    REPORT = "report"
    ATTENDED = "attended"
    DISTANCE = "distance"

    @property
    def is_clock(self) -> bool:
        """Whether it counts what was done in time; the rest of it are breaches."""
        return self not in (Indicator.ATTENDED, Indicator.DISTANCE)


INDICATORS = {
    Indicator.RESPONSE: _l("Answer within 2 working days"),
    Indicator.CONTACT: _l("First contact within 10 days"),
    Indicator.ASSESSMENT: _l("Initial assessment within 10 working days"),
    Indicator.PLAN: _l("Action plan within 5 working days"),
    Indicator.FEEDBACK: _l("Session recorded the same day"),
    Indicator.REPORT: _l("End reports sent in time"),
    Indicator.ATTENDED: _l("Sessions attended"),
    Indicator.DISTANCE: _l("Outcomes further on at the end than at the start"),
}
# The measure that the floor of referrals registers:
# (contract_id, first_day, last_day) -> {Indicator: (how many, of how many, how many different
# people those are)}, both days counted.
MEASURE = "indicators"


class Direction(StrEnum):
    """On which side of the expectation a contract's starts lie."""

    OVER = "over"
    UNDER = "under"


DIRECTIONS = {
    Direction.OVER: _l("More people started than expected"),
    Direction.UNDER: _l("Fewer people started than expected"),
}


class ReviewState(StrEnum):
    """Where a price-and-places review stands."""

    OPEN = "open"
    AGREED = "agreed"
    CLOSED = "closed"


REVIEW_STATES = {
    ReviewState.OPEN: _l("Open"),
    ReviewState.AGREED: _l("Change proposed"),
    ReviewState.CLOSED: _l("Closed, nothing changes"),
}
