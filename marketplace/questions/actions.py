"""Load the question sets that the product comes with."""

from __future__ import annotations

import csv
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from marketplace import clock
from marketplace.database import db
from marketplace.questions.models import Question, QuestionKind, QuestionSet, SetState

DATA = Path(__file__).parent / "data" / "questions.csv"


def load_question_sets() -> None:
    """Add the versions that are missing; what stands already is never changed."""
    known = {
        tuple(row) for row in db.session.execute(select(QuestionSet.purpose, QuestionSet.version))
    }
    with DATA.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for (purpose, version, since), members in groupby(rows, key=_version_of):
        if (purpose, version) not in known:
            questions = [_question(number, row) for number, row in enumerate(members, start=1)]
            db.session.add(
                QuestionSet(
                    purpose=purpose,
                    version=version,
                    state=SetState.PUBLISHED,
                    valid_from=since,
                    created_at=clock.now(),
                    published_at=clock.now(),
                    questions=questions,
                )
            )
    db.session.flush()


def _version_of(row: dict[str, str]) -> tuple[str, int, date]:
    return row["purpose"], int(row["version"]), date.fromisoformat(row["valid_from"])


def _question(position: int, row: dict[str, str]) -> Question:
    return Question(
        position=position,
        concept=row["concept"],
        kind=QuestionKind(row["kind"]),
        text=row["text"],
        text_cy=row["text_cy"],
        why=row["why"],
        why_cy=row["why_cy"],
        most_words=int(row["most_words"]) if row["most_words"] else None,
        legal=row["legal"] == "yes",
    )
