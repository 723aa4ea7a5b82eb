"""A rule set aside with a published reason, and the next version of the policy as a draft."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lots.models import Lot
from lots.proportionality import actions
from lots.proportionality.models import MarketPolicy
from lots.proportionality.queries import version
from lots.proportionality.vocabulary import PolicyState
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for
from marketplace.overtaken import fingerprint

# By a lot's key: the rule, and the decider's reason.
REASONS = {
    "homes-north-wales": (
        "certificate",
        "Whoever lets or manages homes in Wales must hold this licence, so nothing else can stand "
        "in for it. You may apply for it once you know that you have won.",
    ),
}


def set_aside(key: str, lot_id: UUID, director: Acting) -> None:
    """Give the decider's reason for a lot that opens against a rule, inside a write."""
    if key not in REASONS:
        return
    code, reason = REASONS[key]
    lot = db.session.get_one(Lot, lot_id)
    seen = fingerprint(dict(actions.overridable_finding(lot, code).figures))
    actions.override(lot_id, code, reason, seen, director)


def build() -> None:
    """Begin the next version of the market's policy: more time, fewer words, dearer hours."""
    by = acting_for("national", Role.FRAMEWORK_MANAGER)
    drafted = select(MarketPolicy).where(MarketPolicy.state == PolicyState.DRAFT)
    with write():
        if db.session.scalars(drafted).one_or_none() is not None:
            return
        newest = db.session.scalars(
            select(MarketPolicy.id).order_by(MarketPolicy.version.desc()).limit(1)
        )
        draft_id = actions.start_version(newest.one(), by).id
        draft = version(draft_id)
        numbers, caps = actions.numbers_of(draft), actions.caps_of(draft)
        changed = numbers | {"good_window_weeks": 8, "hour_pence": 28_00}
        actions.save_numbers(draft_id, changed, fingerprint(numbers), by)
        fewer = [caps[0], (*caps[1][:3], 2_500), *caps[2:]]
        actions.save_caps(draft_id, fewer, fingerprint(caps), by)
