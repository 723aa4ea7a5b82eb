"""What a provider says of its service in one area, and what came of the service in a year."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum


class Meeting(StrEnum):
    """What is told of where people are met."""

    SHOWN = "shown"
    WITHHELD = "withheld"
    NONE = "none"


MEETINGS = {
    Meeting.SHOWN: _l("At an address that everybody may see"),
    Meeting.WITHHELD: _l("At an address that is withheld"),
    Meeting.NONE: _l("At no fixed address"),
}


class ServiceProfile(db.Model):
    """The service of one area in its provider's words; `traits` is what can be searched for.

    An address that is withheld is never stored here, so that no list, file or print can show it.
    `reach_in` says which prisons; `next_start_on` is the first day for somebody new.
    """

    __tablename__ = "service_profile"
    __privacy__ = classified(
        none="contract_area_id next_start_on meeting address_line town postcode reach_in "
        "description changed_at changed_by_id"
    )
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"), primary_key=True)
    next_start_on: Mapped[date | None]
    meeting: Mapped[Meeting] = mapped_column(db_enum(Meeting), default=Meeting.NONE)
    address_line: Mapped[str] = mapped_column(String(200), default="")
    town: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    reach_in: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    traits: Mapped[list[ServiceTrait]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="ServiceTrait.trait"
    )

    @property
    def id(self) -> UUID:
        """The service's own id, by which the audit names it."""
        return self.contract_area_id

    @property
    def codes(self) -> set[str]:
        """Everything that is ticked, languages with their mark."""
        return {each.trait for each in self.traits}

    __table_args__ = (
        CheckConstraint(
            "(meeting = 'shown') = (address_line <> '')"
            " AND (meeting = 'shown' OR (town = '' AND postcode = ''))",
            name="only_shown_addresses_are_kept",
        ),
    )


class ServiceTrait(db.Model):
    """One thing a service offers: a `traits.Trait`, or a language with its mark."""

    __tablename__ = "service_trait"
    __privacy__ = classified(none="contract_area_id trait")
    contract_area_id: Mapped[UUID] = mapped_column(
        ForeignKey("service_profile.contract_area_id", ondelete="CASCADE"), primary_key=True
    )
    trait: Mapped[str] = mapped_column(String(40), primary_key=True)


FEWEST_PEOPLE = 5


class ServiceResult(db.Model):
    """What came of a service in the twelve whole months up to `until_on`, counted by a job.

    Each count stands with the number of different people it is of; of fewer than five nothing is
    told. Distances are points on the five-point scale, from the start to the end.
    """

    __tablename__ = "service_result"
    __privacy__ = classified(
        none="contract_area_id until_on starts start_people ended ended_people completed distances "
        "distance_points distance_people ratings rating_points rating_people"
    )
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"), primary_key=True)
    until_on: Mapped[date]
    starts: Mapped[int] = mapped_column(default=0)
    start_people: Mapped[int] = mapped_column(default=0)
    ended: Mapped[int] = mapped_column(default=0)
    ended_people: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
    distances: Mapped[int] = mapped_column(default=0)
    distance_points: Mapped[int] = mapped_column(default=0)
    distance_people: Mapped[int] = mapped_column(default=0)
    ratings: Mapped[int] = mapped_column(default=0)
    rating_points: Mapped[int] = mapped_column(default=0)
    rating_people: Mapped[int] = mapped_column(default=0)

    @property
    def shown_starts(self) -> int | None:
        """How many started; None where too few did to say."""
        return self.starts if self.start_people >= FEWEST_PEOPLE else None

    @property
    def shown_completion(self) -> int | None:
        """Of those who had started and ended, how many in a hundred completed it."""
        if self.ended_people < FEWEST_PEOPLE:
            return None
        return round(100 * self.completed / self.ended)

    @property
    def shown_distance(self) -> float | None:
        """Points further on at the end than at the start, on average over their outcomes."""
        if self.distance_people < FEWEST_PEOPLE:
            return None
        return round(self.distance_points / self.distances, 1)

    @property
    def shown_rating(self) -> float | None:
        """The average of what people gave it, from 1 to 5."""
        if self.rating_people < FEWEST_PEOPLE:
            return None
        return round(self.rating_points / self.ratings, 1)

    __table_args__ = (CheckConstraint("completed <= ended", name="completed_of_ended"),)


class Counted(db.Model):
    """Up to which day a job has counted its figures, for one that found none is done too."""

    __tablename__ = "referral_counted"
    __privacy__ = classified(none="what until_on")
    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    until_on: Mapped[date]
