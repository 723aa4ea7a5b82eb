"""An application's answers: taken over from an earlier one, put, shared between drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace import clock, files
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.files import File
from marketplace.qualification.models import Application, ApplicationAnswer, ApplicationState
from marketplace.qualification.outcomes import Part, questions_for
from marketplace.questions.asking import carried_forward
from marketplace.questions.models import Question
from marketplace.questions.queries import questions_of
from marketplace.questions.vocabulary import QuestionKind


def on_page(application: Application, questions: Iterable[Question]) -> dict[str, str]:
    """What the application holds for these questions, for the fingerprint of a page."""
    given = application.given
    return {str(each.id): given[each.id] for each in questions if each.id in given}


def put(
    application: Application,
    questions: Sequence[Question],
    answers: Mapping[UUID, str],
    by: Acting,
) -> list[str]:
    """Keep these answers; an empty one takes the old one away. Returns the concepts changed.

    Files are kept by `put_file`. Any change clears a trustee's sign-off: what was signed is no
    longer what stands here.
    """
    held = {each.question_id: each for each in application.answers}
    changed, now = [], clock.now()
    for question in questions:
        text = answers.get(question.id)
        old = held.get(question.id)
        if text is None or question.kind is QuestionKind.FILE:
            continue
        if text == (old.answer if old else ""):
            continue
        changed.append(question.concept)
        if not text:
            application.answers.remove(held[question.id])
            continue
        new = old or ApplicationAnswer(question_id=question.id)
        new.answer, new.source_id = text, None
        new.edited_at, new.edited_by_id = now, by.person_id
        if old is None:
            application.answers.append(new)
    if changed:
        touched(application, by)
    return changed


def put_file(application: Application, question_id: UUID, file: File | None, by: Acting) -> bool:
    """Answer a question with this file in place of the one before it; None takes it away.

    Returns whether anything changed.
    """
    now = clock.now()
    for answer in application.answers:
        if answer.question_id == question_id:
            application.answers.remove(answer)
            db.session.flush()
            if answer.file_id is not None:
                files.let_go(answer.file_id)
            break
    else:
        if file is None:
            return False
    if file is not None:
        files.attach(file)
        application.answers.append(
            ApplicationAnswer(
                question_id=question_id,
                answer=str(file.id),
                file_id=file.id,
                edited_at=now,
                edited_by_id=by.person_id,
            )
        )
    touched(application, by)
    return True


def share_file(application: Application, question_id: UUID, file: File | None, by: Acting) -> None:
    """Give a file asked for once to the organisation's other drafts of the same questions."""
    for draft in drafts_of(application.organisation_id):
        if draft.id != application.id and draft.set_id == application.set_id:
            put_file(draft, question_id, file, by)


def touched(application: Application, by: Acting) -> None:
    """Note who edited it last, and take a sign-off away."""
    application.edited_at, application.edited_by_id = clock.now(), by.person_id
    application.sign_off_asked_at = None
    application.signed_off_at = application.signed_off_by_id = None


def share(
    application: Application, questions: Sequence[Question], answers: Mapping[UUID, str], by: Acting
) -> None:
    """Give what was answered once for the organisation to its other drafts too.

    A draft made of another version of the questions takes over what still fits, by concept.
    """
    for draft in drafts_of(application.organisation_id):
        if draft.id == application.id:
            continue
        if draft.set_id == application.set_id:
            put(draft, questions, answers, by)
        else:
            theirs = questions_of(draft.set_id)
            put(draft, theirs, carried_forward(questions, answers, theirs), by)


def drafts_of(organisation_id: UUID) -> Sequence[Application]:
    """The organisation's drafts by id, the order in which they are locked inside a write."""
    drafts = select(Application).where(
        Application.organisation_id == organisation_id,
        Application.state == ApplicationState.DRAFT,
    )
    return db.session.scalars(drafts.order_by(Application.id)).all()


def prefill(
    application: Application, common: Application | None, category: Application | None
) -> None:
    """Take answers over from earlier applications, each with where it came from.

    Legal confirmations are never taken over (domain, section 5).
    """
    wanted = questions_for(application)
    for part, source in ((Part.COMMON, common), (Part.CATEGORY, category)):
        if source is None:
            continue
        before = questions_for(source)[part]
        carried = carried_forward(before, source.given, wanted[part])
        concept_of = {each.id: each.concept for each in before}
        old = {concept_of.get(each.question_id): each for each in source.answers}
        for question in wanted[part]:
            if question.id in carried:
                earlier = old[question.concept]
                application.answers.append(
                    ApplicationAnswer(
                        question_id=question.id,
                        answer=carried[question.id],
                        edited_at=earlier.edited_at,
                        edited_by_id=earlier.edited_by_id,
                        source_id=source.id,
                        file_id=earlier.file_id,
                    )
                )
