"""The published question sets for everybody, as a page and for machines."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.permissions import public
from marketplace.questions import queries
from marketplace.questions.models import QuestionSet
from marketplace.questions.schema import schema_of

blueprint = Blueprint("question_data", __name__, url_prefix="/open-data")


@blueprint.get("/questions")
@public
def index() -> str:
    """The published versions."""
    return render_template(
        "marketplace/questions/published.html",
        page=queries.published_sets(),
        in_force=queries.in_force_today(),
        purpose_label=queries.purpose_label,
    )


@blueprint.get("/questions.json")
@public
def index_json() -> Response:
    """The published versions for machines, a page at a time."""
    page = queries.published_sets()
    more = page.number < page.pages
    following = url_for("question_data.index_json", page=page.number + 1, _external=True)
    return jsonify(
        {
            "sets": [_entry(each) for each in page.items],
            "total": page.total,
            "next": following if more else None,
        }
    )


@blueprint.get("/questions/<purpose>/<int(max=2147483647):version>.json")
@public
def schema(purpose: str, version: int) -> Response:
    """One published version as a JSON Schema of the answers to it."""
    found = queries.published_set(purpose, version)
    answer = jsonify(schema_of(found, _address(found)))
    answer.mimetype = "application/schema+json"
    return answer


def _entry(each: QuestionSet) -> dict[str, Any]:
    return {
        "purpose": each.purpose,
        "version": each.version,
        "title": each.title,
        "title_cy": each.title_cy,
        "valid_from": each.valid_from.isoformat() if each.valid_from else None,
        "schema": _address(each),
    }


def _address(each: QuestionSet) -> str:
    return url_for(
        "question_data.schema", purpose=each.purpose, version=each.version, _external=True
    )
