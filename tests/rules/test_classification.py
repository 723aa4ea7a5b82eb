"""Every column says what it holds about people; what is about people is encrypted at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Date, DateTime, Enum, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase

import wsgi  # noqa: F401  (every model of every floor)
from marketplace.database import Base, Encrypted, classified, db

KINDS = {"none", "personal", "special"}
# Words in the name of a column that is about a person wherever it stands.
TELLING = {"email", "phone", "crn", "birth", "date_of_birth", "risk", "address", "sex", "health"}
# An organisation's published address is nobody's own, nor is a service's, which is kept only where
# everybody may see it; a cohort's rule is about no one person.
PUBLISHED = {
    "cohort.sex",
    "lot_question.risk",
    "organisation.contact_email",
    "organisation.contact_phone",
    "question.risk",
    "question.risk_cy",
    "service_profile.address_line",
}
# Secrets of the house and of bidders: encrypted though they are about nobody.
SECRETS = {
    "opened_partner.share_pence",
    "opened_partner.role",
    "opened_partner.name",
    "opened_partner.areas",
    "bid_opening.first_halves",
    "award.recommendation",
    "bid.ground_reason",
    "bid.organisation",
    "file.sha256",
    "opened_bid.costs",
    "opened_bid.price_pence",
    "person.totp_secret",
    "ranking.inputs",
    "ranking.result",
}


def models() -> list[type[DeclarativeBase]]:
    """Every model, tables of no model left out; in one order for every test process."""
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted(classes, key=lambda model: model.__tablename__)


def columns() -> Iterator[tuple[str, str, Any]]:
    """Each column's name with its table, its kind, and itself."""
    for model in models():
        for column in model.__table__.columns:
            kind = model.__dict__.get("__privacy__", {}).get(column.name, "unclassified")
            yield f"{model.__tablename__}.{column.name}", kind, column


def keyed_hash(column: Column[Any]) -> bool:
    """A keyed hash stands beside what it finds again, and is no text."""
    return column.name.endswith("_hash") and isinstance(column.type, LargeBinary)


def can_be_encrypted(column: Column[Any]) -> bool:
    """Free text, which has no rule of the database upon it; codes, enums and moments have."""
    fixed = (Enum, Date, DateTime, LargeBinary)
    text = isinstance(column.type, String) and not isinstance(column.type, fixed)
    return text and not column.name.endswith("_code")


def test_every_table_belongs_to_a_model():
    assert set(db.metadata.tables) == {model.__tablename__ for model in models()}


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__tablename__)
def test_every_column_is_classified_once(model):
    classified = model.__dict__.get("__privacy__")
    assert classified is not None, f"{model.__name__} has no __privacy__ of its own"
    assert set(classified) == set(model.__table__.columns.keys())
    assert set(classified.values()) <= KINDS


def test_a_column_in_two_lists_is_refused():
    with pytest.raises(ValueError, match="twice"):
        classified(none="id name", personal="name")


def test_what_is_about_people_is_encrypted():
    open_ones = [
        name
        for name, kind, column in columns()
        if kind in ("personal", "special")
        and not isinstance(column.type, Encrypted)
        and not keyed_hash(column)
        and can_be_encrypted(column)
    ]
    assert not open_ones, f"readable in the database: {open_ones}"


def test_what_is_encrypted_is_about_people_or_a_secret():
    encrypted = {
        name
        for name, kind, column in columns()
        if isinstance(column.type, Encrypted) and kind == "none"
    }
    assert encrypted == SECRETS


def test_names_that_tell_are_not_classified_as_nobodys():
    missed = [
        name
        for name, kind, column in columns()
        if kind == "none"
        and name not in PUBLISHED
        and (column.name in TELLING or set(column.name.split("_")) & TELLING)
    ]
    assert not missed


def test_each_encrypted_column_is_bound_to_its_own_name():
    bound = {
        name: column.type.purpose
        for name, _kind, column in columns()
        if isinstance(column.type, Encrypted)
    }
    assert len(set(bound.values())) == len(bound), "two columns share a purpose"
