"""What Stripe still asks for, in plain words, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

# The beginnings of Stripe's names of requirements; the first that fits counts.
WORDS: dict[str, Any] = {
    "external_account": _l("the bank account to be paid into"),
    "tos_acceptance": _l("agreement to Stripe’s terms"),
    "business_profile": _l("what the organisation does"),
    "business_type": _l("what kind of organisation it is"),
    "company.verification": _l("a document that proves the organisation"),
    "company": _l("details of the organisation"),
    "documents": _l("a document that proves the organisation"),
    "representative": _l("details of the person who sets up the account"),
    "person": _l("details of those who run the organisation"),
    "owners": _l("details of those who run the organisation"),
    "directors": _l("details of those who run the organisation"),
    "executives": _l("details of those who run the organisation"),
    "individual": _l("details of those who run the organisation"),
    "relationship": _l("details of those who run the organisation"),
}
OTHER = _l("something more, which Stripe’s pages name")


def wanted_in_words(wants: Iterable[str]) -> list[str]:
    """Each thing that Stripe asks for, once, in the order of first mention."""
    return list(dict.fromkeys(str(_word(want)) for want in wants))


def _word(want: str) -> Any:
    return next((word for begin, word in WORDS.items() if want.startswith(begin)), OTHER)
