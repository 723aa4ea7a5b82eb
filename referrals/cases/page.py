"""Everything the page of one case shows, in a constant number of statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import clock
from marketplace.categories.queries import category_names
from marketplace.database import db
from referrals import clocks
from referrals.answering.queries import messages_of
from referrals.codes import ReleaseUnknown, Sex, Whereabouts
from referrals.delivery.models import Assessment
from referrals.models import (
    ClockKind,
    Referral,
    ReferralClock,
    ReferralMessage,
    ReferralNeed,
)
from referrals.outcomes.queries import Travelled, outcomes_of
from referrals.services.directory import directory_now, listings_of
from referrals.teams.actions import unit_names


@dataclass(frozen=True)
class Case:
    """One referral with its parts."""

    referral: Referral
    service: str
    delivery_unit: str
    needs: Sequence[tuple[str, ReferralNeed]]
    outcomes: Sequence[Travelled]
    clocks: Sequence[ReferralClock]
    messages: Sequence[tuple[ReferralMessage, str]]
    assessment: Assessment | None
    today: date

    @property
    def date_of_birth(self) -> date:
        """As a date, for showing."""
        return date.fromisoformat(self.referral.date_of_birth)

    @property
    def sex(self) -> Sex:
        """As recorded by probation."""
        return Sex(self.referral.sex)

    @property
    def whereabouts(self) -> Whereabouts:
        """Community or prison."""
        return Whereabouts(self.referral.whereabouts)

    @property
    def release_unknown(self) -> ReleaseUnknown | None:
        """Why no release date is given, where none is."""
        why = self.referral.release_unknown
        return ReleaseUnknown(why) if why else None

    @property
    def language(self) -> str:
        """The language the person prefers, by name where it is English or Welsh."""
        known = {"en": _("English"), "cy": _("Welsh")}
        return known.get(self.referral.language, self.referral.language)

    @property
    def release_on(self) -> date | None:
        """The expected release date, where there is one."""
        return date.fromisoformat(self.referral.release_on) if self.referral.release_on else None

    @property
    def complete_by(self) -> date:
        """The day by which the work must be complete."""
        return date.fromisoformat(self.referral.complete_by)

    @property
    def sentence_ends_on(self) -> date | None:
        """The end of the sentence, where it has one."""
        ends = self.referral.sentence_ends_on
        return date.fromisoformat(ends) if ends else None

    @property
    def due(self) -> list[ReferralClock]:
        """What runs now; of sessions still to come the sessions' own page tells."""
        return [
            each
            for each in self.clocks
            if each.stopped_on is None
            and (each.kind != ClockKind.FEEDBACK or each.due_on <= self.today)
        ]

    def is_overdue(self, each: ReferralClock) -> bool:
        """Whether this clock has run out."""
        return clocks.is_overdue(each, self.today)


def load(referral: Referral) -> Case:
    """Everything about a referral that its page shows, except the risk, which has its own page."""
    needs = category_names()
    units = unit_names()
    services = listings_of([referral.contract_area_id], directory_now())
    return Case(
        referral=referral,
        service=services[referral.contract_area_id],
        delivery_unit=units.get(referral.delivery_unit_code, referral.delivery_unit_code),
        needs=[(needs.get(each.need_code, each.need_code), each) for each in _needs(referral.id)],
        outcomes=outcomes_of(referral.id, needs),
        clocks=clocks.clocks_of(referral.id),
        messages=messages_of(referral.id),
        assessment=assessment_of(referral.id),
        today=clock.today(),
    )


def risk_of(referral: Referral) -> dict[str, str]:
    """The risk information, part by part."""
    return json.loads(referral.risk)


def _needs(referral_id: UUID) -> Sequence[ReferralNeed]:
    return db.session.scalars(
        select(ReferralNeed)
        .where(ReferralNeed.referral_id == referral_id)
        .order_by(ReferralNeed.position)
    ).all()


def assessment_of(referral_id: UUID) -> Assessment | None:
    """The initial assessment of a case; None before it is recorded."""
    return db.session.scalars(
        select(Assessment).where(Assessment.referral_id == referral_id)
    ).one_or_none()
