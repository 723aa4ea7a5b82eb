"""The pages and files of the public register."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from marketplace.areas.queries import area_choices, area_names, region_choices
from marketplace.categories.queries import categories, category_names
from marketplace.organisations.models import LEGAL_FORMS
from marketplace.permissions import public
from marketplace.qualification import public_register
from marketplace.qualification.public_register import Asked, Entry
from marketplace.questions.answers import readable
from marketplace.web.kept import kept
from marketplace.web.tables import csv_file

REGISTER_LABEL = _l("Register")
COLUMNS = (
    "name",
    "legal_form",
    "register_numbers",
    "based_in",
    "areas",
    "voluntary",
    "categories",
    "website",
    "page",
)
LONGEST_ASKED = 200

blueprint = Blueprint("register", __name__)


def asked() -> Asked:
    """What this request asks of the register."""
    given = {
        name: request.args.get(name, "").strip()[:LONGEST_ASKED].replace("\0", "")
        for name in ("category", "area", "region", "name")
    }
    return Asked(**given)


@blueprint.get("/qualified")
@public
def index() -> str:
    """Qualified organisations, by category, area, region and name."""
    wanted = asked()
    page, entries = public_register.page_of(wanted)
    return render_template(
        "marketplace/qualification/register.html",
        page=page,
        entries=entries,
        asked=wanted,
        categories=[(each.code, each.label) for each in categories()],
        areas=area_choices(),
        area_names=area_names(),
        regions=region_choices(),
    )


@blueprint.get("/qualified/<uuid:organisation_id>")
@public
def show(organisation_id: UUID) -> str:
    """One organisation: what everybody may know of it."""
    entry = public_register.entry(organisation_id)
    words = public_register.published_words(entry.held)
    return render_template(
        "marketplace/qualification/register_entry.html",
        organisation=entry.organisation,
        held=entry.held,
        words={
            code: [(question.asked, readable(question, text)) for question, text in pairs]
            for code, pairs in words.items()
        },
        legal_forms=LEGAL_FORMS,
    )


@blueprint.get("/open-data/register.csv")
@blueprint.get("/qualified.csv", alias=True)
@public
def as_csv() -> Any:
    """The register, filtered as the page is, for a spreadsheet."""
    rows = [
        ["; ".join(value) if isinstance(value, list) else value for value in facts.values()]
        for facts in _facts(public_register.everything(asked()))
    ]
    return kept(csv_file("register.csv", COLUMNS, rows))


@blueprint.get("/open-data/register.json")
@blueprint.get("/qualified.json", alias=True)
@public
def as_json() -> Any:
    """The register, filtered as the page is, for programs."""
    return kept(jsonify({"organisations": _facts(public_register.everything(asked()))}))


def _facts(entries: list[Entry]) -> list[dict[str, Any]]:
    area_of, category_of = area_names(), category_names()
    return [
        dict(
            zip(
                COLUMNS,
                (
                    each.organisation.name,
                    str(LEGAL_FORMS[each.organisation.legal_form])
                    if each.organisation.legal_form
                    else "",
                    list(each.organisation.org_ids),
                    area_of.get(each.organisation.based_in or "", ""),
                    [area_of[area.area_code] for area in each.organisation.areas],
                    "yes" if each.organisation.is_voluntary else "no",
                    [category_of[held.category_code] for held in each.held],
                    each.organisation.website or "",
                    url_for("register.show", organisation_id=each.organisation.id, _external=True),
                ),
                strict=True,
            )
        )
        for each in entries
    ]
