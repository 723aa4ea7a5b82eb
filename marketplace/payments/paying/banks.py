"""Where an organisation is paid by bank: checked, changed by few, told to all."""

from __future__ import annotations

import re
from unicodedata import normalize
from uuid import UUID

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.payments.paying import mails
from marketplace.payments.paying.models import BankDetails
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.permissions import check

SORT_CODE = re.compile(r"[0-9]{6}")
ACCOUNT_NUMBER = re.compile(r"[0-9]{6,8}")
# It begins with a letter or a digit, so no spreadsheet takes it for a formula.
ACCOUNT_NAME = re.compile(r"[^\W_](?:[^\W_]|[ .,'’&/()–-])*")
BETWEEN = re.compile(r"[\s–-]+")


def account_name_of(typed: str) -> str:
    """Letters that banks can write, digits, and what stands in names. Raises ValueError."""
    # Some keyboards give a letter and its accent apart.
    name = normalize("NFC", typed)
    if not ACCOUNT_NAME.fullmatch(name) or not all(map(in_bank_letters, name)):
        raise ValueError("not a name on an account")
    return name


def in_bank_letters(name: str) -> str:
    """The name in the plain letters that banks' systems know: "Dŵr – O’Neill", "Dwr - O'Neill"."""
    plain = name.replace("’", "'").replace("–", "-")
    return normalize("NFKD", plain).encode("ascii", "ignore").decode()


def sort_code_of(typed: str) -> str:
    """Six digits, however they were typed ("12-34-56", "12 34 56"). Raises ValueError."""
    digits = BETWEEN.sub("", typed)
    if not SORT_CODE.fullmatch(digits) or not digits.strip("0"):
        raise ValueError("not a sort code")
    return digits


def account_number_of(typed: str) -> str:
    """Eight digits; older numbers of six or seven get noughts in front. Raises ValueError."""
    digits = BETWEEN.sub("", typed)
    if not ACCOUNT_NUMBER.fullmatch(digits) or not digits.strip("0"):
        raise ValueError("not an account number")
    return digits.zfill(8)


def set_details(account_name: str, sort_code: str, account_number: str, by: Acting) -> BankDetails:
    """Say where the organisation acted for is paid; everybody who looks after its money is told.

    Raises Refused; ValueError where the name or a number has not its form.
    """
    organisation = db.session.get_one(Organisation, by.organisation_id, with_for_update=True)
    check(by, PaymentPermission.SET_BANK_DETAILS, organisation)
    # Asked first: reading the clock stores what is pending, and that would be half a row.
    now = clock.now()
    details = db.session.get(BankDetails, organisation.id)
    if details is None:
        details = BankDetails(organisation_id=organisation.id)
        db.session.add(details)
    details.account_name = account_name_of(account_name)
    details.sort_code = sort_code_of(sort_code)
    details.account_number = account_number_of(account_number)
    details.set_at = now
    details.set_by_id = by.person_id
    db.session.flush()
    audit.record("bank_details:set", subject=organisation, by=by)
    mails.tell_of_bank_details(organisation.id)
    return details


def details_of(organisation_id: UUID) -> BankDetails | None:
    """Where an organisation is paid; None until it has said so."""
    return db.session.get(BankDetails, organisation_id)
