"""What the check finds, and the facts that every rule is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from lots.models import Lot, LotOverride
from lots.proportionality.policy import Policy, Rule
from lots.proportionality.vocabulary import TASK_OF, Basis, RuleCode
from lots.vocabulary import Level, Task


@dataclass(frozen=True)
class Finding:
    """One thing the check found: what, what to do instead, and the source of the rule.

    What is merely not filled in yet has no `code`, and so no source. `figures` are what a rule's
    breach is measured by, each the worse the higher. `override` is the decider's, where it holds.
    """

    task: Task
    level: Level
    text: Any
    instead: Any = ""
    source: Any = None
    code: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)
    rule: Rule | None = None
    override: LotOverride | None = None

    @property
    def stands(self) -> bool:
        """Whether it keeps the lot from opening."""
        needs_reason = self.rule is not None and self.rule.needs_reason
        return self.override is None and (self.level is Level.BLOCKS or needs_reason)

    @property
    def overridable(self) -> bool:
        """Whether the decider may open the lot all the same, with a reason that is published."""
        return self.rule is not None and self.rule.overridable

    @property
    def why(self) -> str:
        """Why the rule is there."""
        return self.rule.why if self.rule else ""

    @property
    def link(self) -> str:
        """Where its statute can be read, if it is law."""
        return self.rule.link if self.rule else ""


@dataclass(frozen=True)
class Judged:
    """A lot, the policy it is judged by, its opening day, and the areas in force on that day.

    `areas` holds (area or None for the whole region, region).
    """

    lot: Lot
    policy: Policy
    day: date
    areas: frozenset[tuple[str | None, str]]


def missing(task: Task, text: Any, instead: Any = "") -> Finding:
    """Something that is not filled in, or does not fit together."""
    return Finding(task, Level.BLOCKS, text, instead)


def broken(code: RuleCode, text: Any, instead: Any, **figures: int) -> Finding:
    """A rule that the draft does not keep; its level is the policy's to say."""
    return Finding(TASK_OF[code], Level.BLOCKS, text, instead, code=code, figures=figures)


def held_to(finding: Finding, policy: Policy) -> Finding | None:
    """The finding as the policy has its rule; None where the policy leaves the rule out."""
    if not finding.code:
        return finding
    rule = policy.rules.get(finding.code)
    if rule is None or rule.level is Level.OFF:
        return None
    source: Any = rule.source
    if rule.basis is Basis.POLICY:
        source = _("%(source)s, version %(version)s", source=rule.source, version=policy.version)
    return replace(finding, level=rule.level, source=source, rule=rule)


def holds(override: LotOverride, finding: Finding) -> bool:
    """Whether an override still covers a finding: none of its figures has become worse since.

    A figure that was not there, and a flag that now blocks, is worse.
    """
    return (
        override.withdrawn_at is None
        and override.rule_code == finding.code
        and finding.overridable
        and not (override.level is Level.FLAGS and finding.level is Level.BLOCKS)
        and all(value <= override.figures.get(name, 0) for name, value in finding.figures.items())
    )


def overridden(finding: Finding, lot: Lot) -> Finding:
    """The finding with the last override that covers it, if there is one."""
    given = next((each for each in reversed(lot.overrides) if holds(each, finding)), None)
    return replace(finding, override=given)
