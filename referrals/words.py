"""The words of a coded answer, for templates."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Flask

from referrals import codes, models
from referrals.bulletins import models as bulletins
from referrals.corrections import models as corrections
from referrals.delivery import models as delivery
from referrals.earlier import models as earlier
from referrals.ending import models as ending
from referrals.notes import models as notes
from referrals.outcomes import models as outcomes
from referrals.plans import models as plans
from referrals.write_back import models as write_back

_EVERY = (
    corrections.WRONGS,
    codes.COMPLEXITIES,
    codes.PRIORITIES,
    codes.DECLINE_REASONS,
    codes.END_REASONS,
    codes.SEXES,
    codes.WHEREABOUTS,
    codes.RELEASE_UNKNOWNS,
    codes.SENTENCE_STATUSES,
    codes.ADDRESS_KNOWN,
    codes.RISK_FLAGS,
    codes.SUPPORT_NEEDS,
    codes.ACCESS_NEEDS,
    codes.TIMES_OF_WEEK,
    models.MESSAGE_KINDS,
    models.CLOCK_KINDS,
    delivery.METHODS,
    delivery.ATTENDANCES,
    delivery.NOT_HELD_REASONS,
    delivery.HEARD,
    delivery.RESPONSES,
    delivery.ASKED_BY_SHOWN,
    delivery.CONCERN_KINDS,
    bulletins.BULLETIN_KINDS,
    notes.SIDES,
    outcomes.MOMENTS,
    earlier.LAWFUL_BASES,
    ending.ACHIEVEMENTS,
    write_back.WRITE_BACK_KINDS,
    write_back.WRITE_BACK_STATES,
    plans.PLAN_STATES,
    plans.DOERS,
    plans.FREQUENCIES,
)
WORDS: dict[type, Any] = {type(next(iter(labels))): labels for labels in _EVERY}


def in_words(code: StrEnum) -> Any:
    """What a member of one of this floor's enums is called."""
    return WORDS[type(code)][code]


def register(app: Flask) -> None:
    """Let templates use it as a filter."""
    app.jinja_env.filters["in_words"] = in_words
