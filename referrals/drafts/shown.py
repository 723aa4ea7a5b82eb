"""A draft's answers in words, for checking; and stored answers as a form takes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from wtforms.fields import SelectMultipleField

from marketplace.areas.queries import area_names
from marketplace.categories.queries import category_names, outcome_names
from marketplace.web.fields import CheckboxField, DateField, RadioField, SelectField
from marketplace.web.filters import shown_date
from referrals.drafts.base import QuestionForm
from referrals.drafts.queries import Draft
from referrals.drafts.questions import SECTIONS, Question, Section
from referrals.teams.actions import unit_names

Row = dict[str, Any]
Sections = list[tuple[Any, list[Row]]]


def stored_into(form: type[QuestionForm], stored: dict[str, Any]) -> dict[str, Any]:
    """Stored answers with their dates as dates again."""
    return {
        name: date.fromisoformat(value) if value and _is_date(form, name) else value
        for name, value in stored.items()
    }


def _is_date(form: type[QuestionForm], name: str) -> bool:
    field = getattr(form, name, None)
    return getattr(field, "field_class", None) is DateField


def tasks(draft: Draft) -> Sections:
    """The task list: its sections, each with its questions and whether they are answered."""
    names = category_names()
    found = [
        (
            each,
            {
                "label": label_of(each, names),
                "href": url_for("drafts.question", draft_id=draft.id, slug=each.slug),
                "done": each.slug in draft.answers,
            },
        )
        for each in draft.questions
    ]
    return _by_section(draft, found)


def label_of(question: Question, names: dict[str, str]) -> str:
    """What a question is called in lists, with the need it is about."""
    if question.need is None:
        return str(question.label)
    need = names.get(question.need, question.need)
    return _("%(what)s: %(need)s", what=question.label, need=need)


def summary(draft: Draft) -> Sections:
    """The sections of the check page, each with the rows of a summary list."""
    names = {
        "area": area_names(),
        "delivery_unit": unit_names(),
        "needs": category_names(),
        "outcomes": outcome_names(),
    }
    found = [(each, row) for each in draft.questions for row in _rows(draft, each, names)]
    return _by_section(draft, found)


def _by_section(draft: Draft, found: list[tuple[Question, Row]]) -> Sections:
    sections: dict[tuple[Section, int], list[Row]] = {}
    for question, row in found:
        sections.setdefault((question.section, question.position), []).append(row)
    several = len(draft.services) > 1
    titles = {
        each.position: _(
            "%(service)s, %(provider)s", service=each.name, provider=each.offer.provider_name
        )
        for each in draft.services
    }
    return [
        (titles[position] if several and section == Section.SERVICE else SECTIONS[section], rows)
        for (section, position), rows in sections.items()
    ]


def _rows(draft: Draft, question: Question, names: dict[str, dict[str, str]]) -> list[Row]:
    stored = draft.answers[question.slug]
    form = question.form(
        formdata=None, data=stored_into(question.form, stored), meta={"csrf": False}
    )
    href = url_for("drafts.question", draft_id=draft.id, slug=question.slug, then="check")
    need = names["needs"].get(question.need or "", "")
    single = len(form.questions) == 1
    rows = []
    for field in form:
        if isinstance(field, CheckboxField) or field.data in (None, "", []):
            continue
        key = str(getattr(field, "called", None) or field.label.text)
        # Beside “Yes” only the whole question can be understood; a title is enough for a fact.
        is_fact = not isinstance(field, RadioField)
        if single and is_fact and field.name == form.questions[0].name:
            key = str(question.label)
        chosen = {field.data: stored[f"{field.name}_name"]} if field.name in form.worded else {}
        rows.append(
            {
                "key": _("%(what)s: %(need)s", what=question.label, need=need) if need else key,
                "value": in_words(field, chosen or names.get(field.name, {})),
                "href": href,
            }
        )
    return rows or [{"key": str(question.label), "value": _("Nothing given"), "href": href}]


def in_words(field: Any, names: dict[str, str]) -> str:
    if isinstance(field, DateField):
        return shown_date(field.data)
    if isinstance(field, RadioField | SelectField | SelectMultipleField):
        labels = {str(each.value): str(each.label) for each in field.choices or []}
        values = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(labels.get(value) or names.get(value) or value) for value in values)
    return str(field.data)
