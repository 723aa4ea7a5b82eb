"""Bidders' questions and the buyer's answers; who asked stays with the national auditor.

While a question is written down nothing ties it to its asker for anybody else: the audit names
the system, only the day is kept, and who asked is encrypted with the question.
"""

from __future__ import annotations

import json
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from lots.actions import locked
from lots.competition import closing
from lots.competition.lifecycle import ANSWER, CLARIFICATION
from lots.competition.models import Clarification
from lots.competition.permissions import CompetitionPermission
from lots.competition.telling import tell_answer
from lots.vocabulary import BEFORE_OPENING, LotState
from marketplace import audit, clock, outbox
from marketplace.accounts.models import Person, PersonState
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.keyring import keyring
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check

MOST_A_DAY = 10


def asker_key(lot_id: UUID, organisation_id: UUID) -> bytes:
    """The keyed hash that finds an organisation's own questions about one lot."""
    return keyring().lookup_hash("clarification.asker", f"{lot_id}:{organisation_id}")


def ask(lot_id: UUID, question: str, by: Acting) -> None:
    """Ask the buyer something about an open lot, until its cut-off. Raises Refusal."""
    check(by, CompetitionPermission.ASK)
    lot = locked(lot_id)
    if lot.state in BEFORE_OPENING:
        raise NotYours()
    until = lot.questions_until
    if lot.state != LotState.OPEN or until is None or clock.judged_now() >= until:
        raise Refusal(
            _("Questions about this lot are no longer taken. Those asked are on its page.")
        )
    key = asker_key(lot_id, by.organisation_id)
    _check_not_too_many(key)
    clarification = Clarification(
        lot_id=lot.id,
        asked_on=clock.today(),
        asker=json.dumps({"organisation": str(by.organisation_id), "person": str(by.person_id)}),
        asker_key=key,
        asked=question,
        wording=question,
    )
    db.session.add(clarification)
    audit.record("clarification:ask", subject=clarification, by=None)


def _check_not_too_many(key: bytes) -> None:
    """Whoever floods a lot with questions would keep it open for ever."""
    today = (Clarification.asker_key == key, Clarification.asked_on == clock.today())
    asked = db.session.scalar(select(func.count()).select_from(Clarification).where(*today)) or 0
    if asked >= MOST_A_DAY:
        raise Refusal(
            ngettext(
                "Your organisation has asked %(num)s question about this lot today. "
                "Ask the next one tomorrow.",
                "Your organisation has asked %(num)s questions about this lot today. "
                "Ask the next one tomorrow.",
                asked,
            )
        )


def _locked_question(clarification_id: UUID, by: Acting) -> Clarification:
    """The question under its lot's lock and its own."""
    lot_id = db.session.scalar(
        select(Clarification.lot_id).where(Clarification.id == clarification_id)
    )
    if lot_id is None:
        raise NotYours()
    locked(lot_id)
    clarification = db.session.get_one(Clarification, clarification_id, with_for_update=True)
    check(by, CompetitionPermission.ANSWER, clarification)
    CLARIFICATION.expect(ANSWER, clarification)
    return clarification


def edition(clarification: Clarification) -> str:
    """Changes with every save of the answer."""
    written = json.dumps([clarification.wording, clarification.answer])
    return sha256(written.encode()).hexdigest()[:16]


class WrittenMeanwhile(Refusal):
    """A colleague saved another answer since the page was opened; `theirs` is what stands now."""

    def __init__(self, theirs: Clarification):
        super().__init__(_("Somebody else has saved an answer while you were writing yours."))
        self.wording, self.answer = theirs.wording, theirs.answer
        self.edition = edition(theirs)


def save_answer(clarification_id: UUID, wording: str, answer: str, seen: str, by: Acting) -> None:
    """Keep an answer that is being written; `seen` is the edition that the page was opened with.

    Raises WrittenMeanwhile, and AlreadyChanged where it is published.
    """
    clarification = _locked_question(clarification_id, by)
    if edition(clarification) != seen:
        raise WrittenMeanwhile(clarification)
    written = {"wording": wording, "answer": answer}
    changed = [name for name, text in written.items() if getattr(clarification, name) != text]
    for name in changed:
        setattr(clarification, name, written[name])
    if changed:
        audit.record("clarification:write", subject=clarification, by=by, fields=changed)


def publish_answer(clarification_id: UUID, by: Acting) -> None:
    """Publish question and answer to everybody; closing moves where too little time is left.

    Raises Refusal without an answer, and where the competition has ended.
    """
    clarification = _locked_question(clarification_id, by)
    lot = clarification.lot
    now = closing.still_open(lot)
    last = select(func.max(Clarification.number)).where(Clarification.lot_id == lot.id)
    number = (db.session.scalar(last) or 0) + 1
    facts = {"answered_at": now, "answered_by_id": by.person_id, "number": number}
    CLARIFICATION.take(ANSWER, clarification, by, facts=facts)
    closing.leave_time(lot, now)
    tell_answer(clarification)
    _tell_asker(clarification)


def _tell_asker(clarification: Clarification) -> None:
    """In the same words as everybody who bids; the address is encrypted and removed on sending."""
    person = db.session.get(Person, UUID(asker_of(clarification)["person"]))
    if person is not None and person.state == PersonState.ACTIVE:
        outbox.post(
            "lots/competition/mail/answered.txt",
            to=person.email,
            subject_id=clarification.lot_id,
            facts={"lot_id": str(clarification.lot_id), "title": clarification.lot.title},
        )


def asker_of(clarification: Clarification) -> dict[str, str]:
    """The ids of the organisation and the person who asked; whoever reads it is recorded."""
    return json.loads(clarification.asker)
