"""What can be done about a rule: set it aside for one lot, or change it for all from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from lots.models import Lot, LotOverride
from lots.permissions import DECIDERS, LotPermission
from lots.proportionality.findings import Finding
from lots.proportionality.judging import findings
from lots.proportionality.lifecycle import POLICY, PUBLISH
from lots.proportionality.models import MarketPolicy, PolicyCap, PolicyRule
from lots.proportionality.permissions import PolicyPermission
from lots.proportionality.queries import NUMBERS, forget_kept, policy_of
from lots.proportionality.vocabulary import PolicyState
from lots.vocabulary import EDITABLE, Level
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import NotYours, check


def _lot_to_override(lot_id: UUID, by: Acting) -> Lot:
    lot = db.session.get(Lot, lot_id, with_for_update=True)
    if lot is None:
        raise NotYours()
    check(by, LotPermission.OVERRIDE, lot)
    if lot.state not in EDITABLE:
        raise Refusal(_("This lot has been approved, published or ended, so no rule is set aside."))
    return lot


def overridable_finding(lot: Lot, code: str) -> Finding:
    """The breach of an overridable rule on this lot; raises Refusal where there is none."""
    for each in findings(lot):
        if each.code == code and each.overridable:
            return each
    raise Refusal(_("The lot keeps this rule now, or the rule cannot be set aside."))


def override(lot_id: UUID, code: str, reason: str, seen: str, by: Acting) -> LotOverride:
    """Set a rule aside for this lot, for a reason that its page shows.

    `seen` is the fingerprint of the figures that the decider read; raises Refusal where they have
    changed since, or where the lot keeps the rule by now.
    """
    lot = _lot_to_override(lot_id, by)
    finding = overridable_finding(lot, code)
    figures = dict(finding.figures)
    if fingerprint(figures) != seen:
        raise Refusal(
            _(
                "The lot was changed after you opened this page, and the finding reads otherwise "
                "now. Read it again, then give your reason."
            )
        )
    given = LotOverride(
        id=new_id(),
        lot_id=lot.id,
        rule_code=code,
        level=finding.level,
        figures=figures,
        policy_version=policy_of(lot).version,
        reason=reason,
        given_at=clock.now(),
        given_by_id=by.person_id,
        role=next(role for role in DECIDERS if by.has(role)),
    )
    db.session.add(given)
    db.session.flush()
    db.session.expire(lot, ["overrides"])
    audit.record("lot:rule_overridden", subject=lot, by=by, facts={"rule": code})
    return given


def withdraw_override(lot_id: UUID, override_id: UUID, by: Acting) -> None:
    """Take an override back before the lot opens; raises AlreadyChanged where it is back."""
    lot = _lot_to_override(lot_id, by)
    given = next((each for each in lot.overrides if each.id == override_id), None)
    if given is None:
        raise NotYours()
    if given.withdrawn_at is not None:
        raise AlreadyChanged(_("This has been taken back already."))
    given.withdrawn_at, given.withdrawn_by_id = clock.now(), by.person_id
    audit.record("lot:override_withdrawn", subject=lot, by=by, facts={"rule": given.rule_code})


def start_version(from_id: UUID, by: Acting) -> MarketPolicy:
    """Begin the next version as a copy of one; raises Refusal where a draft stands already."""
    check(by, PolicyPermission.DRAFT)
    # Locked first and read afterwards, so that a draft begun in the same moment is seen.
    db.session.scalars(select(MarketPolicy.id).with_for_update()).all()
    versions = db.session.scalars(select(MarketPolicy)).all()
    copied = next((each for each in versions if each.id == from_id), None)
    if copied is None:
        raise NotYours()
    if any(each.state is PolicyState.DRAFT for each in versions):
        raise Refusal(_("There is a draft already. Publish it or discard it first."))
    draft = MarketPolicy(
        version=1 + (db.session.scalar(select(func.max(MarketPolicy.version))) or 0),
        created_at=clock.now(),
        created_by_id=by.person_id,
        **{name: getattr(copied, name) for name in NUMBERS},
        caps=[PolicyCap(**_facts(cap)) for cap in copied.caps],
        rules=[PolicyRule(**_facts(rule)) for rule in copied.rules],
    )
    db.session.add(draft)
    db.session.flush()
    audit.record(
        "market_policy:drafted", subject=draft, by=by, facts={"from_version": copied.version}
    )
    return draft


def _facts(row: PolicyCap | PolicyRule) -> dict[str, Any]:
    own = ("id", "policy_id")
    return {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key not in own}


def _draft(policy_id: UUID, by: Acting) -> MarketPolicy:
    check(by, PolicyPermission.DRAFT)
    found = db.session.get(MarketPolicy, policy_id, with_for_update=True)
    if found is None:
        raise NotYours()
    if found.state is not PolicyState.DRAFT:
        raise Refusal(_("This version has been published, so it never changes. Start a new one."))
    return found


def numbers_of(policy: MarketPolicy) -> dict[str, Any]:
    """What the page of numbers holds."""
    return {name: getattr(policy, name) for name in NUMBERS}


def levels_of(policy: MarketPolicy) -> dict[str, Any]:
    """What the page of rules holds."""
    return {rule.code: rule.level for rule in policy.rules}


def caps_of(policy: MarketPolicy) -> list[tuple[Any, ...]]:
    """What the page of caps holds, in order: route, limit in pence, questions, words."""
    return [(cap.route, cap.under_pence, cap.questions, cap.words) for cap in policy.caps]


def save_numbers(policy_id: UUID, values: dict[str, Any], seen: str, by: Acting) -> None:
    """Save the numbers; raises Overtaken where somebody else saved them since."""
    draft = _draft(policy_id, by)
    held = numbers_of(draft)
    changed = _changed(held, values, seen)
    for name in changed:
        setattr(draft, name, values[name])
    _saved(draft, by, changed)


def save_levels(policy_id: UUID, values: dict[str, Level], seen: str, by: Acting) -> None:
    """Save what each rule does; raises Overtaken where somebody else saved them since."""
    draft = _draft(policy_id, by)
    changed = _changed(levels_of(draft), values, seen)
    for rule in draft.rules:
        if rule.code in changed:
            rule.level = values[rule.code]
    _saved(draft, by, changed)


def save_caps(policy_id: UUID, rows: list[tuple[Any, ...]], seen: str, by: Acting) -> None:
    """Save the caps in this order; raises Overtaken where somebody else saved them since."""
    draft = _draft(policy_id, by)
    held = caps_of(draft)
    if fingerprint(held) != seen:
        raise Overtaken()
    if rows == held:
        return
    draft.caps.clear()
    db.session.flush()
    draft.caps[:] = [
        PolicyCap(position=place, route=route, under_pence=under, questions=most, words=words)
        for place, (route, under, most, words) in enumerate(rows, start=1)
    ]
    _saved(draft, by, ["caps"])


def _changed(held: dict[str, Any], values: dict[str, Any], seen: str) -> list[str]:
    if fingerprint(held) != seen:
        raise Overtaken()
    return [name for name in held if name in values and values[name] != held[name]]


def _saved(draft: MarketPolicy, by: Acting, changed: list[str]) -> None:
    if changed:
        db.session.flush()
        forget_kept()
        audit.record("market_policy:edited", subject=draft, by=by, fields=changed)


def publish_version(policy_id: UUID, valid_from: date, by: Acting) -> None:
    """Have a draft hold from a day on, for good. Raises Refusal for a day that has passed."""
    check(by, PolicyPermission.PUBLISH)
    found = db.session.get(MarketPolicy, policy_id, with_for_update=True)
    if found is None:
        raise NotYours()
    if valid_from < clock.today():
        raise Refusal(_("Choose today or a later day: no lot is judged anew for the past."))
    facts = {
        "valid_from": valid_from,
        "published_at": clock.now(),
        "published_by_id": by.person_id,
    }
    POLICY.take(PUBLISH, found, by, facts=facts)
    forget_kept()


def discard_version(policy_id: UUID, by: Acting) -> None:
    """Throw a draft away; raises Refusal for a published version."""
    draft = _draft(policy_id, by)
    audit.record("market_policy:discarded", subject=draft, by=by, facts={"version": draft.version})
    db.session.flush()
    db.session.delete(draft)
