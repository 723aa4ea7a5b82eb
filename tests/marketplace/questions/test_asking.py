"""Conditions, pass rules and the schema: one definition, one meaning."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from werkzeug.datastructures import MultiDict

from marketplace.clock import today
from marketplace.questions.answers import kept, problem, read, readable
from marketplace.questions.asking import (
    answers_form,
    answers_in,
    asked,
    carried_forward,
    field_name,
    saved_answers,
)
from marketplace.questions.passing import outcome
from marketplace.questions.queries import set_for_category, set_in_force
from marketplace.questions.schema import answers_schema
from marketplace.questions.summary import required_answers, rows, words_to_write
from marketplace.questions.vocabulary import CATEGORY, LOT, QUALIFICATION, QuestionKind
from tests.marketplace.questions.examples import (
    documents,
    kept_text,
    question,
    sets_of_questions,
)
from tests.support.questions import passing_answers

MODES = question(
    "mode",
    options=[
        {"value": "now", "label": "Now", "label_cy": "Nawr"},
        {"value": "plan", "label": "Later", "label_cy": "Wedyn"},
    ],
    passes=["now", "plan"],
)
PLAN = question("plan", QuestionKind.WORDS, only_if_concept="mode", only_if_values=["plan"])


# Too long for words, and nothing of any other kind.
NO_ANSWER = "! " * 9


@pytest.fixture
def shared(shared_app):
    with shared_app.test_request_context():
        yield shared_app


def texts(questions, document) -> dict:
    """The document as kept answers; what has no text at all stands as a malformed one."""
    found = {}
    for each in questions:
        if each.concept in document:
            text = kept_text(each, document[each.concept])
            found[each.id] = NO_ANSWER if text is None else text
    return found


@given(st.data())
def test_answers_to_questions_that_are_not_asked_never_matter(shared, data):
    questions = data.draw(sets_of_questions())
    answers = texts(questions, data.draw(documents(questions)))
    shown = asked(questions, answers)
    silent = {each.id for each in questions} - {each.id for each in shown}
    without = {key: text for key, text in answers.items() if key not in silent}
    other = texts(questions, data.draw(documents(questions)))
    replaced = without | {key: text for key, text in other.items() if key in silent}
    for same in (without, replaced):
        assert asked(questions, same) == shown
        assert outcome(questions, same) == outcome(questions, answers)
        assert rows(questions, same) == rows(questions, answers)


@given(st.data())
def test_a_question_is_asked_only_where_its_whole_chain_of_conditions_holds(shared, data):
    questions = data.draw(sets_of_questions())
    answers = texts(questions, data.draw(documents(questions)))
    shown = {each.concept for each in asked(questions, answers)}
    by_concept = {each.concept: each for each in questions}
    for each in questions:
        if each.only_if_concept is None:
            assert each.concept in shown
        elif each.concept in shown:
            source = by_concept[each.only_if_concept]
            assert source.concept in shown
            value = read(source, answers[source.id])
            chosen = {"yes"} if value is True else {value} if isinstance(value, str) else set(value)
            assert chosen & set(each.only_if_values)


@given(st.data())
def test_the_schema_accepts_what_the_product_accepts(shared, data):
    questions = data.draw(sets_of_questions())
    document = data.draw(documents(questions))
    answers = texts(questions, document)
    schema = answers_schema(questions)
    Draft202012Validator.check_schema(schema)
    accepts = Draft202012Validator(
        schema, format_checker=Draft202012Validator.FORMAT_CHECKER
    ).is_valid(document)
    assert accepts is outcome(questions, answers).complete


@given(st.data())
def test_what_is_kept_is_read_back_and_shown_again_in_the_form(shared, data):
    questions = data.draw(sets_of_questions())
    document = data.draw(documents(questions))
    answers = texts(questions, document)
    well = {each.id: answers.get(each.id, "") for each in questions}
    well = {each.id: "" if problem(each, well[each.id]) else well[each.id] for each in questions}
    form = answers_form(questions)(formdata=None, data=saved_answers(questions, well))
    again = answers_in(form, questions)
    for each in questions:
        if each.kind is QuestionKind.CHOICES and well[each.id]:
            assert set(json.loads(again[each.id])) == set(json.loads(well[each.id]))
        elif each.kind is not QuestionKind.FILE:
            assert again[each.id] == well[each.id]


def test_a_chain_ends_where_one_link_does_not_hold(shared):
    first = question("first")
    second = question("second", only_if_concept="first", only_if_values=["a"])
    third = question("third", only_if_concept="second", only_if_values=["b"])
    chain = [first, second, third]
    answers = {first.id: "a", second.id: "b"}
    assert asked(chain, answers) == chain
    assert asked(chain, answers | {first.id: "c"}) == [first]


def test_the_result_says_what_is_missing_and_who_decides(shared):
    plan = [MODES, PLAN]
    assert outcome(plan, {}).sentence() == "You meet 0 of 1. Missing: What of mode? (not answered)."
    assert outcome(plan, {MODES.id: "now"}).automatic
    half = outcome(plan, {MODES.id: "plan"})
    assert not half.complete and "What of plan?" in half.sentence()
    whole = outcome(plan, {MODES.id: "plan", PLAN.id: "We start in May."})
    assert whole.complete and not whole.automatic and whole.judged == (PLAN,)
    assert "A person reads 1 further answer" in whole.sentence()


@pytest.mark.parametrize(
    ("asked_for", "answer", "reason"),
    [
        (question("q", passes=["a", "b"]), "a", None),
        (question("q", passes=["a", "b"]), "c", "“C” does not meet it"),
        (question("q", passes=[]), "c", None),
        (question("q", QuestionKind.CHOICES, passes=["a", "b"]), '["a", "b", "c"]', None),
        (question("q", QuestionKind.CHOICES, passes=["a", "b"]), '["a"]', "not selected: B"),
        (question("q", QuestionKind.NUMBER, passes=["3"]), "3", None),
        (question("q", QuestionKind.NUMBER, passes=["3"]), "2", "at least 3"),
        (question("q", QuestionKind.CONFIRM, passes=["yes"]), "yes", None),
        (question("q", QuestionKind.CONFIRM, passes=["yes"]), "", "not confirmed"),
        (question("q", QuestionKind.WORDS, passes=[]), "Any words.", None),
    ],
)
def test_pass_rules(shared, asked_for, answer, reason):
    found = outcome([asked_for], {asked_for.id: answer})
    assert [lack.reason for lack in found.missing] == ([reason] if reason else [])
    assert found.automatic is (reason is None)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (QuestionKind.WORDS, "one two three four five six"),
        (QuestionKind.WORDS, "x" * 2_000_000),
        (QuestionKind.CHOICE, "<script>alert(1)</script>"),
        (QuestionKind.CHOICES, '["a", "a"]'),
        (QuestionKind.CHOICES, '[["a"]]'),
        (QuestionKind.CHOICES, "[" * 100_000),
        (QuestionKind.CHOICES, "=1+1"),
        (QuestionKind.NUMBER, "٣"),
        (QuestionKind.NUMBER, "-1"),
        (QuestionKind.NUMBER, "9" * 400),
        (QuestionKind.DATE, "20260716"),
        (QuestionKind.DATE, "2026-02-30"),
        (QuestionKind.CONFIRM, "no"),
        (QuestionKind.FILE, "../../etc/passwd"),
    ],
)
def test_what_is_no_answer_is_called_so_and_never_passes(shared, kind, text):
    each = question("q", kind, passes=[])
    assert problem(each, text)
    assert not outcome([each], {each.id: text}).complete
    assert readable(each, text) == text


def sent(questions, **typed: Any):
    """The form of these questions as filled in."""
    given = {field_name(each): typed[each.concept] for each in questions if each.concept in typed}
    return answers_form(questions)(MultiDict(given), meta={"csrf": False})


def test_a_form_keeps_an_answer_that_is_too_long_and_says_what_to_do(shared):
    only = question("plan", QuestionKind.WORDS)
    form = sent([only], plan="one two three four five six")
    assert not form.validate()
    assert "Take out 1 word" in str(form.errors)
    assert form[field_name(only)].data == "one two three four five six"


def test_a_paste_of_two_megabytes_is_refused_at_once(shared):
    only = question("plan", QuestionKind.WORDS)
    form = sent([only], plan="gair " * 400_000)
    assert not form.validate()
    assert "words or fewer. Take out" in str(form.errors)


def test_what_is_wrong_in_a_question_that_is_not_asked_stops_nobody(shared):
    too_long = "one two three four five six"
    form = sent([MODES, PLAN], mode="now", plan=too_long)
    assert form.validate()
    assert answers_in(form, [MODES, PLAN]) == {MODES.id: "now", PLAN.id: ""}
    assert not sent([MODES, PLAN], mode="plan", plan=too_long).validate()


def test_the_form_says_on_what_condition_a_question_is_asked(shared):
    described = answers_form([MODES, PLAN])(formdata=None)[field_name(PLAN)].description
    assert described.startswith("Only if you answered “Later” to “What of mode?”.")
    assert "Because." in described


def test_answers_are_carried_to_a_later_version_by_concept_but_legal_ones_never(shared):
    old = [question("mode"), question("gone"), question("oath", QuestionKind.CONFIRM, legal=True)]
    new = [
        question("mode", id=old[1].id, text="Asked anew?"),
        question("oath", QuestionKind.CONFIRM, legal=True, id=old[0].id),
    ]
    answers = {old[0].id: "a", old[1].id: "b", old[2].id: "yes"}
    assert carried_forward(old, answers, new) == {new[0].id: "a"}
    fewer = question("mode", options=[{"value": "z", "label": "Z", "label_cy": "Z"}])
    assert carried_forward(old, answers, [fewer]) == {}


def test_several_options_are_kept_in_the_order_in_which_they_are_offered(shared):
    several = question("q", QuestionKind.CHOICES)
    assert kept(several, ["c", "a"]) == '["a", "c"]'
    assert readable(several, '["a", "c"]') == "A; C"


def test_an_organisation_qualifies_in_one_category_with_few_words_and_no_waiting(app):
    common = set_in_force(QUALIFICATION, today()).questions
    category = set_for_category("women", today()).questions
    assert set_for_category("women", today()).purpose == CATEGORY
    answers = passing_answers([*common, *category])
    found = outcome(common, answers) + outcome(category, answers)
    assert found.automatic, found.sentence()
    # The profile asks for the rest of the twelve answers and six hundred words.
    assert required_answers(common, answers) <= 5
    assert required_answers(category, answers) <= 3
    assert words_to_write([*common, *category], answers) <= 100
    assert sum(each.legal for each in asked([*common, *category], answers)) == 1


def test_a_new_organisation_without_a_record_is_not_turned_away(app):
    category = set_for_category("women", today()).questions
    plan = next(each for each in category if each.concept == "field-plan")
    practice = next(each for each in category if each.concept == "field-practice")
    answers = passing_answers(category) | {practice.id: "plan", plan.id: "Two of us, from May."}
    found = outcome(category, answers)
    assert found.complete and not found.missing and found.judged == (plan,)


def test_the_bank_for_lots_gives_each_question_its_risk_reader_and_reason(app):
    bank = set_in_force(LOT, today()).questions
    assert len(bank) >= 12
    for each in bank:
        assert each.kind is QuestionKind.WORDS
        assert each.why and each.risk and each.readers and each.text_cy and each.guidance_cy
