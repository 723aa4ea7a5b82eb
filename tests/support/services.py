"""Described services, for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marketplace.acting import Acting
from referrals.services import profiles
from referrals.services.profiles import Said
from tests.support.people import written


def describe(contract_area_id: UUID, by: Acting, *traits: str, **said: Any) -> None:
    """Have a service manager say this of a service, and nothing else."""
    was = profiles.seen(profiles.said_of(profiles.profile_of(contract_area_id)))
    with written():
        told = Said(traits=tuple(sorted(traits)), **said)
        profiles.describe(contract_area_id, told, was, by)
