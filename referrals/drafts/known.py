"""What the case-management system knows of the person: confirmed rather than typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import audit
from marketplace.accounts.throttles import Limit, TooManyTries, count_try
from marketplace.acting import Acting
from marketplace.web.fields import Form, RadioField, Required
from marketplace.web.filters import shown_date
from referrals.case_system.interface import Person, case_system
from referrals.codes import SEXES, Sex
from referrals.drafted import ReferralDraft
from referrals.drafts.base import PHONE, YES_OR_NO
from referrals.drafts.queries import Draft, crn_hash

# Where a draft keeps what was found; it is nobody's answer until it is confirmed.
FOUND = "found"
LONGEST = 200
LOOK_UPS = Limit("case_system.look_ups", 60, timedelta(hours=1))


class ConfirmForm(Form):
    """Whether the details found are right."""

    use_these = RadioField(
        _l("Use these details?"),
        [Required(_l("Select yes if the details are right"))],
        choices=list(YES_OR_NO),
    )


def may_look_up(by: Acting) -> bool:
    """Whether a system can be asked, and this person has not asked too often this hour.

    Who has is in nobody's way: they type, as where nothing is found. Counts this as one try.
    """
    if case_system() is None:
        return False
    try:
        count_try(LOOK_UPS, str(by.person_id))
    except TooManyTries:
        return False
    return True


def note_look_up(crn: str, draft: Draft, by: Acting) -> None:
    """Have it on record who looked whom up, found or not: by keyed hash, never the CRN itself."""
    facts = {"crn_hash": crn_hash(crn).hex()}
    audit.record("referral_draft:look_up", subject=ReferralDraft(id=draft.id), by=by, facts=facts)


def looked_up(person: Person | None, draft: Draft) -> dict[str, Any]:
    """What is stored with the CRN: what the system found, or that nothing is known any more."""
    if person is None:
        return {FOUND: None} if draft.answers.get(FOUND) else {}
    return {FOUND: _answers(person)}


def _answers(person: Person) -> dict[str, Any]:
    """The answers a person's details make; what no form would take is left out."""
    found: dict[str, Any] = {}
    if person.name.strip() and len(person.name) <= LONGEST:
        found["name"] = {"name": person.name.strip()}
    if person.date_of_birth:
        found["born"] = {"date_of_birth": person.date_of_birth.isoformat()}
    if person.sex in set(Sex):
        found["sex"] = {"sex": person.sex}
    if person.language:
        other = None if person.language in ("en", "cy") else person.language[:80]
        found["language"] = {
            "language": "other" if other else person.language,
            "other_language": other,
        }
    phone = person.phone or ""
    phone = phone if PHONE.fullmatch(phone) else ""
    email = person.email or ""
    if phone or email:
        found["contact"] = {"phone": phone, "email": email[:LONGEST], "safe_contact": ""}
    return found


def found_in(draft: Draft) -> dict[str, Any]:
    """What was found and not decided on yet; empty where nothing was."""
    return draft.answers.get(FOUND) or {}


def confirmed(draft: Draft, use_these: str) -> dict[str, Any]:
    """The answers that the practitioner's decision makes; either way it is asked no more."""
    return ({} if use_these == "no" else found_in(draft)) | {FOUND: None}


def rows_of(draft: Draft) -> list[dict[str, Any]]:
    """The details found, for showing; empty where there are none to decide on."""
    found = found_in(draft)
    if not found:
        return []
    born = found.get("born", {}).get("date_of_birth")
    language = found.get("language", {})
    names = {"en": _("English"), "cy": _("Welsh")}
    contact = found.get("contact", {})
    rows = (
        (_("Name"), found.get("name", {}).get("name")),
        (_("Date of birth"), shown_date(date.fromisoformat(born)) if born else None),
        (_("Sex"), SEXES[Sex(found["sex"]["sex"])] if "sex" in found else None),
        (_("Language"), language.get("other_language") or names.get(language.get("language", ""))),
        (_("Phone number"), contact.get("phone")),
        (_("Email address"), contact.get("email")),
    )
    return [{"key": key, "value": value} for key, value in rows if value]
