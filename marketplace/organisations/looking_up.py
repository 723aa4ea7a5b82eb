"""The look-up button of the forms about an organisation: found, shown, filled in once confirmed.

What was found travels in the confirming button, signed: the register is asked once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from marketplace.organisations.forms import NUMBER_FIELDS, AboutForm
from marketplace.organisations.lookups import Found, RegisterAway, can_look_up, look_up
from marketplace.organisations.models import LEGAL_FORMS, LegalForm
from marketplace.organisations.registers import (
    CHARITIES,
    COMPANIES,
    REGISTERS,
    number_in,
    split,
)

ASK, CONFIRM = "look_up", "found"


@dataclass(frozen=True)
class LookedUp:
    """What the form shows after a press: something found, or the sentence to show instead."""

    found: Found | None = None
    sentence: str = ""

    @property
    def numbers(self) -> list[tuple[Any, str]]:
        """Each number found, under its register's name."""
        pairs = map(split, self.found.org_ids if self.found else ())
        return [(REGISTERS[register], number) for register, number in pairs]

    @property
    def legal_form(self) -> Any:
        """The kind of organisation in words."""
        return LEGAL_FORMS[self.found.legal_form] if self.found else ""

    @property
    def sealed(self) -> str:
        """What was found, for the confirming button."""
        assert self.found is not None
        facts = {
            "name": self.found.name,
            "legal_form": self.found.legal_form,
            "org_ids": self.found.org_ids,
            "website": self.found.website,
        }
        return _seal().dumps(facts)


def before_asking(app: Flask) -> list[Callable[[], None]]:
    """What is called before a register is asked, to count or refuse; filled by rooms above."""
    return app.extensions.setdefault("before_look_up", [])


def offered() -> bool:
    """Whether the forms offer to look up at all."""
    return can_look_up(CHARITIES) or can_look_up(COMPANIES)


def handle(form: AboutForm) -> LookedUp | None:
    """Do what a look-up button of the form asks; None where another button was pressed."""
    if request.method != "POST" or not offered():
        return None
    if CONFIRM in request.form:
        return _fill_in(form, request.form[CONFIRM])
    if ASK not in request.form:
        return None
    for call in before_asking(current_app):
        call()
    return _ask(form)


def _ask(form: AboutForm) -> LookedUp | None:
    typed = [each for each in form.numbers()[:2] if each.data]
    if not all([each.validate(form) for each in typed]):
        return LookedUp(sentence=_("Put the number right, then look it up again."))
    numbers = [each.org_id for each in typed if each.org_id]
    known = [each for each in numbers if can_look_up(split(each)[0])]
    if not known:
        return LookedUp(sentence=_nothing_to_ask(bool(numbers)))
    try:
        found = look_up(known[0])
    except RegisterAway:
        return LookedUp(
            sentence=_(
                "The register does not answer at the moment. Fill in the form yourself: nothing "
                "else is different."
            )
        )
    if found is None:
        number = split(known[0])[1]
        return LookedUp(
            sentence=_(
                "The register has no number %(number)s. Check the number, or fill in the form "
                "yourself.",
                number=number,
            )
        )
    return LookedUp(found)


def _nothing_to_ask(typed: bool) -> str:
    if typed:
        return _("We cannot look this number up. Fill in the form yourself.")
    if not can_look_up(COMPANIES):
        return _("Enter a charity number first, then look it up.")
    return _("Enter a charity or company number first, then look it up.")


def _fill_in(form: AboutForm, sealed: str) -> LookedUp:
    try:
        facts = _seal().loads(sealed)
    except BadSignature:
        return LookedUp(sentence=_("Look the number up again: the page had changed."))
    form.name.data = facts["name"]
    form.legal_form.data = str(LegalForm(facts["legal_form"]))
    for name, registers in NUMBER_FIELDS.items():
        number = number_in(facts["org_ids"], *registers)
        if number:
            form[name].data = number
    if facts["website"] and "website" in form and not form["website"].data:
        form["website"].data = facts["website"]
    return LookedUp(sentence=_("Filled in from the register. Check it, and answer the rest."))


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="register look-up")
