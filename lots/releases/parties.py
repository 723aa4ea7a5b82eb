"""The organisations of a release: each once, with every part it plays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marketplace.organisations.models import IncomeBand, Organisation
from marketplace.organisations.registers import REGISTERS

BUYER, PROCURING_ENTITY, FUNDER, SUPPLIER = "buyer", "procuringEntity", "funder", "supplier"
# A firm with under £10m of income is below every limit of a small or medium enterprise
# (Procurement Act 2023 s.123); above, the number of staff would have to be known.
SMALL_OR_MEDIUM = frozenset(IncomeBand) - {IncomeBand.OVER_10M}


def party_id(organisation: Organisation) -> str:
    """The first register number as org-id, else an identifier of this service."""
    return next(iter(organisation.org_ids), None) or f"DFM-{organisation.id}"


def reference(organisation: Organisation) -> dict[str, Any]:
    """A pointer to the party from elsewhere in the release."""
    return {"id": party_id(organisation), "name": organisation.name}


def parties(parts: Iterable[tuple[Organisation, str]]) -> list[dict[str, Any]]:
    """Every organisation with its roles, in the order in which they are named."""
    roles: dict[str, list[str]] = {}
    named: dict[str, Organisation] = {}
    for organisation, role in parts:
        key = party_id(organisation)
        named[key] = organisation
        if role not in roles.setdefault(key, []):
            roles[key].append(role)
    return [_party(named[key], key, roles[key]) for key in named]


def _party(organisation: Organisation, key: str, roles: list[str]) -> dict[str, Any]:
    supplies = SUPPLIER in roles
    small = supplies and organisation.income_band in SMALL_OR_MEDIUM
    identifiers = [_identifier(each, organisation.name) for each in organisation.org_ids]
    return {
        "id": key,
        "name": organisation.name,
        "identifier": identifiers[0] if identifiers else None,
        "additionalIdentifiers": identifiers[1:],
        "roles": roles,
        "details": {
            "vcse": organisation.is_voluntary if supplies else None,
            "scale": "sme" if small else None,
        },
    }


def _identifier(org_id: str, name: str) -> dict[str, str]:
    scheme = next(each for each in REGISTERS if org_id.startswith(f"{each}-"))
    return {"scheme": scheme, "id": org_id[len(scheme) + 1 :], "legalName": name}
