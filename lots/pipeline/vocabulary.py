"""The fixed words of the pipeline: public news, anonymous answers, each with its label."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class News(StrEnum):
    """What became public about a lot. Nothing that touches a sealed bid is news."""

    PLANNED = "planned"
    PLAN_CHANGED = "plan_changed"
    OPENED = "opened"
    CHANGED = "changed"
    MOVED = "moved"
    ANSWERED = "answered"
    CLOSED = "closed"
    PROGRESSED = "progressed"
    AWARDED = "awarded"
    NO_AWARD = "no_award"
    CANCELLED = "cancelled"


NEWS = {
    News.PLANNED: _l("Planned: it is expected to open later"),
    News.PLAN_CHANGED: _l("The plan changed"),
    News.OPENED: _l("Open for bids"),
    News.CHANGED: _l("Something in it changed"),
    News.MOVED: _l("The closing time moved"),
    News.ANSWERED: _l("A bidder’s question was answered"),
    News.CLOSED: _l("Closed for bids"),
    News.PROGRESSED: _l("The evaluation went a step further"),
    News.AWARDED: _l("Awarded"),
    News.NO_AWARD: _l("Ended without an award"),
    News.CANCELLED: _l("Cancelled"),
}

# Followers hear of these at once, of the others in the digest of the next morning.
AT_ONCE = (News.OPENED, News.MOVED, News.CANCELLED)
IN_DIGEST = (News.PLAN_CHANGED, News.CHANGED, News.ANSWERED, News.AWARDED, News.NO_AWARD)
# Alerts tell of these.
NEW_LOT = (News.PLANNED, News.OPENED)


class Subject(StrEnum):
    """What is asked anonymously."""

    VIABILITY = "viability"
    WHY_NOT = "why_not"


class Choice(StrEnum):
    """The coded answers: three about a plan, five about a bid that was not made."""

    YES = "yes"
    CHANGES = "changes"
    NO = "no"
    SIZE = "size"
    VALUE = "value"
    TIME = "time"
    COMPLEXITY = "complexity"
    TERMS = "terms"


CHOICES = {
    Subject.VIABILITY: {
        Choice.YES: _l("Yes"),
        Choice.CHANGES: _l("With changes"),
        Choice.NO: _l("No"),
    },
    Subject.WHY_NOT: {
        Choice.SIZE: _l("It was too large or too small for us"),
        Choice.VALUE: _l("The value was too low"),
        Choice.TIME: _l("There was not enough time"),
        Choice.COMPLEXITY: _l("Bidding was too much work"),
        Choice.TERMS: _l("We could not accept the terms"),
    },
}


class Obstacle(StrEnum):
    """What stands against delivering a planned lot."""

    VALUE = "value"
    VOLUMES = "volumes"
    AREA = "area"
    TIME = "time"
    TERMS = "terms"
    OTHER = "other"


OBSTACLES = {
    Obstacle.VALUE: _l("The value is too low"),
    Obstacle.VOLUMES: _l("The numbers of people are too high, too low or too uncertain"),
    Obstacle.AREA: _l("The area is too large"),
    Obstacle.TIME: _l("There is too little time to prepare"),
    Obstacle.TERMS: _l("The terms"),
    Obstacle.OTHER: _l("Something else"),
}
