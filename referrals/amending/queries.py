"""Reading amendments: who, when, why, and each changed answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.accounts.queries import names_of_people
from marketplace.categories.queries import category_names, outcome_names
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.web.fields import CheckboxField
from referrals.amending.answers import Answers, read
from referrals.amending.models import Amendment
from referrals.amending.topics import NAMES, RISK, Topic, topics
from referrals.drafts.questions import Question, service_questions, shared_questions
from referrals.drafts.shown import in_words, stored_into
from referrals.models import Referral, ReferralNeed
from referrals.teams.actions import unit_names

SIZE = 10
Row = tuple[str, str, str]
Names = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Change:
    """One amendment; `rows` are (what, before, after), empty where the risk is shown apart."""

    at: datetime
    name: str
    what: str
    why: str
    rows: Sequence[Row]
    is_risk: bool


@dataclass(frozen=True)
class Changes:
    """A page of amendments, the newest first."""

    page: Page
    rows: Sequence[Change]


def changes_of(referral: Referral, *, risk: bool = False) -> Changes:
    """The amendments of a case; with `risk` only those of the risk information, with values."""
    newest = select(Amendment).where(Amendment.referral_id == referral.id)
    if risk:
        newest = newest.where(Amendment.topic == RISK)
    page = paged(newest.order_by(Amendment.at.desc(), Amendment.id.desc()), SIZE)
    people = names_of_people(each.by_id for each in page.items)
    names: Names = {"delivery_unit": unit_names(), "outcomes": outcome_names()}
    rows = [_change(each, people, names, with_values=risk) for each in page.items]
    return Changes(page, rows)


def _change(
    amendment: Amendment, people: dict[UUID, str], names: Names, *, with_values: bool
) -> Change:
    is_risk = amendment.topic == RISK
    is_shown = with_values or not is_risk
    what = str(NAMES[amendment.topic])
    if amendment.need_code:
        need = category_names().get(amendment.need_code, amendment.need_code)
        what = _("%(what)s: %(need)s", what=what, need=need)
    return Change(
        amendment.at,
        people.get(amendment.by_id) or _("Deleted account"),
        what,
        amendment.why if is_shown else "",
        _rows(amendment, names) if is_shown else (),
        is_risk,
    )


def _rows(amendment: Amendment, names: Names) -> list[Row]:
    before, after = read(amendment.before), read(amendment.after)
    rows = []
    for question in _questions(amendment.need_code):
        was, now = before.get(question.slug), after.get(question.slug)
        if was == now:
            continue
        old, new = (_words(question, each or {}, names) for each in (was, now))
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                nothing = _("Nothing given")
                rows.append((key, old.get(key) or nothing, new.get(key) or nothing))
    return rows


def _words(question: Question, stored: dict[str, Any], names: Names) -> dict[str, str]:
    form = question.form(
        formdata=None, data=stored_into(question.form, stored), meta={"csrf": False}
    )
    single = len(form.questions) == 1
    found = {}
    for field in form:
        if isinstance(field, CheckboxField) or field.data in (None, "", []):
            continue
        key = str(getattr(field, "called", None) or field.label.text)
        if single and field.name == form.questions[0].name:
            key = str(question.label)
        word = stored.get(f"{field.name}_name")
        chosen = {field.data: word} if field.name in form.worded and word else {}
        found[key] = in_words(field, chosen or names.get(field.name, {}))
    return found


def _questions(need: str | None) -> list[Question]:
    """Every question that an amendment can be about, however it was reached."""
    custody: Answers = {
        "whereabouts": {"whereabouts": "custody"},
        "sentence-status": {"status": "licence"},
    }
    found = [*shared_questions(custody), *shared_questions(custody | _UNALLOCATED)]
    found += service_questions(custody, [need] if need else [])
    return list({each.slug: each for each in found}.values())


_UNALLOCATED: Answers = {"allocated": {"allocated": "no"}, "released": {"released": "yes"}}


def topics_of(referral: Referral) -> list[tuple[Topic, str]]:
    """What can be amended, each with its name."""
    names = category_names()
    found = []
    for each in topics(needs(referral.id)):
        need = names.get(each.need or "", each.need)
        label = str(each.label)
        found.append((each, _("%(what)s: %(need)s", what=label, need=need) if each.need else label))
    return found


def needs(referral_id: UUID) -> list[str]:
    """The codes of the needs to be met, in order."""
    return list(
        db.session.scalars(
            select(ReferralNeed.need_code)
            .where(ReferralNeed.referral_id == referral_id)
            .order_by(ReferralNeed.position)
        )
    )
