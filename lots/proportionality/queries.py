"""Which version of the policy holds, and the versions there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from uuid import UUID

from flask import g
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from lots.models import Lot
from lots.proportionality.models import MarketPolicy, PolicyRule
from lots.proportionality.policy import Cap, Policy, Rule
from lots.proportionality.vocabulary import PolicyState
from marketplace import clock
from marketplace.database import db
from marketplace.effective import in_welsh
from marketplace.permissions import NotYours

NUMBERS = tuple(
    each.name
    for each in fields(Policy)
    if each.name not in ("version", "valid_from", "caps", "rules")
)


def policy_on(day: date) -> Policy:
    """The version in force on `day`; raises LookupError where none is.

    Of versions in force from the same day the later one holds.
    """
    return _kept(
        ("day", day),
        (MarketPolicy.state == PolicyState.PUBLISHED) & (MarketPolicy.valid_from <= day),
    )


def policy_today() -> Policy:
    """The version in force today."""
    return policy_on(clock.today())


def policy_of(lot: Lot) -> Policy:
    """The version by which a lot is judged: the one it opened under, before that today's."""
    if lot.policy_version is None:
        return policy_today()
    return _kept(("version", lot.policy_version), MarketPolicy.version == lot.policy_version)


def _kept(key: tuple, condition: ColumnElement[bool]) -> Policy:
    """Read once a request: every page about lots judges by it."""
    known = g.setdefault("policies", {})
    key = (*key, in_welsh())
    if key not in known:
        known[key] = as_policy(_one(condition))
    return known[key]


def _one(condition: ColumnElement[bool]) -> MarketPolicy:
    found = db.session.scalars(
        select(MarketPolicy)
        .where(condition)
        .options(selectinload(MarketPolicy.caps), selectinload(MarketPolicy.rules))
        .order_by(MarketPolicy.valid_from.desc(), MarketPolicy.version.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        raise LookupError("no market policy is in force: run load-reference")
    return found


def forget_kept() -> None:
    """Have the next look-up read again, after a version was changed or published."""
    g.pop("policies", None)


def as_policy(row: MarketPolicy) -> Policy:
    """A version as the value that rules are given; a draft as if in force from today."""
    numbers = {name: getattr(row, name) for name in NUMBERS}
    return Policy(
        version=row.version,
        valid_from=row.valid_from or clock.today(),
        caps=tuple(Cap(c.under_pence, c.questions, c.words, c.route) for c in row.caps),
        rules={rule.code: _as_rule(rule) for rule in row.rules},
        **numbers,
    )


def _as_rule(row: PolicyRule) -> Rule:
    welsh = in_welsh()
    return Rule(
        code=row.code,
        level=row.level,
        basis=row.basis,
        source=row.source_cy if welsh else row.source,
        why=row.why_cy if welsh else row.why,
        link=row.link,
        overridable=row.overridable,
        needs_reason=row.needs_reason,
    )


def versions() -> Sequence[MarketPolicy]:
    """Every version, the newest first."""
    return db.session.scalars(select(MarketPolicy).order_by(MarketPolicy.version.desc())).all()


def version(policy_id: UUID) -> MarketPolicy:
    """One version with its caps and rules; raises NotYours where there is none."""
    found = db.session.get(
        MarketPolicy,
        policy_id,
        options=[selectinload(MarketPolicy.caps), selectinload(MarketPolicy.rules)],
    )
    if found is None:
        raise NotYours()
    return found


def version_before(policy: MarketPolicy) -> MarketPolicy | None:
    """What a version is compared with: the published one of the next lower number."""
    earlier = (
        MarketPolicy.version < policy.version,
        MarketPolicy.state == PolicyState.PUBLISHED,
    )
    return db.session.scalars(
        select(MarketPolicy)
        .where(*earlier)
        .options(selectinload(MarketPolicy.caps), selectinload(MarketPolicy.rules))
        .order_by(MarketPolicy.version.desc())
        .limit(1)
    ).one_or_none()
