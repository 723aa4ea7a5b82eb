"""The framework team writes a version; published, it stands; nobody's words are lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.questions import actions
from marketplace.questions.comparison import ChangeKind, compare
from marketplace.questions.drafts import fingerprint_of, values_of
from marketplace.questions.lifecycle import complete
from marketplace.questions.models import QuestionSet, SetState
from marketplace.questions.queries import (
    category_purpose,
    one_set,
    set_for_category,
    set_in_force,
    version_before,
)
from marketplace.questions.unlawful import unlawful
from marketplace.questions.vocabulary import CATEGORY, QUALIFICATION, QuestionKind
from tests.marketplace.questions.examples import NEW, begin


def publish(draft, by, day=None) -> QuestionSet:
    with write():
        actions.publish_set(draft.id, day or clock.today(), fingerprint_of(draft), by)
    return one_set(draft.id)


def test_a_draft_is_a_copy_and_changes_nothing_until_it_is_published(app, by):
    in_force = set_in_force(QUALIFICATION, clock.today())
    draft = begin(by)
    assert [values_of(each) for each in draft.questions] == [
        values_of(each) for each in in_force.questions
    ]
    with write():
        actions.add_question(draft.id, NEW, by)
    assert set_in_force(QUALIFICATION, clock.today()).id == in_force.id
    draft = publish(one_set(draft.id), by, clock.today() + timedelta(days=3))
    assert set_in_force(QUALIFICATION, clock.today()).id == in_force.id
    later = set_in_force(QUALIFICATION, clock.today() + timedelta(days=3))
    assert later.id == draft.id and later.version == in_force.version + 1
    assert later.published_by_id == by.person_id


def test_a_published_version_never_changes(app, by):
    published = publish(begin(by), by)
    question = published.questions[0]
    held = values_of(question)
    seen = fingerprint(held)
    attempts = [
        lambda: actions.change_question(published.id, question.id, held | {"text": "?"}, seen, by),
        lambda: actions.add_question(published.id, NEW, by),
        lambda: actions.remove_question(published.id, question.id, seen, by),
        lambda: actions.move_question(published.id, question.id, False, by),
        lambda: actions.change_title(published.id, {"title": "x", "title_cy": "x"}, "", by),
        lambda: actions.discard_draft(published.id, fingerprint_of(published), by),
        lambda: actions.publish_set(published.id, clock.today(), fingerprint_of(published), by),
    ]
    for attempt in attempts:
        with pytest.raises((Refusal, AlreadyChanged)), write():
            attempt()
    assert fingerprint_of(one_set(published.id)) == fingerprint_of(published)


def test_one_draft_of_a_purpose_at_a_time(app, by):
    draft = begin(by)
    with pytest.raises(Refusal, match="already"), write():
        actions.start_draft(QUALIFICATION, by)
    second = QuestionSet(
        purpose=QUALIFICATION, version=99, state=SetState.DRAFT, created_at=clock.now()
    )
    with pytest.raises(IntegrityError), write():
        db.session.add(second)
    with write():
        actions.discard_draft(draft.id, fingerprint_of(draft), by)
    assert begin(by).version == draft.version


def test_the_database_wants_a_day_and_a_moment_of_what_is_published(app, by):
    draft = begin(by)
    with pytest.raises(IntegrityError), write():
        db.session.execute(
            update(QuestionSet).where(QuestionSet.id == draft.id).values(state=SetState.PUBLISHED)
        )


def test_a_version_is_not_in_force_before_the_one_before_it(app, by):
    soon = clock.today() + timedelta(days=30)
    publish(begin(by), by, soon)
    draft = begin(by)
    for day, reason in ((clock.today(), "version"), (clock.today() - timedelta(1), "today")):
        with pytest.raises(Refusal, match=reason), write():
            actions.publish_set(draft.id, day, fingerprint_of(draft), by)
    assert publish(draft, by, soon).state is SetState.PUBLISHED


def test_a_category_may_have_questions_of_its_own(app, by):
    own = publish(begin(by, category_purpose("women")), by)
    assert (own.title, own.version) == ("Women", 1)
    assert set_for_category("women", clock.today()).id == own.id
    assert set_for_category("accommodation", clock.today()).purpose == CATEGORY


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text_cy": ""}, "Welsh"),
        ({"risk": "", "risk_cy": ""}, "risk"),
        ({"readers": []}, "who reads"),
        ({"only_if_concept": "vetting", "only_if_values": ["vanished"]}, "no earlier question"),
        ({"only_if_concept": "unheard-of", "only_if_values": ["done"]}, "no earlier question"),
        ({"kind": QuestionKind.CHOICE, "options": [], "passes": []}, "two options"),
    ],
)
def test_what_is_not_whole_is_not_published(app, by, change, reason):
    draft = begin(by)
    with write():
        actions.add_question(draft.id, NEW | change, by)
    draft = one_set(draft.id)
    assert reason in complete(draft)
    with pytest.raises(Refusal, match=reason), write():
        actions.publish_set(draft.id, clock.today(), fingerprint_of(draft), by)


def test_a_condition_whose_question_was_moved_behind_it_is_found(app, by):
    draft = begin(by)
    source = next(each for each in draft.questions if each.concept == "exclusion")
    with write():
        actions.move_question(draft.id, source.id, False, by)
    assert "no earlier question" in complete(one_set(draft.id))
    with write():
        actions.move_question(draft.id, source.id, True, by)
    assert complete(one_set(draft.id)) is None


def test_of_two_editors_neither_loses_words(app, by):
    draft = begin(by)
    question = draft.questions[0]
    held = values_of(question)
    with write():
        actions.change_question(
            draft.id, question.id, held | {"text": "Hers"}, fingerprint(held), by
        )
    with pytest.raises(Overtaken), write():
        actions.change_question(
            draft.id, question.id, held | {"text": "His"}, fingerprint(held), by
        )
    with pytest.raises(Refusal, match="Read it again"), write():
        actions.remove_question(draft.id, question.id, fingerprint(held), by)
    with pytest.raises(Refusal, match="Read it again"), write():
        actions.discard_draft(draft.id, fingerprint_of(draft), by)
    with pytest.raises(Refusal, match="Read it again"), write():
        actions.publish_set(draft.id, clock.today(), fingerprint_of(draft), by)
    assert one_set(draft.id).questions[0].text == "Hers"


def test_the_comparison_names_what_changed(app, by):
    draft = begin(by)
    first, second = draft.questions[0], draft.questions[1]
    held = values_of(second)
    with write():
        actions.add_question(draft.id, NEW, by)
        actions.change_question(
            draft.id, second.id, held | {"needed": False}, fingerprint(held), by
        )
        actions.remove_question(draft.id, first.id, fingerprint(values_of(first)), by)
    after = one_set(draft.id)
    changes = compare(version_before(after).questions, after.questions)
    assert [(each.kind, each.question.concept) for each in changes] == [
        (ChangeKind.CHANGED, second.concept),
        (ChangeKind.ADDED, "volunteers"),
        (ChangeKind.REMOVED, first.concept),
    ]
    assert [(str(label), old, new) for label, old, new in changes[0].fields] == [
        ("Must be answered", "Yes", "No")
    ]
    assert compare(after.questions, after.questions) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Upload your public liability insurance certificate", ["insurance"]),
        ("Send your last two years’ audited accounts", ["audited-accounts"]),
        ("List your previous contracts", ["named-authority"]),
        ("Have you held a contract with the Ministry of Justice?", ["named-authority"]),
        ("A oes gennych yswiriant?", ["insurance"]),
        ("What will this contract leave behind locally?", []),
        ("What have you done, for anybody, paid or not?", []),
        ("How do you assure quality?", []),
    ],
)
def test_what_may_not_be_asked_is_noticed_with_its_law(app, text, found):
    rules = unlawful([text])
    assert [each.code for each in rules] == found
    assert all("Procurement Act 2023" in each.source for each in rules)


def test_nothing_the_product_came_with_asks_what_may_not_be_asked(app):
    from marketplace.questions.shown import texts_of

    for published in db.session.scalars(select(QuestionSet)):
        for question in published.questions:
            assert not unlawful(texts_of(question)), question.text
