"""Who may run groups: those who deliver, each the groups of their own organisation."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting
from marketplace.permissions import policy, rule
from referrals.groups.models import Group
from referrals.permissions import PROVIDERS


class GroupPermission(StrEnum):
    """What can be done with groups."""

    RUN = "referral_group:run"


def runs(by: Acting, group: Group) -> bool:
    """The organisation acted for made the group."""
    return group.provider_id == by.organisation_id


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add({GroupPermission.RUN: rule(PROVIDERS, when=runs)})
