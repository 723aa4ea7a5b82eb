"""Looking an organisation up in the registers of charities and companies, where a key is set.

The register of charities answers for England and Wales, the register of companies for the whole
United Kingdom. Nothing depends on either: without a key, and while one is away, people type.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

import requests
from flask import current_app
from urllib3.exceptions import HTTPError

from marketplace.database import db, writing
from marketplace.organisations.models import LegalForm
from marketplace.organisations.registers import (
    CHARITIES,
    COMPANIES,
    WrongNumber,
    company_org_id,
    split,
)
from marketplace.settings import Settings

# To connect, and between two pieces of the answer.
TIMEOUT_SECONDS = (3, 5)
# For the whole answer: one that drips or swells would hold a worker, and a true one is small.
LONGEST_SECONDS = 10
LARGEST_BYTES = 1_000_000
LONGEST_NAME = 200
SOCIETY_TYPES = {"registered-society-non-jurisdictional", "industrial-and-provident-society"}
# What Companies House calls a company that is no more, and one that others run.
GONE = {"dissolved", "closed", "converted-closed", "removed"}
IN_TROUBLE = {"liquidation", "receivership", "administration", "insolvency-proceedings"}
log = logging.getLogger(__name__)


class RegisterAway(Exception):
    """The register did not answer, or not with what it should."""


@dataclass(frozen=True)
class Found:
    """What a register says of an organisation.

    `gone` where it was removed or dissolved, on `gone_on` where that is known; `in_trouble` where
    it is insolvent.
    """

    name: str
    legal_form: LegalForm
    org_ids: tuple[str, ...]
    website: str = ""
    gone: bool = False
    gone_on: date | None = None
    in_trouble: bool = False


def can_look_up(register: str) -> bool:
    """Whether a key for this register is set."""
    settings: Settings = current_app.extensions["settings"]
    keys = {CHARITIES: settings.charity_register_key, COMPANIES: settings.company_register_key}
    return bool(keys.get(register))


def look_up(org_id: str) -> Found | None:
    """Ask the register of this number; None where it has no such number. Raises RegisterAway."""
    register, number = split(org_id)
    try:
        facts = _ask_charities(number) if register == CHARITIES else _ask_companies(number)
        if not facts:
            return None
        return (_charity if register == CHARITIES else _company)(org_id, facts)
    except (
        requests.RequestException,
        HTTPError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        # The answer itself may hold anything; only the kind of failure is written down.
        log.error("register away", extra={"register": register, "kind": type(error).__name__})
        raise RegisterAway(register) from error


def _ask_charities(number: str) -> Any:
    settings: Settings = current_app.extensions["settings"]
    main, _hyphen, linked = number.partition("-")
    return _get(
        f"{settings.charity_register_address}/allcharitydetailsV2/{main}/{linked or 0}",
        headers={"Ocp-Apim-Subscription-Key": settings.charity_register_key},
    )


def _ask_companies(number: str) -> Any:
    settings: Settings = current_app.extensions["settings"]
    return _get(
        f"{settings.company_register_address}/company/{number}",
        auth=(settings.company_register_key, ""),
    )


def _get(address: str, **how: Any) -> Any:
    if writing():
        raise RuntimeError("nobody asks another house while the write lock is held")
    # Nor while a reading transaction is open.
    db.session.rollback()
    how |= {"timeout": TIMEOUT_SECONDS, "allow_redirects": False, "stream": True}
    began = time.monotonic()
    with requests.get(address, **how) as answer:
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise requests.HTTPError(str(answer.status_code))
        content = bytearray()
        while piece := answer.raw.read1(65_536, decode_content=True):
            content += piece
            if len(content) > LARGEST_BYTES or time.monotonic() - began > LONGEST_SECONDS:
                raise requests.ConnectionError("an answer without end")
        return json.loads(content)


def _charity(org_id: str, facts: dict[str, Any]) -> Found:
    numbers = [org_id]
    try:
        company = company_org_id(facts.get("charity_co_reg_number") or "")
    except WrongNumber:
        company = None
    if company:
        numbers.append(company)
    removed = facts.get("date_of_removal")
    return Found(
        name=_name(facts["charity_name"]),
        legal_form=LegalForm.CIO if facts.get("cio_ind") else LegalForm.CHARITY,
        org_ids=tuple(numbers),
        website=_website(facts.get("web")),
        gone=facts["reg_status"] != "R",
        gone_on=_day(removed),
        in_trouble=bool(facts.get("insolvent") or facts.get("in_administration")),
    )


def _company(org_id: str, facts: dict[str, Any]) -> Found:
    status = facts.get("company_status") or ""
    return Found(
        name=_name(facts["company_name"]),
        legal_form=_form_of_company(facts),
        org_ids=(org_id,),
        gone=status in GONE,
        gone_on=_day(facts.get("date_of_cessation")),
        in_trouble=status in IN_TROUBLE,
    )


def _form_of_company(facts: dict[str, Any]) -> LegalForm:
    if facts.get("subtype") == "community-interest-company":
        return LegalForm.CIC
    kind = facts.get("type")
    if kind == "charitable-incorporated-organisation":
        return LegalForm.CIO
    return LegalForm.SOCIETY if kind in SOCIETY_TYPES else LegalForm.COMPANY


def _name(given: str) -> str:
    return " ".join(given.split())[:LONGEST_NAME]


def _website(given: str | None) -> str:
    address = (given or "").strip()
    if not address or " " in address or "." not in address:
        return ""
    return address if address.startswith(("https://", "http://")) else f"https://{address}"


def _day(given: str | None) -> date | None:
    return date.fromisoformat(given[:10]) if given else None
