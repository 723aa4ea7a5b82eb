"""A draft's answers in words, for checking; and stored answers as a form takes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from wtforms.fields import SelectMultipleField

from marketplace import clock
from marketplace.areas.queries import area_names, delivery_units_on
from marketplace.web.fields import CheckboxField, DateField, RadioField, SelectField
from marketplace.web.filters import shown_date
from referrals.drafts.base import QuestionForm
from referrals.drafts.queries import Draft
from referrals.drafts.questions import SECTIONS, Question

Row = dict[str, Any]


def stored_into(form: type[QuestionForm], stored: dict[str, Any]) -> dict[str, Any]:
    """Stored answers with their dates as dates again."""
    return {
        name: date.fromisoformat(value) if value and _is_date(form, name) else value
        for name, value in stored.items()
    }


def _is_date(form: type[QuestionForm], name: str) -> bool:
    field = getattr(form, name, None)
    return getattr(field, "field_class", None) is DateField


def summary(
    draft: Draft, needs: dict[str, str], outcomes: dict[str, str]
) -> list[tuple[Any, list[Row]]]:
    """The sections of the check page, each with the rows of a summary list."""
    units = {unit.code: unit.label for unit in delivery_units_on(clock.today())}
    names = {"area": area_names(), "delivery_unit": units}
    names |= {"needs": needs, "outcomes": outcomes}
    found: dict[Any, list[Row]] = {section: [] for section in SECTIONS}
    for each in draft.questions:
        found[each.section] += _rows(draft, each, names)
    return [(SECTIONS[section], rows) for section, rows in found.items() if rows]


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
        if single and field.name == form.questions[0].name:
            key = str(question.label)
        rows.append(
            {
                "key": _("%(what)s: %(need)s", what=question.label, need=need) if need else key,
                "value": _in_words(field, names.get(field.name, {})),
                "href": href,
            }
        )
    return rows or [{"key": str(question.label), "value": "", "href": href}]


def _in_words(field: Any, names: dict[str, str]) -> str:
    if isinstance(field, DateField):
        return shown_date(field.data)
    if isinstance(field, SelectMultipleField):
        return ", ".join(names.get(value, value) for value in field.data)
    if isinstance(field, RadioField | SelectField):
        labels = {str(each.value): str(each.label) for each in field.choices or []}
        return names.get(field.data) or labels.get(field.data) or field.data
    return str(field.data)
