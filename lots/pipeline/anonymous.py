"""Answers that nobody can tie to who gave them, counted only in company (decision 0015).

An answer is held, encrypted and of one length, until three about the same lot are there. Then
all three are released in one write, under new ids and in a random order. So the published
figures move by three answers at a time, and never by one that an onlooker could take for the
answer of whoever answered last.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from lots.models import Lot
from lots.pipeline.models import HeldAnswer, ReleasedAnswer
from lots.pipeline.vocabulary import CHOICES, OBSTACLES, Choice, Obstacle, Subject
from marketplace import audit
from marketplace.database import db, new_id

TOGETHER = 3
LONGEST_TEXT = 300
# Longer than any answer: a character takes six bytes at most, as JSON escapes it.
SEALED_LENGTH = 2400


@dataclass(frozen=True)
class Answer:
    """What somebody answered; reasons and text belong to the question about a plan."""

    choice: Choice
    obstacles: tuple[Obstacle, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Figures:
    """Released answers, counted. `total` is a multiple of three."""

    total: int
    choices: dict[Choice, int]
    obstacles: dict[Obstacle, int]


def give(lot: Lot, subject: Subject, answer: Answer) -> None:
    """Take an answer about a lot whose row is locked; release when three are there."""
    assert answer.choice in CHOICES[subject]
    db.session.add(HeldAnswer(lot_id=lot.id, subject=subject, sealed=_sealed(answer)))
    db.session.flush()
    held = db.session.scalars(_held(lot.id, subject)).all()
    if len(held) >= TOGETHER:
        _release(lot, subject, [_opened(each.sealed) for each in held])


def discard_held(lot_id: UUID, subject: Subject) -> None:
    """Forget the one or two answers that found no company, once no more can come."""
    db.session.execute(
        delete(HeldAnswer).where(HeldAnswer.lot_id == lot_id, HeldAnswer.subject == subject)
    )


def figures(lot_id: UUID, subject: Subject) -> Figures | None:
    """What may be published, None below three answers; one statement."""
    found = db.session.execute(
        select(ReleasedAnswer.choice, ReleasedAnswer.obstacles).where(
            ReleasedAnswer.lot_id == lot_id, ReleasedAnswer.subject == subject
        )
    ).all()
    if not found:
        return None
    choices = Counter(choice for choice, _obstacles in found)
    obstacles = Counter(each for _choice, several in found for each in several)
    return Figures(
        len(found),
        {choice: choices[choice] for choice in CHOICES[subject]},
        {each: obstacles[each] for each in OBSTACLES if obstacles[each]},
    )


def texts(lot_id: UUID, subject: Subject) -> Sequence[str]:
    """What was written with the answers, for the buyer; in the order of random ids."""
    return [
        text
        for text in db.session.scalars(
            select(ReleasedAnswer.text)
            .where(ReleasedAnswer.lot_id == lot_id, ReleasedAnswer.subject == subject)
            .order_by(ReleasedAnswer.id)
        )
        if text
    ]


def _held(lot_id: UUID, subject: Subject) -> Any:
    return select(HeldAnswer).where(HeldAnswer.lot_id == lot_id, HeldAnswer.subject == subject)


def _release(lot: Lot, subject: Subject, answers: list[Answer]) -> None:
    discard_held(lot.id, subject)
    secrets.SystemRandom().shuffle(answers)
    for answer in answers:
        db.session.add(
            ReleasedAnswer(
                id=new_id(),
                lot_id=lot.id,
                subject=subject,
                choice=answer.choice,
                obstacles=sorted(answer.obstacles),
                text=answer.text or None,
            )
        )
        db.session.flush()
    audit.record(
        "lot:answers_released",
        subject=lot,
        by=None,
        facts={"about": subject, "answers": len(answers)},
    )


def _sealed(answer: Answer) -> str:
    text = json.dumps(
        {"choice": answer.choice, "obstacles": answer.obstacles, "text": answer.text},
        ensure_ascii=False,
    )
    missing = SEALED_LENGTH - len(text.encode())
    assert missing >= 0, "an answer is longer than the form allows"
    return text + " " * missing


def _opened(sealed: str) -> Answer:
    given = json.loads(sealed)
    obstacles = tuple(Obstacle(each) for each in given["obstacles"])
    return Answer(Choice(given["choice"]), obstacles, given["text"])
