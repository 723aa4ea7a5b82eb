"""Register numbers as org-id: the register's code, a hyphen, the number (org-id.guide).

None of these registers has check digits: what can be checked is the form, and, where a key is set,
the register itself (`lookups`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

CHARITIES = "GB-CHC"
SCOTTISH_CHARITIES = "GB-SC"
NORTHERN_IRISH_CHARITIES = "GB-NIC"
COMPANIES = "GB-COH"
SOCIETIES = "GB-MPR"
OF_CHARITIES = (CHARITIES, SCOTTISH_CHARITIES, NORTHERN_IRISH_CHARITIES)

REGISTERS: dict[str, Any] = {
    CHARITIES: _l("Charity number, England and Wales"),
    SCOTTISH_CHARITIES: _l("Charity number, Scotland"),
    NORTHERN_IRISH_CHARITIES: _l("Charity number, Northern Ireland"),
    COMPANIES: _l("Company number"),
    SOCIETIES: _l("Registered society number"),
}
# A linked charity shares its parent's number and adds one of its own: "1234567-2".
_CHARITY = re.compile(r"([1-9][0-9]{5,6})(?:-0|(-[1-9][0-9]{0,2}))?")
_SCOTTISH = re.compile(r"SC([0-9]{4,6})")
_NORTHERN_IRISH = re.compile(r"NIC?([0-9]{6})")
_COMPANY = re.compile(r"([A-Z]{2})?([0-9]{4,8})")
# Companies of Northern Ireland before 1981, and societies that Companies House lists.
_ODD_COMPANY = re.compile(r"R[0-9]{7}|[A-Z]{2}[0-9]{5}R")
_SOCIETY = re.compile(r"[A-Z]{0,2}[0-9]{3,6}[A-Z]?")
COMPANY_LENGTH = 8


class WrongNumber(ValueError):
    """It does not look like a number of that register; the text names an example."""


def charity_org_id(typed: str) -> str | None:
    """The org-id of a charity number; None where nothing is typed. Raises WrongNumber."""
    number = _plain(typed)
    if not number:
        return None
    if found := _CHARITY.fullmatch(number):
        return f"{CHARITIES}-{found[1]}{found[2] or ''}"
    if found := _SCOTTISH.fullmatch(number):
        return f"{SCOTTISH_CHARITIES}-SC{found[1].zfill(6)}"
    if found := _NORTHERN_IRISH.fullmatch(number):
        return f"{NORTHERN_IRISH_CHARITIES}-{found[1]}"
    raise WrongNumber(
        _(
            "Charity number must be 6 or 7 digits, like 1234567. One of Scotland begins with SC, "
            "one of Northern Ireland with NIC"
        )
    )


def company_org_id(typed: str) -> str | None:
    """The org-id of a company number, padded with zeros; None for nothing. Raises WrongNumber."""
    number = _plain(typed)
    if not number:
        return None
    if _ODD_COMPANY.fullmatch(number):
        return f"{COMPANIES}-{number}"
    if found := _COMPANY.fullmatch(number):
        letters = found[1] or ""
        padded = letters + found[2].zfill(COMPANY_LENGTH - len(letters))
        if len(padded) == COMPANY_LENGTH:
            return f"{COMPANIES}-{padded}"
    raise WrongNumber(
        _("Company number must be 8 characters, like 01234567 or CE012345. Check the number")
    )


def society_org_id(typed: str) -> str | None:
    """The org-id of a number in the Mutuals Public Register; None for nothing.

    Raises WrongNumber.
    """
    number = _plain(typed)
    if not number:
        return None
    if _SOCIETY.fullmatch(number):
        return f"{SOCIETIES}-{number}"
    raise WrongNumber(_("Registered society number must look like 27667R or 4811"))


def _plain(typed: str) -> str:
    return "".join(typed.split()).upper()


def split(org_id: str) -> tuple[str, str]:
    """The register's code and the number, as people write it."""
    register = next(each for each in REGISTERS if org_id.startswith(f"{each}-"))
    number = org_id.removeprefix(f"{register}-")
    return register, f"NIC{number}" if register == NORTHERN_IRISH_CHARITIES else number


def number_in(org_ids: Iterable[str], *registers: str) -> str:
    """The organisation's number in any of these registers; empty where it has none."""
    found = (split(each) for each in org_ids)
    return next((number for register, number in found if register in registers), "")
