"""What changed from one version of a plan to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_date
from flask_babel import gettext as _

from referrals.delivery.models import METHODS
from referrals.plans.models import DOERS, FREQUENCIES, PlanActivity
from referrals.plans.queries import Plan, Shown


@dataclass(frozen=True)
class Change:
    """One difference: what it is about, how it was, how it is; None where it was or is not."""

    about: str
    before: str | None
    after: str | None


def between(before: Plan, after: Plan) -> list[Change]:
    """Every difference, in the order of the newer plan; what was taken out stands last."""
    found = []
    if before.plan.sessions != after.plan.sessions:
        was, now = str(before.plan.sessions), str(after.plan.sessions)
        found.append(Change(_("Number of sessions"), was, now))
    older = {each.origin_id: each for each in before.activities}
    for each in after.activities:
        found += _of_activity(older.pop(each.origin_id, None), each)
    found += [Change(_name(each), _whole(each), None) for each in older.values()]
    return found


def _of_activity(before: PlanActivity | None, after: PlanActivity) -> list[Change]:
    if before is None:
        return [Change(_name(after), None, _whole(after))]
    was, now = _whole(before), _whole(after)
    if was == now and before.outcome_id == after.outcome_id:
        return []
    return [Change(_name(after), was, now)]


def _name(activity: PlanActivity) -> str:
    return Shown(activity).name


def _whole(activity: PlanActivity) -> str:
    parts: Sequence[object] = (
        Shown(activity).name,
        Shown(activity).words,
        DOERS[activity.doer],
        FREQUENCIES[activity.frequency],
        METHODS[activity.method],
        _("by %(day)s", day=format_date(activity.by_on, "d MMMM y")),
    )
    return " · ".join(str(part) for part in parts if part)
