"""The lessons of a contract as sentences and bars, for its page and for the next lot's."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from lots.contracts.changes.models import CHANGE_KINDS
from lots.contracts.delivery.vocabulary import DIRECTIONS, INDICATORS
from lots.contracts.renewal.queries import Lessons
from lots.pipeline.anonymous import Figures
from lots.pipeline.vocabulary import CHOICES, OBSTACLES, Subject


def shown_lessons(lessons: Lessons) -> Markup:
    """Everything the buyer's people learn from it; the figures are theirs, not cut."""
    return Markup(
        render_template(
            "lots/contracts/renewal/_lessons.html",
            lessons=lessons,
            indicators=INDICATORS,
            directions=DIRECTIONS,
            kinds=CHANGE_KINDS,
            viability=_rows(lessons.viability, Subject.VIABILITY),
            why_not=_rows(lessons.why_not, Subject.WHY_NOT),
        )
    )


def _rows(figures: Figures | None, subject: Subject) -> list[tuple[str, int]]:
    if figures is None:
        return []
    chosen = [(str(CHOICES[subject][each]), count) for each, count in figures.choices.items()]
    named = [(str(OBSTACLES[each]), count) for each, count in figures.obstacles.items()]
    return [row for row in [*chosen, *named] if row[1]]
