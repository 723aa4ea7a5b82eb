"""Read categories, outcomes, cohorts and services; a constant number of statements each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import g
from sqlalchemy import select

from marketplace import clock
from marketplace.categories.models import Category, CategoryKind, Cohort, Outcome, Service
from marketplace.database import db
from marketplace.effective import names_of


def categories(day: date | None = None, kind: CategoryKind | None = None) -> Sequence[Category]:
    """The categories in force on `day` (today), in their order; of one kind where it is given."""
    statement = select(Category).where(Category.in_force(day or clock.today()))
    if kind is not None:
        statement = statement.where(Category.kind == kind)
    return db.session.scalars(statement.order_by(Category.position)).all()


def needs(day: date | None = None) -> Sequence[Category]:
    """The needs in force on `day` (today)."""
    return categories(day, CategoryKind.NEED)


def outcomes_of(category_code: str, day: date) -> Sequence[Outcome]:
    """The outcomes of one need in force on `day`, in their order."""
    return outcomes_by_category([category_code], day).get(category_code, [])


def outcomes_by_category(category_codes: Sequence[str], day: date) -> dict[str, list[Outcome]]:
    """The outcomes in force on `day` of each of these needs, in their order; one statement."""
    statement = (
        select(Outcome)
        .where(Outcome.category_code.in_(category_codes), Outcome.in_force(day))
        .order_by(Outcome.position)
    )
    found: dict[str, list[Outcome]] = {}
    for outcome in db.session.scalars(statement):
        found.setdefault(outcome.category_code, []).append(outcome)
    return found


def cohorts(day: date | None = None) -> Sequence[Cohort]:
    """The groups of people in force on `day` (today), by name."""
    in_force = Cohort.in_force(day or clock.today())
    return db.session.scalars(select(Cohort).where(in_force).order_by(Cohort.name)).all()


def services(day: date | None = None) -> Sequence[Service]:
    """The services in force on `day` (today) with their needs, in their order; two statements."""
    in_force = Service.in_force(day or clock.today())
    return db.session.scalars(select(Service).where(in_force).order_by(Service.position)).all()


def service_codes(day: date) -> Sequence[str]:
    """The codes of the services in force on `day`, in their order; one statement."""
    in_force = select(Service.code).where(Service.in_force(day)).order_by(Service.position)
    return db.session.scalars(in_force).all()


def service(code: str, day: date | None = None) -> Service | None:
    """The service of this code as in force on `day` (today), None where there is none."""
    in_force = Service.in_force(day or clock.today())
    return db.session.scalars(select(Service).where(Service.code == code, in_force)).one_or_none()


def service_choices() -> list[tuple[str, str]]:
    """(code, name) of today's services, for a form."""
    return [(service.code, service.label) for service in services()]


def category_names() -> dict[str, str]:
    """Every category's latest name in the reader's language, by code."""
    return names_of(Category)


def service_names() -> dict[str, str]:
    """Every service's latest name in the reader's language, by code."""
    return names_of(Service)


def cohort_names() -> dict[str, str]:
    """Every cohort's latest name in the reader's language, by code."""
    return names_of(Cohort)


def outcome_names() -> dict[str, str]:
    """Every outcome's latest name in the reader's language, by code."""
    return names_of(Outcome)


def category_name(code: str) -> str:
    """The category's latest name in the reader's language; all are read once a request."""
    return _name(Category, code)


def service_name(code: str) -> str:
    """The service's latest name in the reader's language; all are read once a request."""
    return _name(Service, code)


def cohort_name(code: str) -> str:
    """The cohort's latest name in the reader's language; all are read once a request."""
    return _name(Cohort, code)


def outcome_name(code: str) -> str:
    """The outcome's latest name in the reader's language; all are read once a request."""
    return _name(Outcome, code)


def _name(model: type[Category | Service | Cohort | Outcome], code: str) -> str:
    cached: dict[str, dict[str, str]] = g.setdefault("category_names", {})
    if model.__tablename__ not in cached:
        cached[model.__tablename__] = names_of(model)
    return cached[model.__tablename__][code]
