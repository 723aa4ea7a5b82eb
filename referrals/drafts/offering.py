"""What a question offers: choices from data, and what is known already of who writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.areas.queries import area_choices, delivery_units_on, offices_on, prisons_on
from marketplace.categories.queries import category_names, outcomes_of
from marketplace.database import db
from marketplace.web.fields import SelectChoice
from referrals.drafts.base import Context
from referrals.drafts.queries import Draft
from referrals.drafts.questions import Question
from referrals.eligibility import regions_by_area
from referrals.teams.actions import team_of

# Where a copied draft keeps the risk information until its author confirms that it is shared.
COPIED_RISK = "copied-risk"


def context_of(draft: Draft, question: Question, by: Acting) -> Context:
    """What the form of this question is prepared with."""
    today = clock.today()
    service = draft.service_of(question)
    offered: dict[str, list[SelectChoice]] = {}
    if question.slug == "area":
        areas = [SelectChoice(code, name) for code, name in area_choices()]
        offered["area"] = [SelectChoice("", _("Choose an area")), *areas]
    elif question.slug in ("establishment", "office", "practitioner", "main-contact"):
        offered |= _lists(draft, question.slug, by, today)
    elif question.need and "outcomes-" in question.slug:
        outcomes = outcomes_of(question.need, today)
        offered["outcomes"] = [SelectChoice(each.code, each.label) for each in outcomes]
    elif question.slug.startswith("needs"):
        names = category_names()
        offered["needs"] = [SelectChoice(code, names.get(code, code)) for code in service.needs]
    return Context(today, draft.answers_to(service), by, offered)


def _lists(draft: Draft, slug: str, by: Acting, today: date) -> dict[str, list[SelectChoice]]:
    # A prison works for people who go anywhere; everybody else for their own region.
    own = draft.offer.region_code if by.has(Role.PRISON_PRACTITIONER) else by.region_code
    found = {}
    if slug in ("establishment", "main-contact"):
        found["prison"] = _select(prisons_on(today), _("Choose a prison"))
    if slug in ("practitioner", "main-contact"):
        units = delivery_units_on(today, own)
        found["delivery_unit"] = _select(units, _("Choose a delivery unit"))
    if slug != "establishment":
        area = draft.answers.get("area", {}).get("area")
        region = regions_by_area(today).get(area) if slug == "office" and area else own
        found["office"] = _select(offices_on(today, region), _("Choose an office"))
    return found


def _select(found: Iterable[Any], first: str) -> list[SelectChoice]:
    return [SelectChoice("", first), *(SelectChoice(each.code, each.label) for each in found)]


def prefill(draft: Draft, question: Question, by: Acting) -> dict[str, Any]:
    """What is known already: of the person writing, and, in a copied draft, of the risk."""
    if question.slug == "risk":
        return draft.answers.get(COPIED_RISK, {})
    if question.slug not in ("practitioner", "main-contact"):
        return {}
    if question.slug == "practitioner" and by.has(Role.PRISON_PRACTITIONER):
        return {}
    account = db.session.get_one(Person, by.person_id)
    known: dict[str, Any] = {"name": by.name, "email": account.email}
    if question.slug == "main-contact":
        prison = draft.answers.get("establishment", {}).get("prison")
        known |= {"based": "prison", "prison": prison}
    team = team_of(by)
    return known | {"delivery_unit": team.delivery_unit_code if team else None}
