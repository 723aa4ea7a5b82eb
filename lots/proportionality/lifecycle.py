"""The one step of a policy's version: from draft to published, for good."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.proportionality.models import MarketPolicy
from lots.proportionality.permissions import PolicyPermission
from lots.proportionality.vocabulary import POLICY_STATES, PolicyState
from marketplace.lifecycle import Lifecycle, Step, lifecycles


def caps_cover_everything(policy: MarketPolicy) -> Any:
    """Every lot has a cap: the last row is for every value and both routes."""
    last = policy.caps[-1] if policy.caps else None
    if last is not None and last.under_pence is None and last.route is None:
        return None
    return _("The last row of the caps must be for every value, grant or contract.")


PUBLISH = Step(
    "publish",
    frm=(PolicyState.DRAFT,),
    to=PolicyState.PUBLISHED,
    label=_l("Publish"),
    permission=PolicyPermission.PUBLISH,
    guard=caps_cover_everything,
)

POLICY = Lifecycle("market_policy", MarketPolicy, POLICY_STATES, [PUBLISH])


def register(app: Flask) -> None:
    """List the policy's lifecycle among the application's."""
    lifecycles(app).append(POLICY)
