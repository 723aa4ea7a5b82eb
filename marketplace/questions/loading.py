"""Load the question sets that the product comes with."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import select

from marketplace import clock
from marketplace.database import db
from marketplace.effective import rows_of
from marketplace.questions.models import Question, QuestionKind, QuestionSet, SetState

DATA = Path(__file__).parent / "data" / "questions.csv"
JUDGED, ANY = "judged", "any"


def load_question_sets() -> None:
    """Add the versions that are missing; what stands already is never changed."""
    known = {
        tuple(row) for row in db.session.execute(select(QuestionSet.purpose, QuestionSet.version))
    }
    for (purpose, version), members in groupby(rows_of(DATA), key=_version_of):
        if (purpose, version) not in known:
            rows = list(members)
            db.session.add(
                QuestionSet(
                    purpose=purpose,
                    version=version,
                    title=rows[0]["title"],
                    title_cy=rows[0]["title_cy"],
                    state=SetState.PUBLISHED,
                    valid_from=date.fromisoformat(rows[0]["valid_from"]),
                    created_at=clock.now(),
                    published_at=clock.now(),
                    questions=[_question(number, row) for number, row in enumerate(rows, start=1)],
                )
            )
    db.session.flush()


def _version_of(row: dict[str, str]) -> tuple[str, int]:
    return row["purpose"], int(row["version"])


def _question(position: int, row: dict[str, str]) -> Question:
    source, _equals, values = row["only_if"].partition("=")
    as_written = ("concept", "text", "text_cy", "guidance", "guidance_cy", "why", "why_cy")
    return Question(
        position=position,
        kind=QuestionKind(row["kind"]),
        risk=row["risk"],
        risk_cy=row["risk_cy"],
        readers=_listed(row["readers"]),
        most_words=int(row["most_words"]) if row["most_words"] else None,
        options=_options(row),
        passes=_passes(row["passes"]),
        needed=row["needed"] == "yes",
        legal=row["legal"] == "yes",
        only_if_concept=source or None,
        only_if_values=_listed(values),
        **{name: row[name] for name in as_written},
    )


def _passes(cell: str) -> list[str] | None:
    if cell == JUDGED:
        return None
    return [] if cell == ANY else _listed(cell)


def _options(row: dict[str, str]) -> list[dict[str, str]]:
    pairs = [each.split("=", 1) for each in _listed(row["options"])]
    welsh: list[Any] = _listed(row["options_cy"])
    return [
        {"value": value, "label": label, "label_cy": label_cy}
        for (value, label), label_cy in zip(pairs, welsh, strict=True)
    ]


def _listed(cell: str) -> list[str]:
    return cell.split("|") if cell else []
